import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.exceptions import CohortFull
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import TRANSITIONS
from courses.enrolling.services.enrollments import (
    begin_enrollments,
    cancel_open_enrollments,
    change_capacity,
    enroll_people,
    enroll_person,
    reopen_enrollment,
    transition_enrollment,
    withdraw_enrollment,
)
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


def enroll(person, cohort, by):
    return enroll_person(person=person, cohort=cohort, act=act(by, HowAsked.PHONE))


def test_enroll_gives_a_place_while_one_is_free(coordinator, learner):
    cohort = CohortFactory.create(capacity=1)

    enrollment = enroll(learner, cohort, coordinator)

    assert enrollment.state == EnrollmentState.ENROLLED
    assert Cohort.objects.get(pk=cohort.pk).seats_taken == 1


def test_enroll_over_capacity_goes_to_the_end_of_the_waiting_list(coordinator):
    cohort = CohortFactory.create(capacity=1)
    people = PersonFactory.create_batch(3)

    enrollments = [enroll(person, cohort, coordinator) for person in people]

    assert [(enrollment.state, enrollment.queue_number) for enrollment in enrollments] == [
        (EnrollmentState.ENROLLED, None),
        (EnrollmentState.WAITLISTED, 1),
        (EnrollmentState.WAITLISTED, 2),
    ]


def test_enroll_does_not_overtake_those_who_wait(coordinator, learner, stranger):
    cohort = CohortFactory.create(capacity=1)
    first = enroll(PersonFactory.create(), cohort, coordinator)
    enroll(stranger, cohort, coordinator)
    withdraw_enrollment(enrollment=first, act=act(coordinator, HowAsked.PHONE), reason="time")

    late = enroll(learner, cohort, coordinator)

    assert (late.state, late.queue_number) == (EnrollmentState.WAITLISTED, 2)


def test_enroll_writes_each_step_and_who_asked_how(coordinator, learner):
    enrollment = enroll(learner, CohortFactory.create(), coordinator)

    assert list(enrollment.transitions.values_list("from_state", "to_state", "by", "how_asked")) == [
        ("", "applied", coordinator.pk, "phone"),
        ("applied", "enrolled", coordinator.pk, "phone"),
    ]
    assert AuditEntry.objects.get(action="enrollment.create").subject == learner


def test_enroll_twice_is_refused_with_the_name(coordinator, learner):
    cohort = CohortFactory.create()
    enroll(learner, cohort, coordinator)

    with pytest.raises(RuleError) as refusal:
        enroll(learner, cohort, coordinator)

    assert refusal.value.code == "already_open"
    assert cohort.enrollments.count() == 1


def test_database_refuses_a_second_open_enrollment(learner):
    cohort = CohortFactory.create()
    EnrollmentFactory.create(cohort=cohort, person=learner, state=EnrollmentState.APPLIED)

    with pytest.raises(IntegrityError), transaction.atomic():
        Enrollment.objects.create(
            cohort=cohort, person=learner, state=EnrollmentState.WAITLISTED, queue_number=1, how_asked="web"
        )


def test_database_refuses_more_seats_than_capacity():
    cohort = CohortFactory.create(capacity=2)

    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(seats_taken=3)


@pytest.mark.parametrize("state", [CohortState.DRAFT, CohortState.FINISHED, CohortState.CLOSED, CohortState.CANCELLED])
def test_enroll_only_where_the_cohort_takes_people(coordinator, learner, state):
    cohort = CohortFactory.create(state=state)

    with pytest.raises(RuleError) as refusal:
        enroll(learner, cohort, coordinator)

    assert refusal.value.code == "not_enrolling"


def test_enroll_refuses_the_deceased(coordinator):
    person = PersonFactory.create(state="deceased")

    with pytest.raises(RuleError):
        enroll(person, CohortFactory.create(), coordinator)


def test_full_waiting_list_is_told(coordinator):
    cohort = CohortFactory.create(capacity=1, waiting_list_capacity=1)
    for person in PersonFactory.create_batch(2):
        enroll(person, cohort, coordinator)

    with pytest.raises(CohortFull):
        enroll(PersonFactory.create(), cohort, coordinator)


def test_enroll_people_is_all_or_nobody(coordinator, learner):
    cohort = CohortFactory.create()
    enroll(learner, cohort, coordinator)

    with pytest.raises(RuleError):
        enroll_people(people=[PersonFactory.create(), learner], cohort=cohort, act=act(coordinator, HowAsked.ROSTER))

    assert cohort.enrollments.count() == 1


@pytest.mark.parametrize("count", [1, 30])
def test_enroll_people_query_count_does_not_grow(coordinator, count):
    cohort = CohortFactory.create(capacity=10)
    people = PersonFactory.create_batch(count)

    with CaptureQueriesContext(connection) as queries:
        enroll_people(people=people, cohort=cohort, act=act(coordinator, HowAsked.ROSTER))

    assert len(queries) <= 27


def test_withdrawal_frees_the_seat_and_keeps_the_reason(coordinator, learner):
    cohort = CohortFactory.create()
    enrollment = enroll(learner, cohort, coordinator)

    gone = withdraw_enrollment(enrollment=enrollment, act=act(coordinator, HowAsked.PHONE), reason="transport")

    assert (gone.state, gone.reason, gone.ended_at is not None) == ("withdrawn", "transport", True)
    assert Cohort.objects.get(pk=cohort.pk).seats_taken == 0


def test_the_audit_never_names_a_reason_which_may_be_health(coordinator, learner):
    enrollment = enroll(learner, CohortFactory.create(), coordinator)

    withdraw_enrollment(enrollment=enrollment, act=act(coordinator, HowAsked.PHONE), reason="health")

    assert AuditEntry.objects.get(action="enrollment.move").detail == {
        "from": "enrolled",
        "to": "withdrawn",
        "how_asked": "phone",
        "was": {},
    }


def test_placing_from_the_queue_needs_a_free_seat(coordinator, learner):
    cohort = CohortFactory.create(capacity=1)
    enroll(PersonFactory.create(), cohort, coordinator)
    waiting = enroll(learner, cohort, coordinator)

    with pytest.raises(CohortFull):
        transition_enrollment(
            enrollment=waiting, to_state=EnrollmentState.ENROLLED, act=act(coordinator, HowAsked.PHONE)
        )

    waiting.refresh_from_db()
    assert waiting.state == EnrollmentState.WAITLISTED


@pytest.mark.parametrize("from_state", list(EnrollmentState))
@pytest.mark.parametrize("to_state", list(EnrollmentState))
def test_only_the_moves_of_the_drawing(coordinator, from_state, to_state):
    enrollment = EnrollmentFactory.create(
        state=from_state,
        queue_number=1 if from_state == "waitlisted" else None,
        offer_expires_at=timezone.now() if from_state == "offered" else None,
    )
    allowed = to_state in TRANSITIONS.get(from_state, ()) or (
        from_state in OPEN_STATES and to_state == EnrollmentState.COHORT_CANCELLED
    )

    try:
        transition_enrollment(
            enrollment=enrollment, to_state=to_state, act=act(coordinator), offer_expires_at=timezone.now()
        )
    except RuleError:
        moved = False
    else:
        moved = True

    # Without words for it, no closed state opens again.
    assert moved is allowed
    made = enrollment.transitions.exclude(by=None).values_list("from_state", "to_state")
    assert list(made) == ([(from_state, to_state)] if allowed else [])
    enrollment.refresh_from_db()
    # Seats are free: who waits is offered one at once.
    ends = EnrollmentState.OFFERED if to_state == EnrollmentState.WAITLISTED else to_state
    assert enrollment.state == (ends if allowed else from_state)


def test_first_attendance_begins_only_those_with_a_place(coordinator):
    cohort = CohortFactory.create()
    placed = EnrollmentFactory.create(cohort=cohort)
    withdrawn = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WITHDRAWN)

    begun = begin_enrollments(enrollments=[placed, withdrawn], act=act(coordinator))

    assert [enrollment.pk for enrollment in begun] == [placed.pk]
    assert begun[0].started_at is not None


def test_reopening_asks_for_a_reason_and_gives_the_old_place(coordinator, learner):
    cohort = CohortFactory.create()
    enrollment = enroll(learner, cohort, coordinator)
    withdraw_enrollment(enrollment=enrollment, act=act(coordinator, HowAsked.PHONE), reason="time")

    with pytest.raises(RuleError):
        reopen_enrollment(enrollment=enrollment, act=act(coordinator, HowAsked.PHONE), note=" ")
    reopened = reopen_enrollment(enrollment=enrollment, act=act(coordinator, HowAsked.PHONE), note="Väärinkäsitys")

    assert (reopened.state, reopened.ended_at, reopened.reason) == (EnrollmentState.ENROLLED, None, "")
    assert Transition.objects.filter(enrollment=enrollment).last().reason == "Väärinkäsitys"


def test_reopening_never_overtakes_the_queue(coordinator, learner, stranger):
    cohort = CohortFactory.create(capacity=1)
    enrollment = enroll(learner, cohort, coordinator)
    enroll(stranger, cohort, coordinator)
    withdraw_enrollment(enrollment=enrollment, act=act(coordinator, HowAsked.PHONE), reason="time")

    reopened = reopen_enrollment(enrollment=enrollment, act=act(coordinator, HowAsked.PHONE), note="Palasi")

    assert reopened.state == EnrollmentState.WAITLISTED


def test_cancelling_ends_every_open_enrollment_and_no_other(coordinator):
    cohort = CohortFactory.create()
    EnrollmentFactory.create_batch(2, cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WITHDRAWN)

    cancel_open_enrollments(cohort=cohort, act=act(coordinator))

    assert sorted(cohort.enrollments.values_list("state", flat=True)) == [
        "cohort_cancelled",
        "cohort_cancelled",
        "withdrawn",
    ]


def test_capacity_below_the_taken_seats_is_refused(coordinator):
    cohort = CohortFactory.create(capacity=3)
    EnrollmentFactory.create_batch(2, cohort=cohort)

    with pytest.raises(RuleError) as refusal:
        change_capacity(cohort=cohort, capacity=1, act=act(coordinator))

    assert refusal.value.code == "capacity_below_taken"
    assert Cohort.objects.get(pk=cohort.pk).capacity == 3
