import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ContactPerson, Person
from courses.catalogue.models import Course
from courses.enrolling.models import Enrollment
from courses.importing.records.rules.packages import FILES
from tests.factories import ContactPersonFactory

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
    for name in ("courses", "modules", "people"):
        (tmp_path / f"{name}.csv").write_text("")

    with pytest.raises(CommandError, match="3 faults are shown. courses.csv: the file is empty"):
        call_command("import_records", str(tmp_path), language="en", stdout=io.StringIO(), stderr=err)

    assert err.getvalue().splitlines() == [
        "modules.csv: the file is empty; its first row names the columns.",
        "people.csv: the file is empty; its first row names the columns.",
    ]


def test_a_package_of_courses_and_modules_alone_is_taken_in(tmp_path):
    for name in ("courses", "modules"):
        (tmp_path / f"{name}.csv").write_bytes((SMALL / f"{name}.csv").read_bytes())

    assert run("import_records", tmp_path)[0].splitlines()[0] == "courses: 1 new, 0 there already"
    assert Course.objects.get().modules.exists()


def test_each_file_may_come_on_its_own_once_the_site_holds_what_its_rows_name(tmp_path):
    """In the order of the package, one file a time: as good as all at once."""
    names = [file.name for file in FILES if (SMALL / f"{file.name}.csv").exists()]
    for name in names:
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.csv").write_bytes((SMALL / f"{name}.csv").read_bytes())
        run("import_records", folder)

    assert all(": 0 new, " in line for line in run("import_records", SMALL)[0].splitlines())


def test_a_row_that_names_what_is_nowhere_is_refused_as_ever(tmp_path):
    (tmp_path / "modules.csv").write_bytes((SMALL / "modules.csv").read_bytes())

    with pytest.raises(CommandError, match="modules.csv, line 2, column course"):
        run("import_records", tmp_path)


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


def test_export_says_what_it_leaves_behind_and_why(tmp_path):
    run("import_records", SMALL)
    without = run("export_records", tmp_path / "out")[0]
    ContactPersonFactory.create()

    with_one = run("export_records", tmp_path / "out")[0]

    assert ContactPerson.objects.count() == 1
    assert "Left behind (docs/records.md):\n" in without
    assert "Contact people" not in without
    assert "  Contact people: each stands on a consent; ask again.\n" in with_one
    assert "  Codes of applications: " in with_one
