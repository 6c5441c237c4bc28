import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.catalogue.enums import ModuleKind
from courses.certifying.enums import MentorState
from courses.certifying.models import Mentor
from courses.certifying.selectors import mentor_numbers
from courses.enrolling.enums import EnrollmentState
from courses.reporting.selectors.cohorts import cohort_report
from courses.reporting.selectors.learner_maps import learner_map
from courses.reporting.selectors.mentors import mentors_by_month
from courses.reporting.selectors.programs import program_report
from courses.reporting.selectors.viewers import viewer_cohort_report, viewer_program_report
from courses.scheduling.enums import CohortState
from courses.teaching.enums import AttendanceState, CompletionState, Result
from courses.teaching.models import Visit
from tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    CohortFactory,
    CompletionFactory,
    CourseFactory,
    EnrollmentFactory,
    ModuleFactory,
    ModuleResultFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db

START = datetime.date(2027, 1, 12)
TODAY = datetime.date(2027, 6, 1)


def noon(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


@pytest.fixture
def cohort():
    return CohortFactory.create(starts_on=START, capacity=100)


def enroll(cohort, state, count=1, **more):
    return EnrollmentFactory.create_batch(count, cohort=cohort, state=state, **more)


def mark(enrollment, session, state=AttendanceState.PRESENT, **more):
    return AttendanceFactory.create(enrollment=enrollment, session=session, state=state, lessons=3, **more)


def give_result(enrollment, module, result=Result.PASSED, **more):
    return ModuleResultFactory.create(enrollment=enrollment, module=module, result=result, recorded_on=START, **more)


def certify(enrollment, number, **more):
    completion = CompletionFactory.create(enrollment=enrollment, state=CompletionState.DECIDED, decided_at=noon(TODAY))
    return CertificateFactory.create(
        person=enrollment.person,
        course=enrollment.cohort.course,
        completion=completion,
        number=f"T-{number}",
        check_code=f"c{number}",
        name="x",
        language="fi",
        issued_on=START,
        **more,
    )


def figures(cohort, *names):
    report = cohort_report(cohort, today=TODAY).to_json()
    return tuple(report[name] for name in names)


def test_states_are_counted_as_they_are_now(cohort):
    for count, state in enumerate(EnrollmentState, start=1):
        more = {"queue_number": 1} if state == EnrollmentState.WAITLISTED else {}
        if state == EnrollmentState.OFFERED:
            more = {"offer_expires_at": timezone.now()}
        enroll(cohort, state, count, **more)

    names = [state.value for state in EnrollmentState]

    assert figures(cohort, "enrollments", *names) == (66, *range(1, 12))


@pytest.mark.parametrize(
    ("state", "admitted"),
    [
        (EnrollmentState.APPLIED, 0),
        (EnrollmentState.DECLINED, 0),
        (EnrollmentState.WITHDRAWN, 0),
        (EnrollmentState.ENROLLED, 1),
        (EnrollmentState.ACTIVE, 1),
        (EnrollmentState.COMPLETED, 1),
        (EnrollmentState.NOT_COMPLETED, 1),
        (EnrollmentState.NO_SHOW, 1),
    ],
)
def test_admitted_by_state(cohort, state, admitted):
    enroll(cohort, state)

    assert figures(cohort, "admitted") == (admitted,)


def test_admitted_stays_when_somebody_who_had_a_place_withdraws(cohort):
    enroll(cohort, EnrollmentState.WITHDRAWN, admitted_at=noon(START))

    assert figures(cohort, "admitted", "started") == (1, 0)


@pytest.mark.parametrize(
    ("state", "started"),
    [
        (EnrollmentState.ENROLLED, 0),
        (EnrollmentState.NO_SHOW, 0),
        (EnrollmentState.WITHDRAWN, 0),
        (EnrollmentState.ACTIVE, 1),
        (EnrollmentState.COMPLETED, 1),
        (EnrollmentState.NOT_COMPLETED, 1),
    ],
)
def test_started_by_state(cohort, state, started):
    enroll(cohort, state)

    assert figures(cohort, "started") == (started,)


@pytest.mark.parametrize(
    ("mark_state", "started"),
    [
        (AttendanceState.PRESENT, 1),
        (AttendanceState.LATE, 1),
        (AttendanceState.LEFT_EARLY, 1),
        (AttendanceState.MADE_UP, 1),
        (AttendanceState.ABSENT, 0),
        (AttendanceState.ABSENT_TOLD, 0),
    ],
)
def test_started_by_one_attendance(cohort, mark_state, started):
    (enrollment,) = enroll(cohort, EnrollmentState.WITHDRAWN)
    mark(enrollment, SessionFactory.create(cohort=cohort), mark_state)

    assert figures(cohort, "started", "admitted") == (started, started)


def test_attendance_taken_back_starts_nobody(cohort):
    (enrollment,) = enroll(cohort, EnrollmentState.WITHDRAWN)
    mark(enrollment, SessionFactory.create(cohort=cohort), revoked_at=timezone.now())

    assert figures(cohort, "started") == (0,)


@pytest.mark.parametrize("result", [Result.PASSED, Result.FAILED])
def test_started_by_one_module_result(cohort, result):
    (enrollment,) = enroll(cohort, EnrollmentState.WITHDRAWN)
    give_result(enrollment, ModuleFactory.create(course=cohort.course), result)

    assert figures(cohort, "started") == (1,)


def test_result_taken_back_starts_nobody(cohort):
    (enrollment,) = enroll(cohort, EnrollmentState.WITHDRAWN)
    give_result(enrollment, ModuleFactory.create(course=cohort.course), revoked_at=timezone.now())

    assert figures(cohort, "started") == (0,)


def test_completion_rate_is_completed_of_started(cohort):
    enroll(cohort, EnrollmentState.COMPLETED, 2)
    enroll(cohort, EnrollmentState.NOT_COMPLETED, 1)
    enroll(cohort, EnrollmentState.NO_SHOW, 5)

    assert figures(cohort, "completion_rate") == (0.6667,)


def test_completion_rate_of_nobody_is_null(cohort):
    enroll(cohort, EnrollmentState.ENROLLED)

    assert figures(cohort, "completion_rate") == (None,)


def test_show_up_rate_leaves_out_who_withdrew_before_the_start(cohort):
    enroll(cohort, EnrollmentState.ACTIVE, 3)
    enroll(cohort, EnrollmentState.NO_SHOW, 1)
    day_before = noon(START - datetime.timedelta(days=1))
    enroll(cohort, EnrollmentState.WITHDRAWN, 2, admitted_at=day_before, ended_at=day_before)
    # Came to something before the first day.
    enroll(cohort, EnrollmentState.WITHDRAWN, 1, admitted_at=day_before, started_at=day_before, ended_at=day_before)

    assert figures(cohort, "withdrawn_before_start", "show_up_rate") == (2, 0.8)


def test_one_person_twice_is_two_enrollments(cohort):
    person = PersonFactory.create()
    enroll(cohort, EnrollmentState.WITHDRAWN, person=person)
    enroll(cohort, EnrollmentState.ACTIVE, person=person)

    assert figures(cohort, "enrollments", "unique_people") == (2, 1)


def test_modules_count_passed_failed_and_every_enrollment_without_a_result(cohort):
    first, second = (ModuleFactory.create(course=cohort.course, order=order) for order in (1, 2))
    one, two, _three = enroll(cohort, EnrollmentState.ACTIVE, 3)
    give_result(one, first, made_up=True)
    give_result(two, first, Result.FAILED)
    give_result(two, second, revoked_at=timezone.now())
    enroll(cohort, EnrollmentState.WITHDRAWN)

    rows = cohort_report(cohort).to_json()["modules"]

    assert [(row["module"], row["passed"], row["made_up"], row["failed"], row["no_result"]) for row in rows] == [
        ("M1", 1, 1, 1, 2),
        ("M2", 0, 0, 0, 4),
    ]


def test_sessions_count_their_own_people_and_who_is_still_in_the_group(cohort):
    second, first = (SessionFactory.create(cohort=cohort, number=number) for number in (2, 1))
    SessionFactory.create(cohort=cohort, number=3, state="cancelled")
    stays, goes = enroll(cohort, EnrollmentState.ACTIVE, 2)
    goes.state, goes.ended_at = EnrollmentState.WITHDRAWN, first.starts_at + datetime.timedelta(days=1)
    goes.save()
    mark(stays, first)
    mark(goes, first, AttendanceState.LATE)
    mark(stays, second, AttendanceState.ABSENT_TOLD)
    (guest,) = enroll(CohortFactory.create(), EnrollmentState.ACTIVE)
    mark(guest, second, AttendanceState.MADE_UP)

    report = cohort_report(cohort).to_json()

    assert [(row["number"], row["present"], row["absent"], row["in_group"]) for row in report["sessions"]] == [
        (1, 2, 0, 2),
        (2, 0, 1, 1),
    ]
    assert report["sessions"][0]["starts_at"] == timezone.localtime(first.starts_at).isoformat()


def test_lessons_held_and_participant_lessons(cohort):
    held = SessionFactory.create(cohort=cohort, number=1, state="held")
    SessionFactory.create(cohort=cohort, number=2)
    for enrollment in enroll(cohort, EnrollmentState.ACTIVE, 2):
        mark(enrollment, held)

    assert figures(cohort, "lessons_held", "participant_lessons") == (3, 6)


def test_withdrawals_by_reason_the_most_common_first(cohort):
    enroll(cohort, EnrollmentState.WITHDRAWN, 1, reason="health")
    enroll(cohort, EnrollmentState.WITHDRAWN, 2, reason="transport")
    enroll(cohort, EnrollmentState.WITHDRAWN, 1)
    enroll(cohort, EnrollmentState.DECLINED, 1, reason="other")

    reasons = cohort_report(cohort).to_json()["withdrawal_reasons"]

    assert list(reasons.items()) == [("transport", 2), ("not_told", 1), ("health", 1)]


def test_certified_and_active_mentors(cohort):
    active, quiet, revoked, paused = enroll(cohort, EnrollmentState.COMPLETED, 4)
    for number, enrollment in enumerate((active, quiet, paused)):
        certify(enrollment, number)
    certify(revoked, 9, revoked_at=timezone.now(), revoked_reason="mistake")
    for enrollment, state in ((active, "certified"), (quiet, "certified"), (revoked, "certified"), (paused, "paused")):
        Mentor.objects.create(person=enrollment.person, state=MentorState(state))
    for enrollment, days in ((active, 90), (quiet, 91), (revoked, 1), (paused, 1)):
        Visit.objects.create(
            person=enrollment.person, visited_on=TODAY - datetime.timedelta(days=days), minutes=30, people_helped=1
        )

    assert figures(cohort, "completed", "certified", "active_mentors") == (4, 3, 1)


def test_ages_are_those_of_people_who_started(cohort):
    enroll(cohort, EnrollmentState.COMPLETED, person=PersonFactory.create(birth_year=1950, gender="woman"))
    enroll(cohort, EnrollmentState.ACTIVE, person=PersonFactory.create(birth_year=1952, gender=""))
    enroll(cohort, EnrollmentState.NO_SHOW, person=PersonFactory.create(birth_year=1950))

    ages = cohort_report(cohort).to_json()["ages"]

    assert {band: row for band, row in ages.items() if row["started"]} == {
        "75_79": {"started": 2, "completed": 1, "woman": 1, "man": 0, "other": 1}
    }


def test_program_totals_count_each_person_once_and_modules_by_course():
    course = CourseFactory.create()
    module = ModuleFactory.create(course=course)
    person = PersonFactory.create()
    for number, state in enumerate((EnrollmentState.NOT_COMPLETED, EnrollmentState.COMPLETED)):
        cohort = CohortFactory.create(course=course, starts_on=START + datetime.timedelta(days=number))
        give_result(enroll(cohort, state, person=person)[0], module)

    total = program_report().to_json()["total"]

    assert (total["enrollments"], total["unique_people"], total["completion_rate"]) == (2, 1, 0.5)
    assert [(row["course"], row["module"], row["passed"], row["no_result"]) for row in total["modules"]] == [
        (course.code, module.code, 2, 0)
    ]


def test_program_is_limited_to_a_course_and_days():
    old, new, other = (
        CohortFactory.create(code=code, starts_on=START.replace(year=year), course__code=course)
        for code, year, course in (("OLD", 2026, "A"), ("NEW", 2027, "B"), ("OTHER", 2027, "C"))
    )

    def codes(*limits):
        return [row["cohort"] for row in program_report(*limits).to_json()["cohorts"]]

    assert codes() == ["OLD", "NEW", "OTHER"]
    assert codes("B") == ["NEW"]
    assert codes(None, START, None) == ["NEW", "OTHER"]
    assert codes(None, None, START - datetime.timedelta(days=1)) == ["OLD"]


def test_program_tells_groups_that_are_over_from_the_others():
    over = CohortFactory.create(state=CohortState.CLOSED)
    enroll(over, EnrollmentState.COMPLETED, 4)
    enroll(over, EnrollmentState.NOT_COMPLETED)
    enroll(CohortFactory.create(state=CohortState.RUNNING), EnrollmentState.ACTIVE, 5)

    report = program_report().to_json()

    assert report["total"]["completion_rate"] == 0.4
    assert [(report[part]["cohorts"], report[part]["completion_rate"]) for part in ("finished", "other")] == [
        (1, 0.8),
        (1, 0.0),
    ]


def test_empty_program_has_zeros():
    total = program_report().to_json()["total"]

    assert (total["enrollments"], total["completion_rate"], total["modules"]) == (0, None, [])


def _a_cohort_with_everything():
    cohort = CohortFactory.create(capacity=50)
    module = ModuleFactory.create(course=cohort.course)
    session = SessionFactory.create(cohort=cohort, modules=[module])
    for enrollment in enroll(cohort, EnrollmentState.ACTIVE, 3):
        mark(enrollment, session)
        give_result(enrollment, module)
    enroll(cohort, EnrollmentState.WITHDRAWN, reason="time")


@pytest.mark.parametrize("report", [program_report, viewer_program_report])
def test_queries_do_not_grow_with_the_cohorts(report):
    _a_cohort_with_everything()
    with CaptureQueriesContext(connection) as one:
        report()
    for _number in range(29):
        _a_cohort_with_everything()
    with CaptureQueriesContext(connection) as thirty:
        report()

    assert (len(one), len(thirty)) == (10, 10)


def test_learner_map_has_one_state_for_each_module(cohort):
    first, second, practice = (
        ModuleFactory.create(course=cohort.course, order=order, kind=kind)
        for order, kind in ((1, ModuleKind.CLASSROOM), (2, ModuleKind.CLASSROOM), (3, ModuleKind.PRACTICE))
    )
    SessionFactory.create(cohort=cohort, modules=[first], number=1, state="held")
    SessionFactory.create(cohort=cohort, modules=[second], number=9)
    people = [PersonFactory.create(last_name=name) for name in ("Aalto", "Berg", "Çelik")]
    passes, misses, left = (
        EnrollmentFactory.create(cohort=cohort, person=person, state=state, admitted_at=noon(START))
        for person, state in zip(
            people, (EnrollmentState.ACTIVE, EnrollmentState.ACTIVE, EnrollmentState.WITHDRAWN), strict=True
        )
    )
    enroll(cohort, EnrollmentState.APPLIED)
    give_result(passes, first, made_up=True)
    give_result(passes, second, Result.FAILED)

    assert learner_map(cohort) == [
        (passes, ["made_up", "failed", ""]),
        (misses, ["missing", "", ""]),
        (left, ["left", "left", "left"]),
    ]


def test_practice_is_never_missing(cohort):
    ModuleFactory.create(course=cohort.course, kind=ModuleKind.PRACTICE)
    enroll(cohort, EnrollmentState.COMPLETED)

    assert [states for _enrollment, states in learner_map(cohort)] == [[""]]


def test_mentors_by_month_begin_with_the_first_and_end_today(cohort):
    one, two = enroll(cohort, EnrollmentState.COMPLETED, 2)
    certify(one, 1, valid_until=datetime.date(2027, 4, 15))
    certify(two, 2)

    assert [(row.day, row.mentors) for row in mentors_by_month(TODAY)] == [
        (datetime.date(2027, 1, 31), 2),
        (datetime.date(2027, 2, 28), 2),
        (datetime.date(2027, 3, 31), 2),
        (datetime.date(2027, 4, 30), 1),
        (datetime.date(2027, 5, 31), 1),
        (TODAY, 1),
    ]


def test_mentors_by_month_say_who_became_one_and_why_others_are_none_any_more(cohort):
    expires, revoked, renewed = enroll(cohort, EnrollmentState.COMPLETED, 3)
    certify(expires, 1, valid_until=datetime.date(2027, 4, 15))
    certify(revoked, 2, revoked_at=noon(datetime.date(2027, 4, 20)), revoked_reason="mistake")
    certify(renewed, 3, valid_until=datetime.date(2027, 4, 15), replaced_at=noon(datetime.date(2027, 4, 10)))
    CertificateFactory.create(person=renewed.person, issued_on=datetime.date(2027, 4, 10))

    months = {row.day.month: row[1:] for row in mentors_by_month(TODAY)}

    assert (months[1], months[3], months[4], months[5]) == ((3, 3, 0, 0), (3, 0, 0, 0), (1, 0, 1, 1), (1, 0, 0, 0))


def test_a_replaced_certificate_whose_successor_was_revoked_makes_no_mentor(cohort):
    [enrollment] = enroll(cohort, EnrollmentState.COMPLETED)
    replaced_at = noon(datetime.date(2027, 3, 10))
    certify(enrollment, 1, replaced_at=replaced_at)
    CertificateFactory.create(
        person=enrollment.person,
        issued_on=datetime.date(2027, 3, 10),
        revoked_at=noon(datetime.date(2027, 4, 20)),
        revoked_reason="mistake",
    )

    assert [row.mentors for row in mentors_by_month(TODAY)][-1] == mentor_numbers(TODAY).mentors == 0
    assert sum(row.revoked for row in mentors_by_month(TODAY)) == 1


def test_who_is_active_holds_a_certificate_still(cohort):
    [enrollment] = enroll(cohort, EnrollmentState.COMPLETED)
    certify(enrollment, 1, valid_until=TODAY)
    Mentor.objects.create(person=enrollment.person)
    Visit.objects.create(person=enrollment.person, visited_on=TODAY, minutes=30, people_helped=1)

    assert (mentor_numbers(TODAY), figures(cohort, "certified", "active_mentors")) == ((1, 1), (1, 1))

    tomorrow = TODAY + datetime.timedelta(days=1)

    assert mentor_numbers(tomorrow) == (0, 0)
    assert cohort_report(cohort, today=tomorrow).active_mentors == 0


def test_viewer_sees_no_small_count_and_nothing_for_staff_only(cohort):
    module = ModuleFactory.create(course=cohort.course)
    session = SessionFactory.create(cohort=cohort)
    come = enroll(cohort, EnrollmentState.ACTIVE, 6)
    for enrollment in come[:4]:
        mark(enrollment, session)
        give_result(enrollment, module)
    enroll(cohort, EnrollmentState.COMPLETED, 2)
    enroll(cohort, EnrollmentState.WITHDRAWN, 5, reason="time")
    enroll(cohort, EnrollmentState.WITHDRAWN, 1, reason="health")

    report = viewer_cohort_report(cohort).to_json()

    assert {name: report[name] for name in ("enrollments", "started", "completed", "completion_rate", "withdrawn")} == {
        "enrollments": 14,
        "started": 8,
        "completed": None,
        "completion_rate": None,
        "withdrawn": 6,
    }
    assert report["withdrawal_reasons"] is None
    assert report["modules"] == [{"module": module.code, "title": module.title, "passed": None}]
    assert [sorted(row) for row in report["sessions"]] == [["held", "number", "present", "starts_at"]]
    assert report["sessions"][0]["present"] is None
    assert not {"ages", "no_show", "not_completed", "participant_lessons", "show_up_rate"} & report.keys()


def test_viewer_sees_a_breakdown_without_small_cells(cohort):
    enroll(cohort, EnrollmentState.WITHDRAWN, 5, reason="time")

    assert viewer_cohort_report(cohort).to_json()["withdrawal_reasons"] == {"time": 5}


def test_viewers_totals_add_up_what_is_shown():
    for count in (3, 7):
        enroll(CohortFactory.create(capacity=20), EnrollmentState.COMPLETED, count)

    report = viewer_program_report().to_json()

    assert [row["completed"] for row in report["cohorts"]] == [None, 7]
    assert (report["total"]["completed"], report["total"]["started"], report["total"]["completion_rate"]) == (7, 7, 1.0)


def test_viewer_gets_ages_only_without_filters_and_small_cells():
    enroll(CohortFactory.create(capacity=20, course__code="A"), EnrollmentState.ACTIVE, 6)

    assert viewer_program_report().to_json()["total"]["ages"]["75_79"]["other"] == 6
    assert "ages" not in viewer_program_report("A").to_json()["total"]

    enroll(CohortFactory.create(), EnrollmentState.ACTIVE, person__gender="man")

    assert viewer_program_report().to_json()["total"]["ages"] is None
