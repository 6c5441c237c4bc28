"""What a coordinator pressed by mistake is as it was, seat, queue, offer and messages, while nobody has been told."""

from datetime import timedelta

import pytest

from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from courses.catalogue.services.courses import update_course
from courses.enrolling.enums import EnrollmentState, QueueReason
from courses.enrolling.exceptions import CohortFull
from courses.enrolling.models import Enrollment, Party, Transition
from courses.enrolling.selectors.queues import queue_of
from courses.enrolling.services.enrollments import (
    admit_applicant,
    complete_enrollments,
    enroll_person,
    enroll_together,
    reopen_enrollment,
    transition_enrollment,
    withdraw_enrollment,
)
from courses.enrolling.services.offers import accept_offer, decline_offer, offer_seat
from courses.enrolling.services.queue import move_in_queue
from courses.enrolling.services.transfers import transfer_together
from courses.enrolling.services.undo import undo_transition
from courses.messaging.models import Message
from courses.registry.wording.people import transition_words
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory

PHONE = HowAsked.PHONE
APPLIED, WAITLISTED, OFFERED, ENROLLED, ACTIVE, DECLINED, WITHDRAWN = (
    EnrollmentState.APPLIED,
    EnrollmentState.WAITLISTED,
    EnrollmentState.OFFERED,
    EnrollmentState.ENROLLED,
    EnrollmentState.ACTIVE,
    EnrollmentState.DECLINED,
    EnrollmentState.WITHDRAWN,
)


@pytest.fixture(autouse=True)
def ticking(clock):
    """Each action has its own moment, as it has outside of tests."""
    return clock


@pytest.fixture
def later(clock):
    def shift(**time):
        clock.shift(timedelta(**time) if time else timedelta(seconds=10))

    return shift


def enroll(cohort, count=1):
    return [
        enroll_person(person=person, cohort=cohort, act=act(via=PHONE)) for person in PersonFactory.create_batch(count)
    ]


def pair(cohort, count=2):
    return enroll_together(people=PersonFactory.create_batch(count), cohort=cohort, act=act(via=PHONE))


def now(*enrollments):
    found = Enrollment.objects.in_bulk([one.pk for one in enrollments])
    return [found[one.pk] for one in enrollments]


def states(*enrollments):
    return [one.state for one in now(*enrollments)]


def taken(cohort):
    return Cohort.objects.get(pk=cohort.pk).seats_taken


def waiting(cohort):
    return [one.pk for one in queue_of(cohort)]


def messages(enrollment):
    return set(Message.objects.filter(enrollment=enrollment).values_list("rule", "state"))


def tell(enrollment, rule, at):
    Message.objects.filter(enrollment=enrollment, rule=rule).update(state="sent", sent_at=at)


def undo(enrollment, by):
    return undo_transition(enrollment=enrollment, act=act(by, PHONE))


@pytest.fixture
def offered(coordinator, later):
    """A group of one seat, which is held for the first of two who wait."""
    cohort = CohortFactory.create(capacity=1)
    placed, first, second = enroll(cohort, 3)
    later()
    withdraw_enrollment(enrollment=placed, act=act(coordinator, PHONE), reason="time")
    later()
    return cohort, first, second


# Answers to an offer


def test_a_yes_by_mistake_is_an_offer_again_until_the_old_time(offered, coordinator, later):
    cohort, first, second = offered
    [before] = now(first)
    accept_offer(enrollment=first, act=act(coordinator, PHONE))
    later(hours=2)

    undo(first, coordinator)

    [after] = now(first)
    assert (after.state, after.offer_expires_at) == (OFFERED, before.offer_expires_at)
    assert (states(second), taken(cohort)) == ([WAITLISTED], 1)
    assert {("seat_offered", "pending"), ("place_confirmed", "cancelled")} <= messages(first)


def test_a_no_by_mistake_takes_the_next_offer_back(offered, coordinator, later):
    cohort, first, second = offered
    number, [before] = second.queue_number, now(first)
    decline_offer(enrollment=first, act=act(coordinator, PHONE))
    assert states(first, second) == [WITHDRAWN, OFFERED]
    later()

    undo(first, coordinator)

    [one, two] = now(first, second)
    assert (one.state, one.offer_expires_at, one.reason) == (OFFERED, before.offer_expires_at, "")
    assert (two.state, two.queue_number, two.offers_lapsed) == (WAITLISTED, number, 0)
    assert (taken(cohort), ("seat_offered", "pending") in messages(first)) == (1, True)


def test_a_no_stands_when_the_next_was_told(offered, coordinator, later):
    _cohort, first, second = offered
    decline_offer(enrollment=first, act=act(coordinator, PHONE))
    later()
    tell(second, "seat_offered", NOW + timedelta(hours=1))

    with pytest.raises(CohortFull):
        undo(first, coordinator)

    assert states(first, second) == [WITHDRAWN, OFFERED]


def test_a_yes_stands_when_the_person_was_told(offered, coordinator, later):
    _cohort, first, _second = offered
    accept_offer(enrollment=first, act=act(coordinator, PHONE))
    tell(first, "place_confirmed", NOW + timedelta(hours=1))
    later()

    with pytest.raises(RuleError) as refusal:
        undo(first, coordinator)

    assert (refusal.value.code, states(first)) == ("told", [ENROLLED])


def test_an_offer_that_would_be_over_by_now_holds_as_long_as_a_new_one(offered, coordinator, later, clock):
    _cohort, first, _second = offered
    expires_at = now(first)[0].offer_expires_at
    clock.move_to(expires_at - timedelta(hours=1))
    accept_offer(enrollment=first, act=act(coordinator, PHONE))
    later(hours=2)

    undo(first, coordinator)

    assert now(first)[0].offer_expires_at > expires_at + timedelta(days=1)


def test_to_the_end_of_the_queue_by_mistake_is_an_offer_again(offered, coordinator, later):
    _cohort, first, second = offered
    transition_enrollment(enrollment=first, to_state=WAITLISTED, act=act(coordinator, PHONE))
    assert states(first, second) == [WAITLISTED, OFFERED]
    later()

    undo(first, coordinator)

    [one] = now(first)
    assert (one.state, one.offers_lapsed, one.queue_reason, states(second)) == (OFFERED, 0, "", [WAITLISTED])


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_the_answer_of_a_pair_is_undone_for_both(answer, coordinator, later):
    cohort = CohortFactory.create(capacity=2)
    placed = enroll(cohort, 2)
    both = pair(cohort)
    for one in placed:
        later()
        withdraw_enrollment(enrollment=one, act=act(coordinator, PHONE), reason="time")
    assert states(*both) == [OFFERED, OFFERED]
    later()
    answer(enrollment=both[0], act=act(coordinator, PHONE))
    later()

    undone = undo(both[1], coordinator)

    assert {one.pk for one in undone} == {one.pk for one in both}
    assert states(*both) == [OFFERED, OFFERED]
    assert {one.party_id for one in now(*both)} == {Party.objects.get(ended_at=None).pk}


def test_one_of_a_pair_who_comes_after_all_is_in_the_pair_again(coordinator, later):
    both = pair(CohortFactory.create(capacity=2))
    later()
    withdraw_enrollment(enrollment=both[0], act=act(coordinator, PHONE), reason="time")
    assert ("companion_left", "pending") in messages(both[1])
    later()

    undo(both[0], coordinator)

    assert states(*both) == [ENROLLED, ENROLLED]
    assert {one.party_id for one in now(*both)} == {Party.objects.get(ended_at=None).pk}
    assert ("companion_left", "cancelled") in messages(both[1])


def test_others_who_were_moved_in_the_same_press_stay(coordinator, later):
    cohort = CohortFactory.create(capacity=2, starts_on=NOW.date() - timedelta(days=1))
    placed = enroll(cohort, 2)
    later()
    enrollments = now(*placed)
    for one in enrollments:
        transition_enrollment(enrollment=one, to_state=WITHDRAWN, act=act(coordinator, PHONE), reason="time")
    later()

    undo(placed[0], coordinator)

    assert states(*placed) == [ENROLLED, WITHDRAWN]


# The queue


def test_an_offer_by_hand_is_taken_back_to_the_old_places(coordinator, later):
    # The group has begun, so that nobody is asked by itself.
    cohort = CohortFactory.create(capacity=1, starts_on=NOW.date() - timedelta(days=1))
    first, second = (
        EnrollmentFactory.create(cohort=cohort, state=WAITLISTED, queue_number=number) for number in (1, 2)
    )
    offer_seat(enrollment=second, act=act(coordinator, PHONE), note="Soitti")
    later()

    undo(second, coordinator)

    assert (states(first, second), waiting(cohort)) == ([WAITLISTED, WAITLISTED], [first.pk, second.pk])
    assert (taken(cohort), {state for _rule, state in messages(second)}) == (0, {"cancelled"})


def test_an_offer_stands_when_the_person_was_told(coordinator, later):
    cohort = CohortFactory.create(capacity=1, starts_on=NOW.date() - timedelta(days=1))
    only = EnrollmentFactory.create(cohort=cohort, state=WAITLISTED, queue_number=1)
    offer_seat(enrollment=only, act=act(coordinator, PHONE))
    tell(only, "seat_offered", NOW)
    later()

    with pytest.raises(RuleError) as refusal:
        undo(only, coordinator)

    assert (refusal.value.code, states(only)) == ("told", [OFFERED])


def test_a_move_in_the_queue_is_undone_for_a_pair(coordinator, later):
    cohort = CohortFactory.create(capacity=1)
    enroll(cohort)
    [alone] = enroll(cohort)
    wide = CohortFactory.create(capacity=2)
    enroll(wide, 2)
    singles, both, last = enroll(wide, 2), pair(wide), enroll(wide, 1)
    before = waiting(wide)
    later()
    move_in_queue(enrollment=both[1], place=1, reason=QueueReason.ACCESS, act=act(coordinator, PHONE))
    assert waiting(wide) == [one.pk for one in [*both, *singles, *last]]
    later()

    undo(both[1], coordinator)

    assert waiting(wide) == before
    assert [one.queue_reason for one in now(*both)] == ["", ""]
    assert waiting(cohort) == [alone.pk]


# Applications


@pytest.fixture
def applied(coordinator, later):
    """A group whose course asks for another, and somebody who lacks it and has applied."""
    asked = CourseFactory.create()
    course = CourseFactory.create()
    update_course(course=course, act=act(coordinator), required_course=asked)
    cohort = CohortFactory.create(course=course, capacity=1)
    [applicant] = enroll(cohort)
    assert applicant.state == APPLIED
    later()
    return applicant


def test_an_admission_by_mistake_waits_for_the_decision_again(applied, coordinator, later):
    admit_applicant(enrollment=applied, act=act(coordinator, PHONE), waiver="Osaa jo")
    later()

    undo(applied, coordinator)

    [after] = now(applied)
    assert (after.state, after.waiver, taken(after.cohort)) == (APPLIED, "", 0)
    assert ("place_confirmed", "pending") not in messages(applied)


def test_a_refusal_by_mistake_waits_for_the_decision_again(applied, coordinator, later):
    transition_enrollment(enrollment=applied, to_state=DECLINED, act=act(coordinator, PHONE))
    later()

    undo(applied, coordinator)

    [after] = now(applied)
    assert (after.state, after.ended_at) == (APPLIED, None)


def test_an_application_can_be_undone_as_a_whole(applied, coordinator):
    undo(applied, coordinator)

    assert states(applied) == [WITHDRAWN]


# Elsewhere


@pytest.mark.parametrize("queued", [False, True])
def test_a_pair_goes_back_together_to_the_old_places(queued, coordinator, later):
    course = CourseFactory.create()
    old, new = (CohortFactory.create(course=course, capacity=2) for _ in range(2))
    if queued:
        enroll(old, 2)
        enroll(old)
    both = pair(old)
    before = waiting(old)
    later()
    transfer_together(enrollments=now(*both), to_cohort=new, act=act(coordinator, PHONE))
    assert (states(*both), taken(new)) == ([ENROLLED, ENROLLED], 2)
    later()

    undo(both[0], coordinator)

    assert {one.cohort for one in now(*both)} == {old}
    assert (states(*both), waiting(old)) == ([WAITLISTED if queued else ENROLLED] * 2, before)
    assert not queued or ("place_confirmed", "pending") not in messages(both[0]) | messages(both[1])
    assert (taken(new), {one.party_id for one in now(*both)} == {Party.objects.get(ended_at=None).pk}) == (0, True)


def test_a_reopening_by_mistake_is_closed_for_the_same_reason(coordinator, later):
    [one] = enroll(CohortFactory.create())
    later()
    withdraw_enrollment(enrollment=one, act=act(coordinator, PHONE), reason="health")
    later()
    reopen_enrollment(enrollment=one, act=act(coordinator, PHONE), note="Palasi")
    later()

    undo(one, coordinator)

    [after] = now(one)
    assert (after.state, after.reason, taken(after.cohort)) == (WITHDRAWN, "health", 0)


def test_a_completion_is_taken_back_where_it_was_decided(coordinator):
    active = EnrollmentFactory.create(state=ACTIVE, started_at=NOW)
    complete_enrollments(enrollments=[active], act=act(coordinator, at=NOW))

    with pytest.raises(RuleError) as refusal:
        undo(active, coordinator)

    assert refusal.value.code == "nothing_to_undo"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (ENROLLED, OFFERED, "The yes to the seat in"),
        (WITHDRAWN, OFFERED, "The no to the seat in"),
        (ENROLLED, APPLIED, "The decision about"),
        (WAITLISTED, APPLIED, "The decision about"),
        (DECLINED, APPLIED, "The decision about"),
        (WITHDRAWN, APPLIED, "The decision about"),
    ],
)
def test_the_history_says_what_was_taken_back(before, after, words, coordinator):
    enrollment = EnrollmentFactory.create()
    step = Transition(enrollment=enrollment, from_state=before, to_state=after, at=NOW, by=coordinator)

    assert transition_words(step).startswith(words)
