from datetime import timedelta

import pytest
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.messaging.enums import MessageState
from courses.overview.selectors.cohort_overview import cohort_overview
from courses.overview.selectors.learners import learners_of
from courses.overview.selectors.next_steps import next_steps
from courses.overview.selectors.today import tasks_of_coordinator
from courses.scheduling.enums import CohortState, SessionState
from courses.teaching.enums import AttendanceState, CompletionState
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CompletionFactory,
    EnrollmentFactory,
    MessageFactory,
    ModuleFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db

QUERIES = 25


def codes(cohort, at=None):
    return [need.code for need in cohort_overview(cohort, at).needs]


def past_session(cohort, days, **fields):
    if fields.get("marked_at"):
        fields["state"] = SessionState.HELD
    return SessionFactory.create(cohort=cohort, starts_at=timezone.now() - timedelta(days=days), **fields)


def coming_session(cohort, days=1):
    return SessionFactory.create(cohort=cohort, starts_at=timezone.now() + timedelta(days=days))


def mark(enrollment, session, state):
    AttendanceFactory.create(enrollment=enrollment, session=session, state=state)


def test_a_group_without_sessions_needs_them():
    assert codes(CohortFactory.create(state=CohortState.DRAFT)) == ["no_sessions"]


def test_a_group_in_order_needs_nothing():
    cohort = CohortFactory.create()
    coming_session(cohort)

    assert codes(cohort) == []


@pytest.mark.parametrize(("seated", "code"), [(1, "under_minimum"), (2, "to_confirm")])
def test_a_group_that_starts_soon_is_confirmed_or_cancelled(seated, code):
    cohort = CohortFactory.create(minimum=2, starts_on=timezone.localdate() + timedelta(days=5))
    coming_session(cohort, 5)
    EnrollmentFactory.create_batch(seated, cohort=cohort)

    assert codes(cohort) == [code]


def test_a_register_that_nobody_marked_is_asked_for():
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    session = past_session(cohort, 2)
    past_session(cohort, 9, marked_at=timezone.now())
    coming_session(cohort)

    [need] = cohort_overview(cohort).needs

    assert (need.code, need.thing) == ("unmarked", session)


def test_who_missed_two_in_a_row_without_a_word_is_called():
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    sessions = [past_session(cohort, days, marked_at=timezone.now()) for days in (14, 7)]
    coming_session(cohort)
    silent, told, once = [EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE) for _one in range(3)]
    for session in sessions:
        mark(silent, session, AttendanceState.ABSENT)
    mark(told, sessions[0], AttendanceState.ABSENT)
    mark(told, sessions[1], AttendanceState.ABSENT_TOLD)
    mark(once, sessions[1], AttendanceState.ABSENT)

    [need] = cohort_overview(cohort).needs

    assert (need.code, need.thing) == ("absent_twice", silent)


def test_a_free_seat_and_a_queue_are_told_together_once_the_group_has_begun():
    cohort = CohortFactory.create(state=CohortState.RUNNING, capacity=3)
    coming_session(cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    assert codes(cohort) == []

    past_session(cohort, 7, marked_at=timezone.now())
    [need] = cohort_overview(cohort).needs
    assert (need.code, need.count, need.thing) == ("seats_for_queue", 1, cohort)


def test_proposals_and_decisions_are_asked_for_at_the_end():
    cohort = CohortFactory.create(state=CohortState.FINISHED)
    past_session(cohort, 7, marked_at=timezone.now())
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
    CompletionFactory.create(enrollment=enrollment, state=CompletionState.PROPOSED, proposed_at=timezone.now())

    assert codes(cohort) == ["proposed", "undecided"]


@pytest.mark.parametrize(
    ("state", "code"),
    [(CohortState.CONFIRMED, "to_start"), (CohortState.RUNNING, "to_finish"), (CohortState.FINISHED, "to_close")],
)
def test_the_next_step_is_told_when_it_is_due(state, code):
    cohort = CohortFactory.create(state=state, starts_on=timezone.localdate())
    past_session(cohort, 1, marked_at=timezone.now())

    assert codes(cohort) == [code]


def test_the_next_sessions_tell_who_said_to_be_absent():
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    sessions = [coming_session(cohort, days) for days in (1, 8, 15)]
    absent = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
    mark(absent, sessions[0], AttendanceState.ABSENT_TOLD)

    following = cohort_overview(cohort).next_sessions

    assert [(one.session, one.expected, one.told_absent) for one in following] == [
        (sessions[0], 1, [absent.person]),
        (sessions[1], 1, []),
    ]


def test_what_the_rows_of_the_learners_show_is_no_reason_to_say_that_nothing_is_to_be_done():
    """A message that did not go, and a module that was missed."""
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    missed = past_session(cohort, 7, marked_at=timezone.now(), modules=[ModuleFactory.create(course=cohort.course)])
    coming_session(cohort)
    present, behind = [EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE) for _one in range(2)]
    mark(present, missed, AttendanceState.PRESENT)
    mark(behind, missed, AttendanceState.ABSENT_TOLD)
    for _twice in range(2):
        MessageFactory.create(enrollment=present, person=present.person, state=MessageState.DEAD)
    now = timezone.now()
    lines = learners_of(cohort, [missed]).placed
    steps = next_steps([present, behind], cohort=cohort, sessions=[missed], at=now)

    assert [(need.code, need.count) for need in cohort_overview(cohort).needs] == [("unreached", 1), ("behind", 1)]
    assert {line.enrollment for line in lines if line.unreached} == {present}
    assert [bool(steps[one.pk].modules) for one in (present, behind)] == [False, True]


def test_a_group_calls_for_what_today_calls_for_of_it():
    cohort = CohortFactory.create(state=CohortState.RUNNING, starts_on=timezone.localdate())
    another = CohortFactory.create(state=CohortState.RUNNING, starts_on=timezone.localdate())
    for one in (cohort, another):
        coming_session(one)
        past_session(one, 3)
        EnrollmentFactory.create(cohort=one, state=EnrollmentState.APPLIED)
        EnrollmentFactory.create(cohort=one, state=EnrollmentState.OFFERED, offer_expires_at=timezone.now())
        EnrollmentFactory.create(cohort=one, state=EnrollmentState.WAITLISTED, queue_number=1)

    here = [(need.code, need.thing) for need in cohort_overview(cohort).needs]
    on_today = [(need.code, need.thing) for need in tasks_of_coordinator(timezone.now())]

    assert {code for code, _thing in here} == {"offer_lapses", "seats_for_queue", "unmarked", "applications"}
    assert set(here) < set(on_today) and len(on_today) == 2 * len(here)


@pytest.mark.parametrize("size", [1, 30])
def test_the_needs_take_the_same_queries_for_one_and_for_thirty(size, django_assert_num_queries):
    cohort = CohortFactory.create(state=CohortState.RUNNING, capacity=40)
    past_session(cohort, 7, marked_at=timezone.now(), modules=[ModuleFactory.create(course=cohort.course)])
    coming_session(cohort)
    EnrollmentFactory.create_batch(size, cohort=cohort, state=EnrollmentState.ACTIVE)

    with django_assert_num_queries(QUERIES):
        cohort_overview(cohort)
