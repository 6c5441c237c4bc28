"""Takes the last move of an enrollment back, with what followed from it as long as nobody was told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, ReminderRule, WithdrawalReason
from courses.enrolling.messages.offers import plan_seat_offered
from courses.enrolling.messages.places import cancel_messages_for_enrollments
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import seat_change
from courses.enrolling.selectors.enrollments import transition_to_undo
from courses.enrolling.selectors.queues import offer_times_of, party_members
from courses.enrolling.services.checks import check_not_open
from courses.enrolling.services.enrollments import transition_enrollments
from courses.enrolling.services.offers import offer_free_seats
from courses.enrolling.services.parties import come_together_again, leave_parties
from courses.enrolling.services.queue import put_back_in_queue
from courses.enrolling.services.transfers import Before, transfer_together
from courses.enrolling.services.transitions import Move, write_transitions
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohort, lock_cohorts

# These are taken back where they were decided: with the completion, with the group.
DECIDED_ELSEWHERE = (EnrollmentState.COMPLETED, EnrollmentState.NOT_COMPLETED, EnrollmentState.COHORT_CANCELLED)
# What a person was told of a move. Told, it is theirs: only a call can take it back.
NOTIFYING_RULES = (ReminderRule.SEAT_OFFERED, ReminderRule.PLACE_CONFIRMED, ReminderRule.APPLICATION_RECEIVED)
Was = dict[int, dict[str, Any]]
ANSWERED = (EnrollmentState.OFFERED, EnrollmentState.APPLIED)


@transaction.atomic
def undo_transition(*, enrollment: Enrollment, act: Act) -> list[Enrollment]:
    """Takes the last move back, for 24 hours, for all who were moved with it in one party; returns them as they are now.

    Who left has the old seat again, the old place in the queue or the offer; an offer is answered anew, an application
    decided anew; who was just enrolled is withdrawn; who was transferred goes back; who stood elsewhere in the queue
    stands there again. An offer that the move made possible is taken back with it, as long as nobody was told.
    RuleError `nothing_to_undo` when it is too late or the move has no way back, `told` when the person knows of it;
    CohortFull when the seat is another's by now.
    """
    last = transition_to_undo(enrollment, act.at)
    cohorts = lock_cohorts({enrollment.cohort_id, last.from_cohort_id or enrollment.cohort_id} if last else ())
    fresh = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    if (
        last is None
        or fresh.state != last.to_state
        or transition_to_undo(fresh, act.at) != last
        or fresh.state in DECIDED_ELSEWHERE
    ):
        raise _nothing_to_undo()
    words = _("The change was undone.")
    if last.from_cohort_id:
        return _transfer_back(fresh, last, cohorts[last.from_cohort_id], act=act, note=words)
    if last.from_state == last.to_state:
        return put_back_in_queue(enrollment=fresh, act=act, note=words)
    if last.from_state == "" or _was_made_then(fresh, last):
        return _withdraw_made(fresh, act=act, note=words)
    return _move_back(fresh, last, cohorts[fresh.cohort_id], act=act, note=words)


def _move_back(enrollment: Enrollment, last: Transition, cohort: Cohort, *, act: Act, note: str) -> list[Enrollment]:
    to_state = EnrollmentState(last.from_state)
    members, was = _moved_with(enrollment, last)
    if last.from_state in ANSWERED or last.to_state == EnrollmentState.OFFERED:
        _check_not_notified(members, last.at)
    for one in members:
        if one.state not in OPEN_STATES and to_state in OPEN_STATES:
            check_not_open(one)
    if sum(seat_change(one.state, to_state) for one in members) > cohort.free_seats:
        _take_offers_back(cohort, last.at, act.at)
    _put_back(members, was, to_state, cohort, act=act, note=note)
    if (party := was[enrollment.pk].get("party")) and to_state in OPEN_STATES:
        come_together_again(enrollments=members, party_id=party)
    offer_free_seats(cohort=cohort, at=act.at)
    return members


def _put_back(
    members: Sequence[Enrollment], was: Was, to_state: EnrollmentState, cohort: Cohort, *, act: Act, note: str
) -> None:
    """Into the state of before, with all that goes with it: place in the queue, time of the offer, messages."""
    if not members:
        return
    fields = {one.pk: _fields_of_then(was[one.pk], to_state, cohort, act.at) for one in members}
    back = Move(
        to_state,
        reason="" if to_state in OPEN_STATES else _reason_of_then(members[0], to_state),
        note=note,
        offer_expires_at=fields[members[0].pk].get("offer_expires_at"),
        undoing=True,
    )
    write_transitions(cohorts={cohort.pk: cohort}, enrollments=members, move=back, act=act)
    for one in members:
        for name, value in fields[one.pk].items():
            setattr(one, name, value)
        one.waiver = "" if to_state == EnrollmentState.APPLIED else one.waiver
    Enrollment.objects.bulk_update(members, ["queue_number", "queue_reason", "offers_lapsed", "waiver"])
    if to_state in ANSWERED:
        cancel_messages_for_enrollments(enrollments=members)
    if to_state == EnrollmentState.OFFERED:
        plan_seat_offered(enrollments=members, at=act.at)
    if to_state not in OPEN_STATES:
        leave_parties(enrollments=members, at=act.at)


def _moved_with(enrollment: Enrollment, last: Transition) -> tuple[list[Enrollment], Was]:
    """All of one party who made that very move and have made no other since, and what each of them was before."""
    moved = Enrollment.objects.filter(
        cohort=enrollment.cohort_id,
        state=last.to_state,
        state_changed_at=last.at,
        transitions__at=last.at,
        transitions__from_state=last.from_state,
    )
    found = list(moved.select_related("person").order_by("queue_number", "pk").distinct())
    was = _what_was(found)
    party = was[enrollment.pk].get("party")
    return [one for one in found if one.pk == enrollment.pk or (party and was[one.pk].get("party") == party)], was


def _what_was(enrollments: Iterable[Enrollment], action: str = "enrollment.move") -> Was:
    """Enrollment -> what its last move changed, as it was before (enrolling.services.transitions)."""
    pks = [one.pk for one in enrollments]
    moves = AuditEntry.objects.filter(object_type="enrollment", object_id__in=pks, action=action)
    known = {entry.object_id: entry.detail.get("was", {}) for entry in moves.order_by("at", "pk")}
    return {pk: known.get(pk, {}) for pk in pks}


def _reason_of_then(enrollment: Enrollment, closed: EnrollmentState) -> str:
    """Why it was closed before it was opened again. It stands in the history alone: it may say something of health."""
    before = enrollment.transitions.filter(to_state=closed).order_by("-at", "-pk").first()
    if before and before.reason in WithdrawalReason.values:
        return before.reason
    return WithdrawalReason.OTHER if closed == EnrollmentState.WITHDRAWN else ""


def _fields_of_then(was: dict[str, Any], state: EnrollmentState, cohort: Cohort, at: datetime) -> dict[str, Any]:
    """What goes with a place in the queue or with an offer. An offer whose time is over holds as long as a new one."""
    fields = {"queue_reason": was.get("queue_reason", ""), "offers_lapsed": was.get("offers_lapsed", 0)}
    if state == EnrollmentState.WAITLISTED and "queue_number" in was:
        fields["queue_number"] = was["queue_number"]
    if state == EnrollmentState.OFFERED:
        before = parse_datetime(was.get("offer_expires_at", ""))
        fields["offer_expires_at"] = before if before and before > at else offer_times_of(cohort, at).expires_at
    return fields


def _check_not_notified(enrollments: Sequence[Enrollment], since: datetime) -> None:
    told = _told(since).filter(enrollment__in=[one.pk for one in enrollments])
    if told.exists():
        raise RuleError(
            [_("They have been told already. Call them first, and then change it here by hand.")], code="told"
        )


def _told(since: datetime) -> Any:
    """Messages about places that have left since then, or may have."""
    gone = Q(state=MessageState.SENT, sent_at__gte=since) | Q(state__in=[MessageState.SENDING, MessageState.UNKNOWN])
    return Message.objects.filter(gone, rule__in=NOTIFYING_RULES)


def _was_made_then(enrollment: Enrollment, last: Transition) -> bool:
    """Whether the last move was the second half of the enrolling itself."""
    decided = last.from_state == EnrollmentState.APPLIED and last.to_state in OPEN_STATES
    return decided and enrollment.transitions.filter(from_state="", at=last.at).exists()


def _withdraw_made(enrollment: Enrollment, *, act: Act, note: str) -> list[Enrollment]:
    """Undoes an enrolling: everybody who was enrolled in that one action."""
    made = [one for one in party_members(enrollment) if one.applied_at == enrollment.applied_at]
    return transition_enrollments(
        enrollments=made, to_state=EnrollmentState.WITHDRAWN, act=act, reason=WithdrawalReason.OTHER, note=note
    )


def _transfer_back(enrollment: Enrollment, last: Transition, old: Cohort, *, act: Act, note: str) -> list[Enrollment]:
    """Those of the party who went over in that one action go back, together, to what they had there."""
    back = [
        one
        for one in party_members(enrollment)
        if one.pk == enrollment.pk or one.transitions.filter(at=last.at, from_cohort=old).exists()
    ]
    state = EnrollmentState(last.from_state)
    was = _what_was(back, "enrollment.transfer")
    fields = {one.pk: _fields_of_then(was[one.pk], state, old, act.at) for one in back}
    if seat_change("", state) * len(back) > old.free_seats:
        _take_offers_back(old, last.at, act.at)
    moved = transfer_together(enrollments=back, to_cohort=old, act=act, note=note, back_to=Before(state, fields))
    if state == EnrollmentState.OFFERED:
        plan_seat_offered(enrollments=moved, at=act.at)
    if party := was[enrollment.pk].get("party"):
        come_together_again(enrollments=moved, party_id=party)
    offer_free_seats(cohort=lock_cohort(old.pk), at=act.at)
    return moved


def _take_offers_back(cohort: Cohort, made_at: datetime, at: datetime) -> None:
    """Offers made at that moment of which nobody has been told yet go back to their old places in the queue."""
    offers = cohort.enrollments.filter(state=EnrollmentState.OFFERED, state_changed_at=made_at)
    back = list(offers.exclude(messages__in=_told(made_at)).select_related("person"))
    note = _("The change was undone.")
    waiting = EnrollmentState.WAITLISTED
    _put_back(back, _what_was(back), waiting, cohort, act=Act(by=None, via=HowAsked.SYSTEM, at=at), note=note)


def _nothing_to_undo() -> RuleError:
    return RuleError([_("There is nothing to undo any more.")], code="nothing_to_undo")
