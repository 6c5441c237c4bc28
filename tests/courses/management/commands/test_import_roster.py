import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from courses.enrolling.models import Enrollment
from courses.importing.rosters.models import Roster
from courses.scheduling.models import Cohort
from tests.factories import CohortFactory

pytestmark = pytest.mark.django_db

ROSTERS = Path(__file__).parents[3] / "data" / "rosters"


@pytest.fixture
def cohorts():
    return [CohortFactory.create(code=f"AIM-2027K-0{number}") for number in (1, 2, 3)]


def run(file, *options):
    """What the command printed and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_roster", str(file), *options, "--language", "en", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def as_json(file, *options):
    return json.loads(run(file, *options, "--format", "json")[0])


def written(tmp_path, text):
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    return file


def counts():
    return Person.objects.count(), Enrollment.objects.count(), Roster.objects.count()


def test_json_has_the_expected_verdict_for_each_row(cohorts):
    expected = json.loads((ROSTERS / "messy-finnish.json").read_text())

    printed = as_json(ROSTERS / "messy-finnish.csv")

    assert [{"verdict": row["verdict"], "field": row["field"]} for row in printed["rows"]] == expected
    assert [row["row"] for row in printed["rows"]] == list(range(2, 26))
    assert [bool(row["message"]) for row in printed["rows"]] == [
        row["verdict"] not in ("ok", "blank") for row in expected
    ]
    assert {name: printed["summary"][name] for name in ("rows", "ok", "warning", "duplicate", "error", "blank")} == {
        "rows": 23,
        "ok": 7,
        "warning": 1,
        "duplicate": 1,
        "error": 14,
        "blank": 1,
    }


def test_without_apply_nothing_is_written(cohorts):
    before = counts()

    printed = as_json(ROSTERS / "swedish.xlsx")

    assert counts() == before
    assert (printed["summary"]["new"], printed["summary"]["applied"]) == (60, False)


@pytest.mark.parametrize("name", ["finnish-semicolon-cp1252.csv", "english-comma-utf8.csv", "swedish.xlsx"])
def test_apply_enrolls_everybody_and_again_nobody(cohorts, name):
    first = as_json(ROSTERS / name, "--apply")
    assert (first["summary"]["applied"], first["summary"]["created"]) == (True, 60)
    before = counts()

    out, err = run(ROSTERS / name, "--apply")

    assert counts() == before
    assert f"This file was applied already, as “{name}”." in err
    assert "Applied:" not in out


def test_apply_with_errors_is_refused_whole(cohorts):
    before = counts()

    with pytest.raises(CommandError, match=r"Nothing was applied. 14 rows are in error, the first is row 5"):
        run(ROSTERS / "messy-finnish.csv", "--apply")

    assert counts() == before


def test_apply_without_the_rows_in_error(cohorts):
    out, _err = run(ROSTERS / "messy-finnish.csv", "--apply", "--skip-errors")

    assert "Applied: 8 added, 8 with a place, 0 waiting." in out
    assert sum(Cohort.objects.values_list("seats_taken", flat=True)) == 8


def test_cohort_is_for_the_rows_that_name_none(tmp_path, cohorts):
    file = written(tmp_path, "Sukunimi;Etunimi;Ryhmä\nAho;Aino;\nMäki;Ari;AIM-2027K-02\n")

    run(file, "--cohort", "aim-2027k-01", "--apply")

    assert list(Enrollment.objects.order_by("person__last_name").values_list("cohort__code", flat=True)) == [
        "AIM-2027K-01",
        "AIM-2027K-02",
    ]


def test_text_tells_each_row_that_needs_a_look(tmp_path, cohorts):
    file = written(tmp_path, "Sukunimi;Etunimi;Synt\nAho;Aino;48\nMäki;Ari;1950\n")

    out, _err = run(file, "--cohort", "AIM-2027K-01")

    assert out.splitlines() == [
        "No column names the group: everybody goes to the group chosen for the whole file.",
        "Row 2, error: Write the year of birth with four digits, such as 1948.",
        "2 rows. In order: 1, Warning: 0, Duplicate: 0, Error: 1, Blank: 0.",
        "AIM-2027K-01: 1 get a place, 0 wait",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["missing.csv"], "missing.csv cannot be read: No such file or directory"),
        (["."], "cannot be read: Is a directory"),
        (["empty.csv"], "empty.csv: The file is empty."),
        (["list.csv", "--cohort", "GONE-1"], "There is no cohort GONE-1."),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(tmp_path, monkeypatch, options, words):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "Sukunimi;Etunimi\nAho;Aino\n")
    (tmp_path / "empty.csv").touch()

    with pytest.raises(CommandError) as refused:
        run(*options)

    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
