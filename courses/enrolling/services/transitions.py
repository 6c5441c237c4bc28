"""How an enrollment is moved: seat count, state, transition and audit row, in one. The cohorts are locked by the caller.

Nothing here offers a seat that becomes free, or decides who may move what: that is for `enrollments` and
`offers` beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.services.audit import audit_entry, record_changes
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, QueueReason
from courses.enrolling.exceptions import CohortFull
from courses.enrolling.messages.offers import cancel_offer_messages
from courses.enrolling.messages.places import cancel_messages_for_enrollments, plan_place_confirmed
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import is_reopening, may_transition, seat_change
from courses.enrolling.services.seats import add_seats_taken, take_queue_numbers
from courses.enrolling.wording.refusals import no_such_transition, too_few_seats
from courses.scheduling.models import Cohort

STAYS_OPEN = frozenset(OPEN_STATES)
WRITTEN = [
    "state",
    "state_changed_at",
    "queue_number",
    "queue_reason",
    "offers_lapsed",
    "offer_expires_at",
    "ended_at",
    "reason",
    "admitted_at",
    "started_at",
]


@dataclass(frozen=True)
class Move:
    """Where enrollments are moved. `reason` is a WithdrawalReason, `note` the words of whoever decides. `undoing`: the way
    back of a move of the drawing, not a move of its own."""

    to_state: EnrollmentState
    reason: str = ""
    note: str = ""
    offer_expires_at: datetime | None = None
    undoing: bool = False


def write_transitions(
    *, cohorts: Mapping[int, Cohort], enrollments: Sequence[Enrollment], move: Move, act: Act
) -> None:
    """Moves all of `enrollments`, which were read under the lock of `cohorts`, or none. Query count: one per cohort more.

    Raises RuleError `no_such_move` or `note_missing`, CohortFull `full`. Closing cancels the messages still to go; a new
    place plans its confirmation; an offer that ends takes its messages with it.
    """
    for enrollment in enrollments:
        _check_transition(enrollment, move)
    before = {enrollment.pk: enrollment.state for enrollment in enrollments}
    was = {enrollment.pk: what_undoing_gives_back(enrollment) for enrollment in enrollments}
    for cohort in cohorts.values():
        mine = [enrollment for enrollment in enrollments if enrollment.cohort_id == cohort.pk]
        _change_seats(cohort, mine, move.to_state)
        _set_state(cohort, mine, move, act.at)
    Enrollment.objects.bulk_update(enrollments, WRITTEN, batch_size=200)
    Transition.objects.bulk_create(
        [
            transition(enrollment, before[enrollment.pk], move.to_state, act, move.note or move.reason)
            for enrollment in enrollments
        ],
        batch_size=500,
    )
    record_changes(
        audit_entry(
            by=act.by,
            action="enrollment.move",
            subject=enrollment.person,
            thing=enrollment,
            detail={
                "from": before[enrollment.pk],
                "to": move.to_state,
                "how_asked": act.via,
                "was": was[enrollment.pk],
            },
        )
        for enrollment in enrollments
    )
    _tell(enrollments, before, move.to_state, act.at)


def what_undoing_gives_back(enrollment: Enrollment) -> dict[str, Any]:
    """What the move overwrites, as far as there is anything; read by enrolling.services.undo."""
    held = enrollment.offer_expires_at
    was = {
        "queue_number": enrollment.queue_number,
        "queue_reason": enrollment.queue_reason,
        "offers_lapsed": enrollment.offers_lapsed,
        "offer_expires_at": held.isoformat() if held else None,
        "party": enrollment.party_id,
    }
    return {name: value for name, value in was.items() if value}


def transition(
    enrollment: Enrollment,
    from_state: str,
    to_state: str,
    act: Act,
    reason: str = "",
    from_cohort: Cohort | None = None,
) -> Transition:
    return Transition(
        enrollment=enrollment,
        from_state=from_state,
        to_state=to_state,
        at=act.at,
        by=act.by,
        how_asked=act.via,
        reason=reason[:200],
        from_cohort=from_cohort,
    )


def change_seats(cohort: Cohort, change: int) -> None:
    """Writes the count; CohortFull in words rather than the database's refusal."""
    if cohort.seats_taken + change > cohort.capacity:
        raise CohortFull([too_few_seats(cohort)], code="full")
    add_seats_taken(cohort, change)


def _check_transition(enrollment: Enrollment, move: Move) -> None:
    to_state = move.to_state
    allowed = may_transition(to_state, enrollment.state) if move.undoing else may_transition(enrollment.state, to_state)
    if not allowed:
        raise RuleError([no_such_transition(enrollment, to_state)], code="no_such_move")
    if is_reopening(enrollment.state, to_state) and not move.note.strip():
        raise RuleError([_("Say why the enrollment is opened again.")], code="note_missing")


def _change_seats(cohort: Cohort, enrollments: Iterable[Enrollment], to_state: str) -> None:
    change_seats(cohort, sum(seat_change(enrollment.state, to_state) for enrollment in enrollments))


def _set_state(cohort: Cohort, enrollments: Sequence[Enrollment], move: Move, at: datetime) -> None:
    to_state = move.to_state
    numbers: Iterable[int | None] = [None] * len(enrollments)
    if to_state == EnrollmentState.WAITLISTED:
        numbers = take_queue_numbers(cohort, len(enrollments))
    for enrollment, number in zip(enrollments, numbers, strict=True):
        if enrollment.state == EnrollmentState.OFFERED and to_state == EnrollmentState.WAITLISTED:
            enrollment.offers_lapsed += 1
            enrollment.queue_reason = QueueReason.LAPSED
        set_state(enrollment, to_state, reason=move.reason, offer_expires_at=move.offer_expires_at, at=at)
        enrollment.queue_number = number


def set_state(
    enrollment: Enrollment, to_state: str, *, reason: str = "", offer_expires_at: datetime | None = None, at: datetime
) -> None:
    """The fields that go with a state, on the object alone."""
    closing = to_state not in STAYS_OPEN
    enrollment.state = to_state
    enrollment.state_changed_at = at
    enrollment.queue_number = None
    enrollment.offer_expires_at = offer_expires_at if to_state == EnrollmentState.OFFERED else None
    enrollment.ended_at = at if closing else None
    enrollment.reason = reason if closing else ""
    if to_state in (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE):
        enrollment.admitted_at = enrollment.admitted_at or at
    if to_state == EnrollmentState.ACTIVE:
        enrollment.started_at = enrollment.started_at or at
    elif to_state == EnrollmentState.ENROLLED:
        enrollment.started_at = None


def _tell(moved: Sequence[Enrollment], before: Mapping[int, str], to_state: EnrollmentState, at: datetime) -> None:
    answered = [enrollment for enrollment in moved if before[enrollment.pk] == EnrollmentState.OFFERED]
    if answered:
        cancel_offer_messages(enrollments=answered)
    if to_state not in STAYS_OPEN and to_state != EnrollmentState.COMPLETED:
        cancel_messages_for_enrollments(enrollments=moved)
    elif to_state == EnrollmentState.WAITLISTED:
        without_place = [enrollment for enrollment in moved if seat_change(before[enrollment.pk], to_state) < 0]
        cancel_messages_for_enrollments(enrollments=without_place)
    elif to_state == EnrollmentState.ENROLLED:
        newly = [enrollment for enrollment in moved if before[enrollment.pk] != EnrollmentState.ACTIVE]
        plan_place_confirmed(enrollments=newly, at=at)
