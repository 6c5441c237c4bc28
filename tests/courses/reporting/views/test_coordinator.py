import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.reporting.selectors.cohorts import cohort_report
from courses.reporting.selectors.programs import program_report
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    CohortFactory,
    EnrollmentFactory,
    ModuleFactory,
    ModuleResultFactory,
    PersonFactory,
    SessionFactory,
)
from tests.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "clicked")]


def finished_cohort(people=3, **more):
    """Everyone came to the one session and passed its module; one withdrew."""
    cohort = CohortFactory.create(state=CohortState.FINISHED, capacity=60, **more)
    module = ModuleFactory.create(course=cohort.course)
    sessions = [
        SessionFactory.create(cohort=cohort, number=number, modules=[module], state="held") for number in (1, 2)
    ]
    for enrollment in EnrollmentFactory.create_batch(people, cohort=cohort, state=EnrollmentState.COMPLETED):
        for session in sessions:
            AttendanceFactory.create(enrollment=enrollment, session=session)
        ModuleResultFactory.create(enrollment=enrollment, module=module, recorded_on=cohort.starts_on)
    EnrollmentFactory.create(
        cohort=cohort,
        state=EnrollmentState.WITHDRAWN,
        reason="transport",
        person=PersonFactory.create(last_name="Lähtijä"),
    )
    return cohort


def tables_of(response):
    """Cells of every table on the page, row by row."""
    return [
        [
            [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)
        ]
        for table in re.findall(r"<table.*?</table>", response.content.decode(), re.S)
    ]


def test_cohort_shows_each_figure_with_its_table(office):
    cohort = finished_cohort()

    funnel, modules, sessions, retention, reasons, ages = tables_of(office.get(page("reports-cohort", cohort.code)))

    assert funnel[1:] == [
        ["Applied", "4", "–"],
        ["Got a place", "3", "75 %"],
        ["Started", "3", "100 %"],
        ["Completed", "3", "100 %"],
        ["Got a certificate", "0", "0 %"],
        ["Active as mentors", "0", "–"],
    ]
    assert modules[1][1:] == ["3", "0", "0"]
    assert [row[2:] for row in sessions[1:]] == [["3", "0", "3", "100 %"]] * 2
    assert [row[1:] for row in retention[1:]] == [["3", "100 %"]] * 2
    assert reasons[1:] == [["Getting there", "1"], ["Total", "1"]]
    assert ages[-1] == ["Total", "3", "3"]


def test_sentences_stand_above_the_figures(office):
    content = office.get(page("reports-cohort", finished_cohort().code)).content.decode()

    for sentence in (
        "Of the 3 people who started, 3 completed the course.",
        "Nobody who is still in the group lacks a module that was held.",
        "At each session 100 % of the group was present.",
        "100 % of those who started were in the group at the last session.",
        "The most common reason: getting there, 1 of 1 person.",
    ):
        assert content.count(sentence) == 1


def test_report_of_a_cohort_before_its_start_says_so(office):
    content = office.get(page("reports-cohort", CohortFactory.create().code)).content.decode()

    assert "Nobody has started yet." in content


def test_map_numbers_the_learners_and_holds_no_name(office):
    content = office.get(page("reports-cohort", finished_cohort().code)).content.decode()

    assert content.count("Learners and modules") > 0
    assert "Lähtijä" not in content
    assert "Sukunimi" not in content


def test_program_compares_the_cohorts_and_totals_them(office):
    finished_cohort(name_en="Group one", code="ONE")
    finished_cohort(5, name_en="Group two", code="TWO")

    table = tables_of(office.get(page("reports-program")))[0]

    assert [row[:1] + row[3:] for row in table[1:]] == [
        ["Group one", "4", "3", "3", "3", "100 %", "0", "0"],
        ["Group two", "6", "5", "5", "5", "100 %", "0", "0"],
        ["Total", "10", "8", "8", "8", "100 %", "0", "0"],
    ]


def test_program_says_the_rate_of_the_groups_that_are_over_and_the_running_ones_beside(office):
    finished_cohort(4, name_en="Over", code="ONE")
    running = CohortFactory.create(state=CohortState.RUNNING, name_en="Runs", code="TWO")
    EnrollmentFactory.create_batch(2, cohort=running, state=EnrollmentState.ACTIVE)

    response = office.get(page("reports-program"))
    over, others = tables_of(response)[:2]

    assert [(row[0], *row[5:8]) for row in over[1:]] == [("Over", "4", "4", "100 %"), ("Total", "4", "4", "100 %")]
    assert [(row[0], *row[5:]) for row in others[1:]] == [
        ("Runs", "2", "0", "0", "0"),
        ("Total", "2", "0", "0", "0"),
    ]
    assert "<b>4/4</b>completed of those who started in the groups that are over, 100" in response.content.decode()
    assert "<b>2</b>started in the groups that are running" in response.content.decode()


def test_the_way_to_the_target_says_why_it_falls(office):
    today = timezone.localdate()
    CertificateFactory.create(issued_on=today - timedelta(days=200))
    CertificateFactory.create(issued_on=today - timedelta(days=200), valid_until=today - timedelta(days=20))

    content = office.get(page("reports-program")).content.decode()

    assert "1 mentor of 100, of whom 0 had a visit in the last 90 days." in content
    assert "new mentors 2, certificate expired 1, certificate revoked 0." in content


def test_program_is_filtered_and_so_are_its_files(office):
    one = finished_cohort(code="ONE")
    finished_cohort(code="TWO")
    query = f"?course={one.course.code}"

    assert [row[0] for row in tables_of(office.get(page("reports-program") + query))[0][1:]] == ["Group ONE", "Total"]
    found = json.loads(office.get(page("reports-program") + query + "&format=json").content)
    assert found == program_report(one.course.code).to_json()


def test_days_in_the_wrong_order_are_told_and_the_page_is_shown(office):
    response = office.get(page("reports-program"), {"first": "2027-02-01", "last": "2027-01-01"})

    assert response.status_code == 200
    assert "The last day cannot be before the first." in response.content.decode()


@pytest.mark.parametrize(
    ("format", "kind", "start"),
    [
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfFigures"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
def test_cohort_as_a_file(office, format, kind, start):
    cohort = finished_cohort(code="ONE")

    response = office.get(page("reports-cohort", cohort.code), {"format": format})

    assert (response["Content-Type"], response["Content-Disposition"]) == (
        kind,
        f'attachment; filename="report-ONE.{format}"',
    )
    assert response.content.startswith(start)


def test_cohort_as_json_is_the_report_itself(office):
    cohort = finished_cohort()

    found = json.loads(office.get(page("reports-cohort", cohort.code), {"format": "json"}).content)

    assert found == cohort_report(Cohort.objects.get(pk=cohort.pk)).to_json()


def test_unknown_format_does_not_exist(office):
    assert office.get(page("reports-program"), {"format": "exe"}).status_code == 404


def test_hostile_name_of_a_group_stays_text(office):
    finished_cohort(name_en="=1+<script>alert(1)</script>", code="ONE")

    assert b"<script>alert" not in office.get(page("reports-program")).content
    rows = office.get(page("reports-program"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[2].startswith("'=1+<script>")


def test_queries_of_the_program_do_not_grow(office):
    finished_cohort()
    one = queries_of(office, page("reports-program"))
    for _number in range(29):
        finished_cohort(1)

    many = queries_of(office, page("reports-program"))

    assert len(many) == len(one) <= 20
    assert not [sql for sql in many if not sql.startswith("SELECT")]


def test_queries_of_a_cohort_do_not_grow(office):
    one = queries_of(office, page("reports-cohort", finished_cohort(1).code))

    many = queries_of(office, page("reports-cohort", finished_cohort(30).code))

    assert len(many) == len(one) <= 20
