import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import Channel, HowAsked
from accounts.models import AuditEntry, District, Person
from accounts.services.people import create_person
from courses.catalogue.models import Course
from courses.certifying.models import Certificate, CertificateSeries, Mentor
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.importing.records.exceptions import BadRecords
from courses.importing.records.readers.checks import check_package
from courses.importing.records.readers.packages import read_package
from courses.importing.records.selectors import held_records
from courses.importing.records.services.imports import import_records
from courses.reporting.selectors.cohorts import cohort_report
from courses.reporting.selectors.programs import program_report
from courses.scheduling.models import Cohort, Session, Venue
from courses.teaching.enums import CompletionState, ResultSource
from courses.teaching.models import Attendance, Completion, ModuleResult, Visit
from tests.acts import act
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db

SMALL = Path(__file__).parents[4] / "data" / "records"
OPEN_UNIVERSITY = settings.BASE_DIR.parent / "shared" / "data" / "oulad-aaa"
NOTHING_NEW = dict.fromkeys(
    (
        *("courses", "modules", "venues", "people", "cohorts", "enrollments", "sessions", "attendance"),
        *("completions", "assessments", "declarations", "certificates", "mentors", "visits"),
    ),
    0,
)


def take_in(folder):
    package = read_package(folder)
    check_package(package, held_records(package))
    return import_records(package=package, by=None)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SMALL, tmp_path / "package")


def write(folder, file, columns, *rows):
    with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([columns.split(","), *rows])


def dump():
    """Every row of what an import writes, without keys and times of writing."""
    return (
        sorted(Person.objects.values_list("code", "first_name", "last_name", "birth_year", "phone", "alike_head")),
        sorted(Enrollment.objects.values_list("cohort__code", "person__code", "state", "applied_at", "queue_number")),
        sorted(ModuleResult.objects.values_list("enrollment__person__code", "module__code", "result", "recorded_on")),
        sorted(Cohort.objects.values_list("code", "seats_taken", "queue_last")),
        [model.objects.count() for model in (Transition, Completion, Course, Venue, District, AuditEntry)],
    )


def test_small_package_is_written_whole():
    assert take_in(SMALL) == {
        **NOTHING_NEW, "courses": 1, "modules": 2, "people": 5, "cohorts": 2, "enrollments": 8, "completions": 4
    }  # fmt: skip


def test_second_run_changes_nothing():
    take_in(SMALL)
    before = dump()

    assert take_in(SMALL) == NOTHING_NEW
    assert dump() == before


def test_more_rows_of_a_known_package_are_added_to_what_is_there(folder):
    take_in(SMALL)
    with (folder / "completions.csv").open("a") as stream:
        stream.write("DIGI-2,E-3,A,passed,2026-02-10\n")

    assert take_in(folder) == {**NOTHING_NEW, "completions": 1}
    assert ModuleResult.objects.count() == 5


def test_what_is_there_already_stays_as_it_is(folder):
    take_in(SMALL)
    Person.objects.filter(code="E-1").update(first_name="Aino-Maria")

    take_in(folder)

    assert Person.objects.get(code="E-1").first_name == "Aino-Maria"


def test_codes_are_kept_and_people_can_be_found():
    take_in(SMALL)
    person = Person.objects.get(code="E-5")

    assert (person.list_name, person.name_key) == ("Ääkkönen, Eila", "aakkonen eila")
    assert not person.has_usable_password()


def test_channel_follows_from_the_contacts():
    take_in(SMALL)

    assert dict(Person.objects.values_list("code", "channel")) == {
        "E-1": Channel.EMAIL,
        "E-2": Channel.LETTER,
        "E-3": Channel.CALL,
        "E-4": Channel.LETTER,
        "E-5": Channel.LETTER,
    }


def test_new_districts_and_venues_are_made():
    District.objects.create(name="Leppävaara")
    take_in(SMALL)

    assert sorted(District.objects.values_list("name", flat=True)) == ["Esbo centrum", "Leppävaara"]
    assert list(Venue.objects.values_list("name_fi", "cohorts__code")) == [("Leppävaaran kirjasto", "DIGI-1")]


def test_seats_and_queue_follow_from_the_states():
    take_in(SMALL)
    cohort = Cohort.objects.get(code="DIGI-2")

    assert (cohort.seats_taken, cohort.queue_last) == (2, 2)
    waiting = cohort.enrollments.filter(state=EnrollmentState.WAITLISTED).order_by("queue_number")
    assert list(waiting.values_list("person__code", "queue_number")) == [("E-5", 1), ("E-1", 2)]


def test_stages_are_derived_from_states_and_results():
    take_in(SMALL)
    rows = Enrollment.objects.filter(cohort__code="DIGI-1").order_by("person__code")
    days = [
        tuple(at and timezone.localdate(at).isoformat() for at in (row.admitted_at, row.started_at, row.ended_at))
        for row in rows
    ]

    assert days == [
        # A result from before the cohort was carried over: she started with the cohort.
        ("2025-01-07", "2025-02-03", "2025-03-31"),
        ("2025-01-08", "2025-02-10", "2025-02-20"),
        (None, None, "2025-01-20"),
        ("2025-01-10", None, None),
    ]


def test_each_enrollment_gets_one_transition():
    take_in(SMALL)

    assert Counter(Transition.objects.values_list("from_state", "to_state", "how_asked")) == {
        ("", "completed", HowAsked.RECORDS): 1,
        ("", "withdrawn", HowAsked.RECORDS): 2,
        ("", "no_show", HowAsked.RECORDS): 1,
        ("", "active", HowAsked.RECORDS): 1,
        ("", "enrolled", HowAsked.RECORDS): 1,
        ("", "waitlisted", HowAsked.RECORDS): 2,
    }


def test_completed_enrollment_gets_a_decided_completion_with_its_figures():
    take_in(SMALL)
    completion = Completion.objects.get()

    assert (completion.enrollment.person.code, completion.state) == ("E-1", CompletionState.DECIDED)
    assert (completion.figures["modules"], completion.rule) == (["A", "B"], {})
    assert timezone.localdate(completion.decided_at).isoformat() == "2025-03-31"


def test_results_bear_their_source():
    take_in(SMALL)

    assert set(ModuleResult.objects.values_list("source", flat=True)) == {ResultSource.RECORDS}


def test_one_audit_entry_tells_of_the_import():
    take_in(SMALL)
    entry = AuditEntry.objects.get(action="records.import")

    assert entry.detail == {
        "courses": 1, "modules": 2, "people": 5, "cohorts": 2, "enrollments": 8, "completions": 4
    }  # fmt: skip


def test_too_few_seats_in_a_cohort_that_stands_write_nothing(folder):
    cohort = CohortFactory.create(code="DIGI-2", course=CourseFactory.create(code="DIGI"), capacity=3)
    EnrollmentFactory.create_batch(2, cohort=cohort)

    with override("en"), pytest.raises(BadRecords) as bad:
        take_in(folder)

    assert bad.value.reasons == [
        "enrollments.csv: more people get a place in DIGI-2 (2) than there are free seats (1)."
    ]
    assert (Cohort.objects.count(), Person.objects.filter(code__startswith="E-").count()) == (1, 0)


def test_error_halfway_writes_nothing(folder):
    """A code that only the database knows to be taken: an import that was checked before it was."""
    package = read_package(folder)
    check_package(package, held_records(package))
    write(folder, "visits", "person,visited_on,minutes,people_helped", ["E-1", "2025-05-05", 30, 1])
    package.visits = read_package(folder).visits
    package.visits[0] = package.visits[0]._replace(minutes=601)

    with pytest.raises(Exception, match="visit_minutes_plausible"):
        import_records(package=package, by=None)

    assert (Person.objects.count(), Course.objects.count(), Visit.objects.count()) == (0, 0, 0)


def test_second_enrollment_of_a_person_is_told_apart_by_its_number(folder):
    enrollments = "cohort,person,state,applied_on,ended_on"
    write(
        folder,
        "enrollments",
        enrollments,
        ["DIGI-1", "E-1", "withdrawn", "2025-01-01", "2025-02-05"],
        ["DIGI-1", "E-1", "completed", "2025-02-06", ""],
    )
    write(
        folder,
        "completions",
        "cohort,person,module,result,recorded_on,enrollment",
        ["DIGI-1", "E-1", "A", "failed", "2025-02-04", 1],
        ["DIGI-1", "E-1", "A", "passed", "2025-02-10", ""],
    )

    assert take_in(folder) == {
        **NOTHING_NEW, "courses": 1, "modules": 2, "people": 5, "cohorts": 2, "enrollments": 2, "completions": 2
    }  # fmt: skip
    assert take_in(folder) == NOTHING_NEW
    results = ModuleResult.objects.order_by("enrollment_id").values_list("enrollment__state", "result")
    assert list(results) == [("withdrawn", "failed"), ("completed", "passed")]


@pytest.fixture
def whole(folder):
    """Every file of a package."""
    write(
        folder,
        "sessions",
        "cohort,number,starts_at,ends_at,lessons,state,modules,venue",
        ["DIGI-1", 1, "2025-02-03T10:00", "2025-02-03T12:15+02:00", 3, "held", "A B", "Sellon kirjasto"],
        ["DIGI-2", 1, "2026-02-02T10:00", "2026-02-02T12:15", 3, "held", "A", ""],
    )
    write(
        folder,
        "attendance",
        "cohort,session,person,state,lessons,enrolled_in",
        ["DIGI-1", 1, "E-1", "present", 3, ""],
        ["DIGI-1", 1, "E-4", "absent", 0, ""],
        ["DIGI-2", 1, "E-2", "made_up", 3, "DIGI-1"],
    )
    write(
        folder,
        "certificates",
        "number,person,course,issued_on,valid_until,cohort,check_code",
        ["ESP-DIGI-2025-0007", "E-1", "DIGI", "2025-04-01", "2027-04-01", "DIGI-1", "abc"],
    )
    write(folder, "mentors", "person,state,agreement_signed_on", ["E-1", "certified", "2025-04-02"])
    twice = ["E-1", "2025-05-05", 45, 2]
    write(folder, "visits", "person,visited_on,minutes,people_helped", twice, twice)
    write(
        folder,
        "declarations",
        "cohort,person,declaration,recorded_on",
        ["DIGI-1", "E-1", "code_of_conduct", "2025-03-31"],
    )
    write(
        folder,
        "assessments",
        "cohort,person,assessment,result,recorded_on",
        ["DIGI-1", "E-1", "teach_back", "passed", "2025-03-31"],
    )
    return folder


def test_whole_package_is_written_once(whole):
    new = take_in(whole)

    assert {name: new[name] for name in ("sessions", "attendance", "certificates", "mentors", "visits")} == {
        "sessions": 2,
        "attendance": 3,
        "certificates": 1,
        "mentors": 1,
        "visits": 2,
    }
    assert (new["declarations"], new["assessments"]) == (1, 1)
    assert take_in(whole) == NOTHING_NEW
    assert (Visit.objects.count(), Mentor.objects.count(), Attendance.objects.count()) == (2, 1, 3)


def test_sessions_keep_their_modules_and_local_time(whole):
    take_in(whole)
    session = Session.objects.get(cohort__code="DIGI-1")

    assert timezone.localtime(session.starts_at).isoformat() == "2025-02-03T10:00:00+02:00"
    assert [module.code for module in session.modules.order_by("order")] == ["A", "B"]
    assert session.venue.name == "Sellon kirjasto"


def test_certificate_keeps_number_and_code_and_numbers_go_on_above_it(whole):
    take_in(whole)
    certificate = Certificate.objects.get()

    assert (certificate.number, certificate.check_code, certificate.name, certificate.language) == (
        "ESP-DIGI-2025-0007",
        "abc",
        "Aino Esimerkki",
        "fi",
    )
    assert certificate.completion.enrollment.cohort.code == "DIGI-1"
    assert list(CertificateSeries.objects.values_list("course__code", "year", "last")) == [("DIGI", 2025, 7)]


def test_imported_person_can_be_found_as_a_likely_duplicate(coordinator):
    """The derived columns are those that the service of people writes."""
    take_in(SMALL)
    imported = Person.objects.get(code="E-1")
    made = create_person(act=act(coordinator, HowAsked.PHONE), first_name="Aino", last_name="Esimerkki", language="fi")

    assert (made.name_key, made.sort_key) == (imported.name_key, imported.sort_key)


def test_queries_do_not_grow_with_the_enrollments(folder):
    def import_of(people, prefix):
        columns = "code,first_name,last_name,birth_year,gender,language,district"
        codes = [f"{prefix}-{number}" for number in range(people)]
        write(folder, "people", columns, *([code, "A", "B", 1950, "", "fi", ""] for code in codes))
        write(folder, "cohorts", "course,code,language,starts_on,ends_on,capacity,state",
              ["DIGI", prefix, "fi", "2025-01-01", "2025-02-01", 40, "running"])  # fmt: skip
        enrollments = ([prefix, code, "active", "2025-01-01"] for code in codes)
        write(folder, "enrollments", "cohort,person,state,applied_on", *enrollments)
        results = ([prefix, code, "A", "passed", "2025-01-10"] for code in codes)
        write(folder, "completions", "cohort,person,module,result,recorded_on", *results)
        with CaptureQueriesContext(connection) as captured:
            take_in(folder)
        return len(captured)

    import_of(1, "FIRST")

    assert import_of(30, "MANY") == import_of(1, "ONE")


@pytest.mark.skipif(not OPEN_UNIVERSITY.exists(), reason="the Open University's data does not stand beside the project")
def test_open_university_gives_exactly_the_expected_figures():
    take_in(OPEN_UNIVERSITY)
    expected = json.loads((OPEN_UNIVERSITY / "expected.json").read_text())

    found = {}
    for code, figures in expected.items():
        report = cohort_report(Cohort.objects.get(code=code)).to_json()
        modules = {
            row["module"]: {name: row[name] for name in ("passed", "failed", "no_result")} for row in report["modules"]
        }
        found[code] = {**{name: report[name] for name in figures}, "modules": modules}

    assert found == expected
    assert take_in(OPEN_UNIVERSITY) == NOTHING_NEW
    total = program_report().to_json()["total"]
    assert (total["enrollments"], total["unique_people"]) == (748, 712)
