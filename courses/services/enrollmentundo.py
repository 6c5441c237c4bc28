"""Takes the last move of an enrollment back, with what followed from it as long as nobody was told."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import HowAsked
from accounts.models import AuditEntry, Person
from courses.enums import (
    OPEN_STATES,
    EnrollmentState,
    MessageState,
    ReminderRule,
    WithdrawalReason,
)
from courses.exceptions import RuleError
from courses.models import Cohort, Enrollment, Message, Transition
from courses.rules.enrollments import seat_change
from courses.selectors.enrollments import move_to_undo
from courses.selectors.queues import party_members
from courses.services.enrollmentchecks import check_not_open
from courses.services.enrollments import move_enrollment, move_enrollments
from courses.services.moves import write_moves
from courses.services.offers import offer_free_seats
from courses.services.seats import lock_cohort, lock_cohorts
from courses.services.transfers import transfer_enrollment


@transaction.atomic
def undo_enrollment_move(
    *, enrollment: Enrollment, by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> Enrollment:
    """Takes the last move back, for 24 hours: who left has the old seat again, or the old place in the queue; who was
    just enrolled is withdrawn, with those who came together; who was transferred goes back.

    An offer that the move made possible is taken back with it, as long as nobody was told. RuleError when it is too late or
    the move has no way back; CohortFull when the seat is another's by now.
    """
    at = at or timezone.now()
    last = move_to_undo(enrollment, at)
    cohorts = lock_cohorts({enrollment.cohort_id, last.from_cohort_id or enrollment.cohort_id} if last else ())
    fresh = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    if last is None or fresh.state != last.to_state or move_to_undo(fresh, at) != last:
        raise RuleError([_("There is nothing to undo any more.")], code="nothing_to_undo")
    words = _("The change was undone.")
    if last.from_cohort_id:
        return _transfer_back(fresh, last, cohorts[last.from_cohort_id], by=by, how_asked=how_asked, note=words, at=at)
    cohort = cohorts[fresh.cohort_id]
    if last.from_state == EnrollmentState.APPLIED and last.to_state in OPEN_STATES:
        return _withdraw_made(fresh, last, by=by, how_asked=how_asked, note=words, at=at)
    if fresh.state not in OPEN_STATES:
        check_not_open(fresh)
    queue_number = _queue_number_before(fresh)
    if seat_change(last.to_state, last.from_state) > 0 and cohort.free_seats <= 0:
        _take_offers_back(cohort, last.at, at)
    moved = move_enrollment(
        enrollment=fresh,
        to_state=EnrollmentState(last.from_state),
        by=by,
        how_asked=how_asked,
        note=words,
        at=at,
    )
    if queue_number is not None and moved.state == EnrollmentState.WAITLISTED:
        moved.queue_number = queue_number
        moved.save(update_fields=["queue_number"])
    offer_free_seats(cohort=lock_cohort(cohort.pk), at=at)
    return moved


def _withdraw_made(
    enrollment: Enrollment, last: Transition, *, by: Person | None, how_asked: HowAsked, note: str, at: datetime
) -> Enrollment:
    """Undoes an enrolling: everybody who was enrolled in that one action."""
    if not enrollment.transitions.filter(from_state="", at=last.at).exists():
        raise RuleError([_("There is nothing to undo any more.")], code="nothing_to_undo")
    made = [one for one in party_members(enrollment) if one.applied_at == enrollment.applied_at]
    moved = move_enrollments(
        enrollments=made,
        to_state=EnrollmentState.WITHDRAWN,
        by=by,
        how_asked=how_asked,
        reason=WithdrawalReason.OTHER,
        note=note,
        at=at,
    )
    return next(one for one in moved if one.pk == enrollment.pk)


def _transfer_back(
    enrollment: Enrollment,
    last: Transition,
    old: Cohort,
    *,
    by: Person | None,
    how_asked: HowAsked,
    note: str,
    at: datetime,
) -> Enrollment:
    assert by is not None
    if old.free_seats <= 0:
        _take_offers_back(old, last.at, at)
    moved = transfer_enrollment(enrollment=enrollment, to_cohort=old, by=by, how_asked=how_asked, note=note, at=at)
    if last.from_state in (EnrollmentState.WAITLISTED, EnrollmentState.OFFERED):
        moved = move_enrollment(
            enrollment=moved, to_state=EnrollmentState.WAITLISTED, by=by, how_asked=how_asked, note=note, at=at
        )
    return moved


def _take_offers_back(cohort: Cohort, made_at: datetime, at: datetime) -> None:
    """Offers made at that moment of which nobody has been told yet go back to their old places in the queue."""
    told = Message.objects.filter(
        rule=ReminderRule.SEAT_OFFERED, state__in=[MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN]
    )
    offers = cohort.enrollments.filter(state=EnrollmentState.OFFERED, state_changed_at=made_at)
    back = list(offers.exclude(messages__in=told).select_related("person"))
    kept = {one.pk: (_queue_number_before(one), one.queue_reason, one.offers_lapsed) for one in back}
    write_moves(
        cohorts={cohort.pk: cohort},
        enrollments=back,
        to_state=EnrollmentState.WAITLISTED,
        by=None,
        how_asked=HowAsked.SYSTEM,
        note=_("The change was undone."),
        at=at,
    )
    for one in back:
        number, reason, lapsed = kept[one.pk]
        one.queue_number, one.queue_reason, one.offers_lapsed = number or one.queue_number, reason, lapsed
    Enrollment.objects.bulk_update(back, ["queue_number", "queue_reason", "offers_lapsed"])


def _queue_number_before(enrollment: Enrollment) -> int | None:
    moves = AuditEntry.objects.filter(object_type="enrollment", object_id=enrollment.pk, action="enrollment.move")
    last = moves.order_by("-at", "-pk").first()
    number: int | None = last.detail.get("queue_number") if last else None
    return number
