"""Offers as the product's rules say: a freed seat is offered at once, taken or not, and lapses to the end of the queue."""

from datetime import datetime, timedelta

import pytest

from accounts.enums import HowAsked, PersonState
from accounts.exceptions import RuleError
from courses.dates.calendar import HELSINKI
from courses.enrolling.enums import EnrollmentState, QueueReason
from courses.enrolling.exceptions import CohortFull
from courses.enrolling.models import Enrollment, Party
from courses.enrolling.selectors.queues import queue_of, queue_position
from courses.enrolling.services.enrollments import change_capacity, enroll_person, enroll_together, withdraw_enrollment
from courses.enrolling.services.offers import accept_offer, decline_offer, lapse_offers, offer_seat
from courses.enrolling.services.queue import join_party, move_in_queue, split_party
from courses.enrolling.services.undo import undo_transition
from courses.messaging.models import Message
from courses.registry.services.people import change_person_state
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.usefixtures("clock")

OFFERED, ENROLLED, WAITLISTED, WITHDRAWN = (
    EnrollmentState.OFFERED,
    EnrollmentState.ENROLLED,
    EnrollmentState.WAITLISTED,
    EnrollmentState.WITHDRAWN,
)


def enroll(cohort, by, count=1):
    return [
        enroll_person(person=person, cohort=cohort, act=act(by, HowAsked.PHONE))
        for person in PersonFactory.create_batch(count)
    ]


def pair(cohort, by, count=2):
    return enroll_together(people=PersonFactory.create_batch(count), cohort=cohort, act=act(by, HowAsked.PHONE))


def withdraw(enrollment, by):
    return withdraw_enrollment(enrollment=enrollment, act=act(by, HowAsked.PHONE), reason="time")


def states(enrollments):
    found = Enrollment.objects.in_bulk([one.pk for one in enrollments])
    return [found[one.pk].state for one in enrollments]


def seats(cohort):
    return Cohort.objects.get(pk=cohort.pk).seats_taken


def test_a_freed_seat_is_offered_to_the_next_at_once(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second, third = enroll(cohort, coordinator, 3)

    withdraw(placed, coordinator)

    assert states([second, third]) == [OFFERED, WAITLISTED]
    assert seats(cohort) == 1
    assert Message.objects.filter(enrollment=second, rule="seat_offered").exists()
    second.refresh_from_db()
    # The test clock stands at a Tuesday, 10 o'clock: three days on the same clock.
    assert second.offer_expires_at == datetime(2027, 1, 15, 10, tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("days", "expires"),
    [
        (8, datetime(2027, 1, 15, 10, tzinfo=HELSINKI)),
        (6, datetime(2027, 1, 14, 10, tzinfo=HELSINKI)),
        (2, datetime(2027, 1, 13, 10, tzinfo=HELSINKI)),
    ],
)
def test_the_nearer_the_start_the_shorter_the_offer(coordinator, days, expires):
    cohort = CohortFactory.create(capacity=1)
    SessionFactory.create(cohort=cohort, starts_at=NOW + timedelta(days=days))
    placed, second = enroll(cohort, coordinator, 2)

    withdraw(placed, coordinator)

    second.refresh_from_db()
    assert second.offer_expires_at == expires


def test_an_accepted_offer_is_a_place(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second = enroll(cohort, coordinator, 2)
    withdraw(placed, coordinator)

    accept_offer(enrollment=second, act=act(via=HowAsked.WEB))

    assert states([second]) == [ENROLLED]
    assert seats(cohort) == 1
    waiting = Message.objects.filter(enrollment=second, rule__in=["seat_offered", "offer_lapsing"], state="pending")
    assert waiting.count() == 0
    assert Message.objects.filter(enrollment=second, rule="place_confirmed", state="pending").exists()


def test_an_offer_is_answered_once(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second = enroll(cohort, coordinator, 2)
    withdraw(placed, coordinator)
    accept_offer(enrollment=second, act=act(via=HowAsked.WEB))

    for answer in (accept_offer, decline_offer):
        with pytest.raises(RuleError) as refusal:
            answer(enrollment=second, act=act(via=HowAsked.WEB))
        assert refusal.value.code == "offer_gone"

    assert second.transitions.filter(to_state=ENROLLED).count() == 1


def test_a_declined_offer_goes_to_the_next(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second, third = enroll(cohort, coordinator, 3)
    withdraw(placed, coordinator)

    decline_offer(enrollment=second, act=act(via=HowAsked.WEB))

    assert states([second, third]) == [WITHDRAWN, OFFERED]
    assert seats(cohort) == 1


def test_without_an_answer_the_offer_lapses_to_the_end_of_the_queue(coordinator, clock):
    cohort = CohortFactory.create(capacity=1)
    placed, second, third = enroll(cohort, coordinator, 3)
    withdraw(placed, coordinator)

    clock.move_to(NOW + timedelta(days=2))
    assert lapse_offers(at=NOW + timedelta(days=2)) == 0
    clock.move_to(NOW + timedelta(days=3))
    assert lapse_offers(at=NOW + timedelta(days=3)) == 1

    assert states([second, third]) == [WAITLISTED, OFFERED]
    second.refresh_from_db()
    assert (queue_position(second), second.offers_lapsed, second.queue_reason) == (1, 1, QueueReason.LAPSED)
    assert second.queue_number > third.queue_number
    with pytest.raises(RuleError) as refusal:
        accept_offer(enrollment=second, act=act(via=HowAsked.WEB))
    assert refusal.value.code == "offer_gone"


def test_more_seats_are_offered_to_several(coordinator):
    cohort = CohortFactory.create(capacity=1)
    _placed, *waiting = enroll(cohort, coordinator, 4)

    change_capacity(cohort=cohort, capacity=3, act=act(coordinator))

    assert states(waiting) == [OFFERED, OFFERED, WAITLISTED]
    assert seats(cohort) == 3


def test_who_is_paused_is_passed_over(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second, third = enroll(cohort, coordinator, 3)
    change_person_state(person=second.person, to_state=PersonState.PAUSED, act=act(coordinator, HowAsked.PHONE))

    withdraw(placed, coordinator)

    assert states([second, third]) == [WAITLISTED, OFFERED]


def test_an_offer_that_stands_is_told_again_when_a_pause_ends(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second = enroll(cohort, coordinator, 2)
    withdraw(placed, coordinator)
    told = Message.objects.filter(enrollment=second, rule="seat_offered")
    assert list(told.values_list("state", flat=True)) == ["pending"]

    for state, then in ((PersonState.PAUSED, "cancelled"), (PersonState.ACTIVE, "pending")):
        change_person_state(person=second.person, to_state=state, act=act(coordinator, HowAsked.PHONE))
        assert list(told.values_list("state", flat=True)) == [then]


def test_after_the_start_only_a_person_offers(coordinator):
    cohort = CohortFactory.create(capacity=1, state=CohortState.RUNNING)
    SessionFactory.create(cohort=cohort, starts_at=NOW - timedelta(days=1))
    placed, second, third = enroll(cohort, coordinator, 3)

    withdraw(placed, coordinator)
    assert states([second, third]) == [WAITLISTED, WAITLISTED]

    offer_seat(enrollment=second, act=act(coordinator, HowAsked.PHONE))
    assert states([second, third]) == [OFFERED, WAITLISTED]


def test_offering_out_of_order_needs_a_reason_and_never_a_seat_too_many(coordinator):
    cohort = CohortFactory.create(capacity=1, state=CohortState.RUNNING)
    SessionFactory.create(cohort=cohort, starts_at=NOW - timedelta(days=1))
    placed, second, third = enroll(cohort, coordinator, 3)
    with pytest.raises(CohortFull):
        offer_seat(enrollment=second, act=act(coordinator, HowAsked.PHONE))
    withdraw(placed, coordinator)

    with pytest.raises(RuleError) as refusal:
        offer_seat(enrollment=third, act=act(coordinator, HowAsked.PHONE))
    assert refusal.value.code == "note_missing"
    offer_seat(enrollment=third, act=act(coordinator, HowAsked.PHONE), note="Toinen on matkoilla")

    assert states([second, third]) == [WAITLISTED, OFFERED]


def test_nobody_who_comes_now_overtakes_the_queue(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second = enroll(cohort, coordinator, 2)
    withdraw(placed, coordinator)

    [late] = enroll(cohort, coordinator)

    assert states([second, late]) == [OFFERED, WAITLISTED]


def test_undoing_a_withdrawal_takes_the_untold_offer_back(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second, third = enroll(cohort, coordinator, 3)
    number = second.queue_number
    withdraw(placed, coordinator)

    undo_transition(enrollment=placed, act=act(coordinator, HowAsked.PHONE))

    second.refresh_from_db()
    assert states([placed, second, third]) == [ENROLLED, WAITLISTED, WAITLISTED]
    assert (second.queue_number, second.offers_lapsed, second.queue_reason) == (number, 0, "")
    assert not Message.objects.filter(rule="seat_offered", state="pending").exists()


def test_a_withdrawal_is_not_undone_when_the_next_was_told(coordinator):
    cohort = CohortFactory.create(capacity=1)
    placed, second = enroll(cohort, coordinator, 2)
    withdraw(placed, coordinator)
    Message.objects.filter(enrollment=second, rule="seat_offered").update(state="sent", sent_at=NOW)

    with pytest.raises(CohortFull):
        undo_transition(enrollment=placed, act=act(coordinator, HowAsked.PHONE))

    assert states([placed, second]) == [WITHDRAWN, OFFERED]


# Two together


def test_a_pair_is_placed_when_both_fit(coordinator):
    cohort = CohortFactory.create(capacity=2)

    both = pair(cohort, coordinator)

    assert states(both) == [ENROLLED, ENROLLED]
    assert {one.party_id for one in both} == {Party.objects.get().pk}


def test_a_pair_waits_when_only_one_fits_and_holds_the_seat_back_for_an_offer_time(coordinator, clock):
    cohort = CohortFactory.create(capacity=2)
    enroll(cohort, coordinator)
    both = pair(cohort, coordinator)
    [single] = enroll(cohort, coordinator)

    assert states([*both, single]) == [WAITLISTED, WAITLISTED, WAITLISTED]
    clock.move_to(NOW + timedelta(days=2))
    lapse_offers(at=NOW + timedelta(days=2))
    assert states([single]) == [WAITLISTED]
    clock.move_to(NOW + timedelta(days=3))
    lapse_offers(at=NOW + timedelta(days=3))

    assert states([*both, single]) == [WAITLISTED, WAITLISTED, OFFERED]
    assert Party.objects.get().blocked_since is None


def test_a_pair_is_offered_both_seats_with_one_answer(coordinator):
    cohort = CohortFactory.create(capacity=2)
    first, second = enroll(cohort, coordinator, 2)
    both = pair(cohort, coordinator)
    withdraw(first, coordinator)
    assert states(both) == [WAITLISTED, WAITLISTED]

    withdraw(second, coordinator)
    assert states(both) == [OFFERED, OFFERED]
    accepted = accept_offer(enrollment=both[0], act=act(coordinator, HowAsked.PHONE))

    assert {one.pk for one in accepted} == {one.pk for one in both}
    assert states(both) == [ENROLLED, ENROLLED]


def test_a_pair_lapses_and_declines_as_one(coordinator, clock):
    cohort = CohortFactory.create(capacity=2)
    first, second = enroll(cohort, coordinator, 2)
    both, singles = pair(cohort, coordinator), enroll(cohort, coordinator, 2)
    withdraw(first, coordinator)
    withdraw(second, coordinator)

    clock.move_to(NOW + timedelta(days=3))
    lapse_offers(at=NOW + timedelta(days=3))
    assert states([*both, *singles]) == [WAITLISTED, WAITLISTED, OFFERED, OFFERED]
    for single in singles:
        decline_offer(enrollment=single, act=act(via=HowAsked.WEB))
    assert states(both) == [OFFERED, OFFERED]
    decline_offer(enrollment=both[1], act=act(via=HowAsked.WEB))

    assert states(both) == [WITHDRAWN, WITHDRAWN]
    assert seats(cohort) == 0


@pytest.mark.parametrize("capacity", [2, 1])
def test_one_of_two_leaving_leaves_the_other_where_they_are_and_asks(coordinator, capacity):
    cohort = CohortFactory.create(capacity=2)
    if capacity == 1:
        enroll(cohort, coordinator, 2)
    both = pair(cohort, coordinator)
    before = states(both)[1]

    withdraw(both[0], coordinator)

    assert states(both) == [WITHDRAWN, before]
    asked = Message.objects.get(rule="companion_left")
    assert asked.enrollment_id == both[1].pk
    both[1].refresh_from_db()
    assert (both[1].party_id, Party.objects.get().ended_at) == (None, NOW)


def test_one_of_two_declining_alone_leaves_the_other_the_offer(coordinator):
    cohort = CohortFactory.create(capacity=2)
    first, second = enroll(cohort, coordinator, 2)
    both, [single] = pair(cohort, coordinator), enroll(cohort, coordinator)
    withdraw(first, coordinator)
    withdraw(second, coordinator)

    decline_offer(enrollment=both[0], act=act(via=HowAsked.WEB), together=False)

    assert states([*both, single]) == [WITHDRAWN, OFFERED, OFFERED]


def test_a_party_has_at_most_four_and_fits_the_group(coordinator):
    for capacity, count in ((10, 5), (2, 3)):
        with pytest.raises(RuleError) as refusal:
            pair(CohortFactory.create(capacity=capacity), coordinator, count)
        assert refusal.value.code == "party_too_large"

    assert Enrollment.objects.count() == 0


def test_undoing_the_enrolling_of_a_pair_undoes_both(coordinator):
    both = pair(CohortFactory.create(capacity=2), coordinator)

    undo_transition(enrollment=both[0], act=act(coordinator, HowAsked.PHONE))

    assert states(both) == [WITHDRAWN, WITHDRAWN]
    assert not Message.objects.filter(rule="companion_left").exists()


def test_a_pair_of_whom_one_is_paused_waits_whole(coordinator):
    cohort = CohortFactory.create(capacity=2)
    placed = enroll(cohort, coordinator, 2)
    both = pair(cohort, coordinator)
    [single] = enroll(cohort, coordinator)
    change_person_state(person=both[1].person, to_state=PersonState.PAUSED, act=act(coordinator, HowAsked.PHONE))

    for one in placed:
        withdraw(one, coordinator)

    assert states([*both, single]) == [WAITLISTED, WAITLISTED, OFFERED]


# The coordinator's hand over the queue


def test_moving_in_the_queue_keeps_the_others_in_order(coordinator):
    cohort = CohortFactory.create(capacity=1)
    _placed, *waiting = enroll(cohort, coordinator, 5)

    moved = move_in_queue(
        enrollment=waiting[3], place=2, reason=QueueReason.ACCESS, act=act(coordinator, HowAsked.PHONE)
    )

    assert [one.pk for one in queue_of(cohort)] == [waiting[number].pk for number in (0, 3, 1, 2)]
    assert moved.queue_reason == QueueReason.ACCESS
    step = moved.transitions.order_by("pk").last()
    assert (step.from_state, step.to_state, step.reason, step.by) == (WAITLISTED, WAITLISTED, "access", coordinator)


def test_another_reason_is_said_in_words(coordinator):
    cohort = CohortFactory.create(capacity=1)
    _placed, _second, third = enroll(cohort, coordinator, 3)

    with pytest.raises(RuleError) as refusal:
        move_in_queue(enrollment=third, place=1, reason=QueueReason.OTHER, act=act(coordinator, HowAsked.PHONE))

    assert refusal.value.code == "note_missing"


def test_a_pair_moves_together_and_stands_at_the_later_place_when_it_joins(coordinator):
    cohort = CohortFactory.create(capacity=2)
    _first, _second, *waiting = enroll(cohort, coordinator, 6)

    join_party(enrollments=[waiting[0], waiting[2]], act=act(coordinator, HowAsked.PHONE))
    assert [one.pk for one in queue_of(cohort)] == [waiting[number].pk for number in (1, 0, 2, 3)]
    move_in_queue(enrollment=waiting[2], place=1, reason=QueueReason.ACCESS, act=act(coordinator, HowAsked.PHONE))

    assert [one.pk for one in queue_of(cohort)] == [waiting[number].pk for number in (0, 2, 1, 3)]


def test_splitting_a_party_lets_each_come_alone(coordinator):
    cohort = CohortFactory.create(capacity=2)
    enroll(cohort, coordinator)
    both = pair(cohort, coordinator)

    split_party(party=Party.objects.get(), act=act(coordinator, HowAsked.PHONE))

    assert states(both) == [OFFERED, WAITLISTED]
