import io
import json

import pytest
from django.core.management import CommandError, call_command

from courses.enrolling.enums import EnrollmentState
from courses.reporting.selectors.cohorts import cohort_report
from courses.reporting.selectors.programs import program_report
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def cohort():
    cohort = CohortFactory.create(code="C-1", course__code="AIM")
    EnrollmentFactory.create_batch(3, cohort=cohort, state=EnrollmentState.COMPLETED)
    return cohort


def run(name, *arguments):
    out = io.StringIO()
    call_command(name, *arguments, "--language", "en", stdout=out)
    return out.getvalue()


def test_cohort_as_json_is_the_report_itself(cohort):
    found = json.loads(run("cohort_report", "C-1", "--format", "json"))

    assert found == cohort_report(cohort).to_json()
    assert (found["cohort"], found["course"], found["completed"], found["completion_rate"]) == ("C-1", "AIM", 3, 1.0)


def test_program_as_json_is_the_report_itself():
    assert json.loads(run("program_report", "--format", "json")) == program_report().to_json()


def test_program_takes_a_course_and_days(cohort):
    CohortFactory.create(course__code="OTHER")
    day = cohort.starts_on.isoformat()

    found = json.loads(run("program_report", "--course", "AIM", "--from", day, "--to", day, "--format", "json"))

    assert (found["course"], found["from"], found["to"]) == ("AIM", day, day)
    assert [row["cohort"] for row in found["cohorts"]] == ["C-1"]


@pytest.mark.parametrize(
    ("format", "start"),
    [("text", b"Report: "), ("json", b"{"), ("csv", b"\xef\xbb\xbfFigures"), ("xlsx", b"PK"), ("pdf", b"%PDF-1.7")],
)
def test_each_format_goes_into_a_file(tmp_path, format, start):
    file = tmp_path / "report"

    call_command("cohort_report", "C-1", "--format", format, "-o", str(file), "--language", "en")

    assert file.read_bytes().startswith(start)


def test_unknown_cohort_is_told():
    with pytest.raises(CommandError, match="There is no cohort NOPE."):
        call_command("cohort_report", "NOPE", "--language", "en")


def test_unknown_course_is_told():
    with pytest.raises(CommandError, match="There is no course NOPE."):
        call_command("program_report", "--course", "NOPE", "--language", "en")


def test_day_that_is_none_is_told():
    with pytest.raises(CommandError, match="argument --from"):
        call_command("program_report", "--from", "1.2.2027")


def test_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(CommandError, match="The file could not be written"):
        call_command("program_report", "-o", str(tmp_path / "none" / "x"), "--language", "en")


def test_files_that_are_no_text_go_to_the_output_as_they_are(capfdbinary):
    call_command("cohort_report", "C-1", "--format", "pdf")

    assert capfdbinary.readouterr().out.startswith(b"%PDF-1.7")
