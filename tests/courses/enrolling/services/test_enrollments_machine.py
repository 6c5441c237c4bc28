"""Every move of an enrollment, in any order: the promises about seats and queue hold after each, and a refusal changes nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.enums import HowAsked, PersonState
from accounts.exceptions import RuleError
from accounts.models import Person
from courses.enrolling.enums import OPEN_STATES, SEAT_STATES, EnrollmentState, QueueReason
from courses.enrolling.models import Enrollment, Party, Transition
from courses.enrolling.rules.offers import plan_offers
from courses.enrolling.selectors.queues import offers_by_itself, queue_of, waiting_for_offer
from courses.enrolling.services.cohorts import cancel_cohort
from courses.enrolling.services.enrollments import (
    begin_enrollments,
    change_capacity,
    complete_enrollments,
    enroll_person,
    enroll_together,
    reopen_enrollment,
    transition_enrollments,
    withdraw_enrollment,
)
from courses.enrolling.services.offers import accept_offer, decline_offer, lapse_offers, offer_seat
from courses.enrolling.services.queue import join_party, move_in_queue, split_party
from courses.enrolling.services.transfers import transfer_enrollment
from courses.enrolling.services.undo import undo_transition
from courses.messaging.models import Message
from courses.registry.services.people import change_person_state
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.conftest import NOW
from tests.examples import examples
from tests.factories import CohortFactory, CourseFactory, PersonFactory

PICK = st.integers(0, 10_000)


class Enrolling(RuleBasedStateMachine):
    """Two groups of a course and a dozen people. Each example is rolled back."""

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.at = NOW
        course = CourseFactory.create()
        self.cohorts = [CohortFactory.create(course=course, capacity=capacity) for capacity in (3, 2)]
        self.people = PersonFactory.create_batch(12)
        self.by = PersonFactory.create(roles=["coordinator"])

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def cohort(self, pick):
        return Cohort.objects.get(pk=self.cohorts[pick % 2].pk)

    def person(self, pick):
        return Person.objects.get(pk=self.people[pick % len(self.people)].pk)

    def chosen(self, pick, *states):
        rows = list(Enrollment.objects.filter(state__in=states).select_related("person", "cohort").order_by("pk"))
        return rows[pick % len(rows)] if rows else None

    def attempt(self, service, *, by, **arguments):
        """Acts. A refusal is an answer too, and must have changed nothing."""
        self.at += timedelta(minutes=1)
        before = snapshot()
        try:
            with transaction.atomic():
                return service(**arguments, act=act(by, HowAsked.PHONE, self.at))
        except RuleError as refusal:
            assert refusal.reasons
            assert snapshot() == before
            return None

    @rule(person=PICK, cohort=PICK)
    def enroll(self, person, cohort):
        self.attempt(enroll_person, person=self.person(person), cohort=self.cohort(cohort), by=self.by)

    @rule(person=PICK, cohort=PICK, size=st.integers(2, 4))
    def enroll_together(self, person, cohort, size):
        people = [self.person(person + step) for step in range(size)]
        self.attempt(enroll_together, people=people, cohort=self.cohort(cohort), by=self.by)

    @rule(pick=PICK)
    def withdraw(self, pick):
        if one := self.chosen(pick, *OPEN_STATES):
            self.attempt(withdraw_enrollment, enrollment=one, by=self.by, reason="time")

    @rule(pick=PICK)
    def accept(self, pick):
        if one := self.chosen(pick, EnrollmentState.OFFERED):
            self.attempt(accept_offer, enrollment=one, by=None)

    @rule(pick=PICK, together=st.booleans())
    def decline(self, pick, together):
        if one := self.chosen(pick, EnrollmentState.OFFERED):
            self.attempt(decline_offer, enrollment=one, by=None, together=together)

    @rule(hours=st.sampled_from([1, 24, 73, 24 * 6]))
    def let_time_pass(self, hours):
        self.at += timedelta(hours=hours)
        lapse_offers(at=self.at)

    @rule(pick=PICK)
    def offer_by_hand(self, pick):
        if one := self.chosen(pick, EnrollmentState.WAITLISTED):
            self.attempt(offer_seat, enrollment=one, by=self.by, note="Soitti")

    @rule(pick=PICK, to_state=st.sampled_from(list(EnrollmentState)))
    def move_by_hand(self, pick, to_state):
        # Seats are offered and groups cancelled by services of their own.
        by_hand = to_state not in (EnrollmentState.OFFERED, EnrollmentState.COHORT_CANCELLED)
        if (one := self.chosen(pick, *EnrollmentState)) and by_hand:
            self.attempt(
                transition_enrollments, enrollments=[one], to_state=to_state, by=self.by, reason="other", note="Syy"
            )

    @rule(cohort=PICK, capacity=st.integers(0, 6))
    def change_capacity(self, cohort, capacity):
        if capacity:
            self.attempt(change_capacity, cohort=self.cohort(cohort), capacity=capacity, by=self.by)

    @rule(pick=PICK, place=st.integers(1, 6))
    def move_in_queue(self, pick, place):
        if one := self.chosen(pick, EnrollmentState.WAITLISTED):
            self.attempt(move_in_queue, enrollment=one, place=place, reason=QueueReason.ACCESS, by=self.by)

    @rule(pick=PICK, other=PICK)
    def join(self, pick, other):
        one, two = self.chosen(pick, *OPEN_STATES), self.chosen(other, *OPEN_STATES)
        if one and two:
            self.attempt(join_party, enrollments=[one, two], by=self.by)

    @rule(pick=PICK)
    def split(self, pick):
        parties = list(Party.objects.filter(ended_at=None).order_by("pk"))
        if parties:
            self.attempt(split_party, party=parties[pick % len(parties)], by=self.by)

    @rule(pick=PICK)
    def transfer(self, pick):
        if one := self.chosen(pick, *OPEN_STATES):
            other = self.cohort(0 if one.cohort_id == self.cohorts[1].pk else 1)
            self.attempt(transfer_enrollment, enrollment=one, to_cohort=other, by=self.by)

    @rule(pick=PICK)
    def come_for_the_first_time(self, pick):
        if one := self.chosen(pick, EnrollmentState.ENROLLED):
            begin_enrollments(enrollments=[one], act=act(self.by, at=self.at))

    @rule(pick=PICK)
    def complete(self, pick):
        if one := self.chosen(pick, EnrollmentState.ACTIVE):
            self.attempt(complete_enrollments, enrollments=[one], by=self.by)

    @rule(pick=PICK)
    def reopen(self, pick):
        if one := self.chosen(pick, *(state for state in EnrollmentState if state not in OPEN_STATES)):
            self.attempt(reopen_enrollment, enrollment=one, by=self.by, note="Palasi")

    @rule(pick=PICK)
    def undo(self, pick):
        if one := self.chosen(pick, *EnrollmentState):
            self.attempt(undo_transition, enrollment=one, by=self.by)

    @rule(pick=PICK, what=st.sampled_from(["accept", "decline", "only me", "offer", "queue", "withdraw", "transfer"]))
    def press_by_mistake_and_undo(self, pick, what):
        """As if it had not been pressed: where it can be undone at all, everybody stands where they stood."""
        states = {"accept": "offered", "decline": "offered", "only me": "offered", "offer": "waitlisted"}
        one = self.chosen(
            pick, *([states.get(what, "waitlisted")] if what not in ("withdraw", "transfer") else OPEN_STATES)
        )
        if one is None:
            return
        lapse_offers(at=self.at)
        before = standing()
        other = self.cohort(0 if one.cohort_id == self.cohorts[1].pk else 1)
        service, arguments = {
            "accept": (accept_offer, {}),
            "decline": (decline_offer, {}),
            "only me": (decline_offer, {"together": False}),
            "offer": (offer_seat, {"note": "Soitti"}),
            "queue": (move_in_queue, {"place": 1 + pick % 5, "reason": QueueReason.ACCESS}),
            "withdraw": (withdraw_enrollment, {"reason": "time"}),
            "transfer": (transfer_enrollment, {"to_cohort": other}),
        }[what]
        if self.attempt(service, enrollment=one, by=self.by, **arguments) is None:
            return
        if self.attempt(undo_transition, enrollment=one, by=self.by) is not None:
            assert standing() == before

    @rule(person=PICK, to_state=st.sampled_from(["paused", "active", "moved", "deceased"]))
    def change_person(self, person, to_state):
        self.attempt(change_person_state, person=self.person(person), to_state=PersonState(to_state), by=self.by)

    @precondition(lambda self: self.at > NOW + timedelta(days=5))
    @rule(instead=st.booleans())
    def cancel_the_second_group(self, instead):
        first, second = (self.cohort(number) for number in (0, 1))
        self.attempt(cancel_cohort, cohort=second, by=self.by, instead=first if instead else None)

    @invariant()
    def seats_are_true(self):
        for cohort in self.now():
            taken = cohort.enrollments.filter(state__in=SEAT_STATES).count()
            assert cohort.seats_taken == taken
            assert taken <= cohort.capacity

    @invariant()
    def no_seat_is_free_for_somebody_who_waits(self):
        lapse_offers(at=self.at) if hasattr(self, "at") else None
        for cohort in self.now():
            if offers_by_itself(cohort, self.at):
                plan = plan_offers(waiting_for_offer(cohort, self.at), free=cohort.free_seats, capacity=cohort.capacity)
                assert plan.offered == []

    @invariant()
    def one_open_enrollment_for_a_person_and_group(self):
        for cohort in self.now():
            people = list(cohort.enrollments.filter(state__in=OPEN_STATES).values_list("person", flat=True))
            assert len(people) == len(set(people))

    @invariant()
    def the_queue_has_an_order(self):
        for cohort in self.now():
            numbers = [one.queue_number for one in queue_of(cohort)]
            assert len(numbers) == len(set(numbers))
            assert max(numbers, default=0) <= cohort.queue_last

    @invariant()
    def those_who_came_together_get_both_or_none(self):
        for party in Party.objects.filter(ended_at=None) if hasattr(self, "at") else ():
            states = set(party.enrollments.filter(state__in=OPEN_STATES).values_list("state", flat=True))
            with_place = {"enrolled", "active"}
            assert len(states) == 1 or states <= with_place
            # One who has come to the end of the course has not left the others.
            assert party.enrollments.count() > 1

    @invariant()
    def an_offer_is_told(self):
        offers = Enrollment.objects.filter(state=EnrollmentState.OFFERED, person__state=PersonState.ACTIVE)
        for one in offers if hasattr(self, "at") else ():
            assert Message.objects.filter(enrollment=one, rule="seat_offered").exclude(state="cancelled").exists()

    @invariant()
    def history_leads_to_what_is(self):
        for one in Enrollment.objects.all() if hasattr(self, "at") else ():
            steps = list(Transition.objects.filter(enrollment=one).order_by("at", "pk"))
            assert steps[-1].to_state == one.state
            assert [step.from_state for step in steps] == ["", *[step.to_state for step in steps[:-1]]]

    def now(self):
        return Cohort.objects.filter(pk__in=[cohort.pk for cohort in self.cohorts]) if hasattr(self, "at") else ()


def standing():
    """Who is where, in which order, and with whom; one who is left of a party comes with nobody."""
    parties: dict[int, list[int]] = {}
    together = Enrollment.objects.filter(party__isnull=False, party__ended_at=None, state__in=OPEN_STATES)
    for pk, party in together.values_list("pk", "party"):
        parties.setdefault(party, []).append(pk)
    return (
        list(
            Enrollment.objects.order_by("pk").values_list("pk", "state", "cohort", "offer_expires_at", "offers_lapsed")
        ),
        [[one.pk for one in queue_of(cohort)] for cohort in Cohort.objects.order_by("pk")],
        list(Cohort.objects.order_by("pk").values_list("pk", "seats_taken")),
        sorted(sorted(members) for members in parties.values() if len(members) > 1),
    )


def snapshot():
    return (
        list(Enrollment.objects.order_by("pk").values_list("pk", "state", "queue_number", "party", "cohort")),
        list(Cohort.objects.order_by("pk").values_list("pk", "seats_taken", "capacity", "state")),
        Transition.objects.count(),
        Message.objects.order_by("pk").values_list("pk", "state").count(),
    )


@pytest.mark.django_db
def test_the_promises_hold_after_any_moves(clock):
    run_state_machine_as_test(
        Enrolling,
        settings=settings(
            max_examples=examples(25),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
