"""Seats held for those who wait: offered as soon as they are free, taken, declined, lapsed. The cohort is locked first."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from courses.dates.calendar import local_day
from courses.enrolling.enums import EnrollmentState, WithdrawalReason
from courses.enrolling.messages.offers import plan_seat_offered
from courses.enrolling.models import Enrollment, Party
from courses.enrolling.rules.offers import plan_offers
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.enrolling.selectors.queues import offer_times_of, offers_by_itself, party_members, waiting_for_offer
from courses.enrolling.services.parties import leave_parties
from courses.enrolling.services.transitions import Move, write_transitions
from courses.enrolling.wording.refusals import offer_gone
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohort


def offer_free_seats(*, cohort: Cohort, at: datetime) -> list[Enrollment]:
    """Offers the free seats to those who wait, in their order, and plans the messages. `cohort` is locked by the caller,
    who has just freed seats or put somebody in the queue. Nobody is asked once the group has begun.

    A party for whom too few seats are free holds them back for one offer time (see enrolling.rules.offers). Constant query count.
    """
    waiting = waiting_for_offer(cohort, at) if cohort.state in ENROLLING_STATES else []
    if not waiting or not offers_by_itself(cohort, at):
        return []
    plan = plan_offers(waiting, free=cohort.free_seats, capacity=cohort.capacity)
    found = Enrollment.objects.select_related("person").in_bulk(plan.offered) if plan.offered else {}
    offered = [found[pk] for pk in plan.offered]
    if offered:
        _offer(cohort, offered, act=Act(by=None, via=HowAsked.SYSTEM, at=at), note="")
    _note_holding(cohort, plan.holding, at)
    return offered


def seats_for_newcomers(cohort: Cohort, at: datetime) -> int:
    """How many seats somebody who comes now may have at once: the free ones, as far as nobody who waits can take them."""
    waiting = waiting_for_offer(cohort, at) if cohort.free_seats > 0 else []
    if not waiting:
        return max(cohort.free_seats, 0)
    if not offers_by_itself(cohort, at):
        return 0
    return plan_offers(waiting, free=cohort.free_seats, capacity=cohort.capacity).left


@transaction.atomic
def offer_seat(*, enrollment: Enrollment, act: Act, note: str = "") -> list[Enrollment]:
    """A coordinator offers a free seat to somebody who waits, and with them to their party; returns those who were asked.

    Raises RuleError `not_waiting`, `note_missing` when others stand before them and no reason is given, CohortFull.
    """
    cohort, members = _locked(enrollment, EnrollmentState.WAITLISTED)
    if not members:
        raise RuleError([_("They do not wait any more. Look at the page again.")], code="not_waiting")
    if cohort.state not in ENROLLING_STATES:
        raise RuleError([_("Nobody can be enrolled in this group now.")], code="cohort_closed")
    first = min(member.queue_number or 0 for member in members)
    before = cohort.enrollments.filter(state=EnrollmentState.WAITLISTED, queue_number__lt=first)
    if not note.strip() and before.exists():
        raise RuleError(
            [_("Others stand before them in the queue. Say why they are asked first.")], code="note_missing"
        )
    _offer(cohort, members, act=act, note=note)
    return members


@transaction.atomic
def accept_offer(*, enrollment: Enrollment, act: Act) -> list[Enrollment]:
    """The held seat is taken: one answer for everybody of a party. Returns those who have a place now.

    The seat is theirs as long as it is held, also in the minute between its time and the tick that lets it lapse.
    Raises RuleError `offer_gone` when it lapsed or was answered.
    """
    cohort, members = _locked(enrollment, EnrollmentState.OFFERED)
    if not members:
        raise _gone(enrollment)
    write_transitions(cohorts={cohort.pk: cohort}, enrollments=members, move=Move(EnrollmentState.ENROLLED), act=act)
    return members


@transaction.atomic
def decline_offer(
    *, enrollment: Enrollment, act: Act, together: bool = True, reason: str = WithdrawalReason.NOT_TOLD
) -> list[Enrollment]:
    """No to the held seat: the next ones are asked at once. `together`: the whole party says no; otherwise the others
    keep their offer and are told. Returns those who said no. Raises RuleError `offer_gone`."""
    cohort, members = _locked(enrollment, EnrollmentState.OFFERED)
    if not members:
        raise _gone(enrollment)
    leaving = members if together else [member for member in members if member.pk == enrollment.pk]
    write_transitions(
        cohorts={cohort.pk: cohort}, enrollments=leaving, move=Move(EnrollmentState.WITHDRAWN, reason), act=act
    )
    leave_parties(enrollments=leaving, at=act.at)
    offer_free_seats(cohort=cohort, at=act.at)
    return leaving


def lapse_offers(*, at: datetime) -> int:
    """What time alone does to offers: those unanswered go to the end of the queue and the next ones are asked; seats that
    were held back for a party, or for which nobody was asked for another reason, are offered. Returns how many lapsed.

    One transaction for each cohort, so that one that fails keeps nobody else waiting. Run as often as one likes.
    """
    lapsed = 0
    for pk in _cohorts_to_look_at(at):
        with transaction.atomic():
            cohort = lock_cohort(pk)
            late = list(
                cohort.enrollments.filter(state=EnrollmentState.OFFERED, offer_expires_at__lte=at)
                .select_related("person")
                .order_by("offer_expires_at", "state_changed_at", "pk")
            )
            if late:
                write_transitions(
                    cohorts={pk: cohort},
                    enrollments=late,
                    move=Move(EnrollmentState.WAITLISTED),
                    act=Act(by=None, via=HowAsked.SYSTEM, at=at),
                )
                lapsed += len(late)
            offer_free_seats(cohort=cohort, at=at)
    return lapsed


def _cohorts_to_look_at(at: datetime) -> list[int]:
    late = Enrollment.objects.filter(state=EnrollmentState.OFFERED, offer_expires_at__lte=at)
    unasked = Enrollment.objects.filter(
        state=EnrollmentState.WAITLISTED,
        cohort__seats_taken__lt=F("cohort__capacity"),
        cohort__state__in=ENROLLING_STATES,
        cohort__ends_on__gte=local_day(at),
    )
    return sorted({*late.values_list("cohort_id", flat=True), *unasked.values_list("cohort_id", flat=True)})


def _locked(enrollment: Enrollment, state: EnrollmentState) -> tuple[Cohort, list[Enrollment]]:
    """The cohort, locked, and the enrollment with its party as they are now, as far as they are in `state`; nobody when
    the enrollment itself is not."""
    cohort = lock_cohort(Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment.pk))
    fresh = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    if fresh.state != state or fresh.cohort_id != cohort.pk:
        return cohort, []
    return cohort, [member for member in party_members(fresh) if member.state == state]


def _offer(cohort: Cohort, offered: Sequence[Enrollment], *, act: Act, note: str) -> None:
    until = offer_times_of(cohort, act.at).expires_at
    move = Move(EnrollmentState.OFFERED, note=note, offer_expires_at=until)
    write_transitions(cohorts={cohort.pk: cohort}, enrollments=offered, move=move, act=act)
    _stop_holding(party for party in {enrollment.party_id for enrollment in offered} if party is not None)
    plan_seat_offered(enrollments=offered, at=act.at)


def _note_holding(cohort: Cohort, holding: int | None, at: datetime) -> None:
    """Remembers since when a party holds seats back. With no free seat left nothing is held, and a new wait counts anew."""
    if holding is not None:
        Party.objects.filter(pk=holding, blocked_since__isnull=True).update(blocked_since=at)
    if cohort.free_seats <= 0:
        _stop_holding(Party.objects.filter(cohort=cohort, blocked_since__isnull=False).values_list("pk", flat=True))


def _stop_holding(parties: Iterable[int]) -> None:
    Party.objects.filter(pk__in=list(parties)).update(blocked_since=None)


def _gone(enrollment: Enrollment) -> RuleError:
    now = Enrollment.objects.get(pk=enrollment.pk)
    return RuleError([offer_gone(now.state)], code="offer_gone")
