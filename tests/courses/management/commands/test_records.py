import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from courses.enrolling.models import Enrollment

pytestmark = pytest.mark.django_db

SMALL = Path(__file__).parents[3] / "data" / "records"


def run(name, *arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *map(str, arguments), "--language", "en", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_import_says_what_is_new_and_the_second_what_was_there():
    assert run("import_records", SMALL)[0].splitlines()[0] == "courses: 1 new, 0 there already"
    assert run("import_records", SMALL)[0].splitlines()[-1] == "completions: 0 new, 4 there already"
    assert Enrollment.objects.count() == 8


def test_import_of_a_faulty_package_names_the_first_fault_and_writes_nothing(tmp_path):
    for source in SMALL.glob("*.csv"):
        (tmp_path / source.name).write_text(source.read_text(encoding="utf-8").replace("1948", "48"), encoding="utf-8")

    with pytest.raises(CommandError) as error:
        run("import_records", tmp_path)

    assert str(error.value) == (
        "Nothing was imported. people.csv, line 2, column birth_year: “48” is no whole number between 1900 and 2200."
    )
    assert Person.objects.count() == 0


def test_import_shows_further_faults(tmp_path):
    err = io.StringIO()

    with pytest.raises(CommandError, match="6 faults are shown. courses.csv: the file is missing."):
        (tmp_path / "people.csv").write_text("")
        call_command("import_records", str(tmp_path), language="en", stdout=io.StringIO(), stderr=err)

    assert err.getvalue().splitlines() == [
        "modules.csv: the file is missing.",
        "people.csv: the file is empty; its first row names the columns.",
        "cohorts.csv: the file is missing.",
        "enrollments.csv: the file is missing.",
        "completions.csv: the file is missing.",
    ]


def test_import_of_no_folder_is_told(tmp_path):
    with pytest.raises(CommandError, match="There is no folder"):
        run("import_records", tmp_path / "none")


def test_import_warns_of_what_it_leaves_out(tmp_path):
    for source in SMALL.glob("*.csv"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    (tmp_path / "more.csv").write_text("a\n")

    assert run("import_records", tmp_path)[1] == "more.csv is no file of a records package and is left out.\n"


def test_export_says_how_many_rows_each_file_has_and_may_be_run_again(tmp_path):
    run("import_records", SMALL)

    assert run("export_records", tmp_path / "out") == run("export_records", tmp_path / "out")
    assert "people.csv: 5 rows\n" in run("export_records", tmp_path / "out")[0]


def test_export_refuses_a_folder_with_other_things(tmp_path):
    (tmp_path / "diary.txt").write_text("x")

    with pytest.raises(CommandError, match="holds other things already"):
        run("export_records", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]
