"""Every move of an enrollment. The cohort's row is locked first; state, seat count, transition and audit are one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import HowAsked, PersonState
from accounts.models import AuditEntry, Person
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.people import PersonData, create_person
from courses.enums import OPEN_STATES, EnrollmentState, WithdrawalReason
from courses.exceptions import CohortFull, RuleError
from courses.models import Cohort, Enrollment, Transition
from courses.rules.enrollments import ENROLLING_STATES, is_reopening, may_move, seat_change
from courses.selectors.enrollments import move_to_undo
from courses.services.messages import cancel_messages_for_enrollments, plan_place_confirmed
from courses.services.seats import add_seats_taken, lock_cohort, lock_cohorts, take_queue_numbers

_STAYS_OPEN = set(OPEN_STATES)


def enroll_person(
    *, person: Person, cohort: Cohort, by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> Enrollment:
    """A place when one is free and nobody waits for it, else the end of the waiting list.

    Raises RuleError when the person has an open enrollment here, may not be enrolled, or the cohort takes nobody;
    CohortFull when the waiting list is full too.
    """
    return enroll_people(people=[person], cohort=cohort, by=by, how_asked=how_asked, at=at)[0]


@transaction.atomic
def enroll_people(
    *,
    people: Sequence[Person],
    cohort: Cohort,
    by: Person | None,
    how_asked: HowAsked,
    at: datetime | None = None,
) -> list[Enrollment]:
    """Enrolls all of `people`, in their order, or nobody. Seats first, then the waiting list. Constant query count."""
    at = at or timezone.now()
    locked = lock_cohort(cohort.pk)
    _check_enrolling(locked, people)
    seats = 0 if _somebody_waits(locked) else locked.free_seats
    placed, waiting = people[:seats], people[seats:]
    _check_waiting_list(locked, len(waiting))
    numbers = take_queue_numbers(locked, len(waiting)) if waiting else range(0)

    enrollments = [
        Enrollment(
            cohort=locked,
            person=person,
            state=EnrollmentState.ENROLLED,
            how_asked=how_asked,
            applied_at=at,
            admitted_at=at,
            state_changed_at=at,
        )
        for person in placed
    ] + [
        Enrollment(
            cohort=locked,
            person=person,
            state=EnrollmentState.WAITLISTED,
            how_asked=how_asked,
            applied_at=at,
            queue_number=number,
            state_changed_at=at,
        )
        for person, number in zip(waiting, numbers, strict=True)
    ]
    Enrollment.objects.bulk_create(enrollments, batch_size=500)
    Transition.objects.bulk_create(
        [
            step
            for enrollment in enrollments
            for step in (
                _transition(enrollment, "", EnrollmentState.APPLIED, by, how_asked, at),
                _transition(enrollment, EnrollmentState.APPLIED, enrollment.state, by, how_asked, at),
            )
        ],
        batch_size=500,
    )
    add_seats_taken(locked, len(placed))
    record_changes(
        audit_entry(
            by=by,
            action="enrollment.create",
            subject=enrollment.person,
            thing=enrollment,
            detail={"cohort": locked.code, "state": enrollment.state, "how_asked": how_asked},
        )
        for enrollment in enrollments
    )
    plan_place_confirmed(enrollments=enrollments[:seats], at=at)
    cohort.seats_taken, cohort.queue_last = locked.seats_taken, locked.queue_last
    return enrollments


def move_enrollment(
    *,
    enrollment: Enrollment,
    to_state: EnrollmentState,
    by: Person | None,
    how_asked: HowAsked,
    reason: str = "",
    note: str = "",
    offer_expires_at: datetime | None = None,
    at: datetime | None = None,
) -> Enrollment:
    """Moves one enrollment; see move_enrollments."""
    return move_enrollments(
        enrollments=[enrollment],
        to_state=to_state,
        by=by,
        how_asked=how_asked,
        reason=reason,
        note=note,
        offer_expires_at=offer_expires_at,
        at=at,
    )[0]


@transaction.atomic
def move_enrollments(
    *,
    enrollments: Iterable[Enrollment],
    to_state: EnrollmentState,
    by: Person | None,
    how_asked: HowAsked,
    reason: str = "",
    note: str = "",
    offer_expires_at: datetime | None = None,
    at: datetime | None = None,
) -> list[Enrollment]:
    """Moves all of `enrollments` to `to_state`, or none. Constant query count but for one per cohort.

    `reason` is a WithdrawalReason, `note` the words a reopening asks for. The states are read anew under the lock of
    the cohorts, so that of two people who press at once the second is told what the first did. Raises RuleError when a
    move is not in the drawing or a reopening has no note; CohortFull when seats are short. Closing cancels the messages
    still to go; a new place plans its confirmation.
    """
    at = at or timezone.now()
    given = list(enrollments)
    cohorts = lock_cohorts(enrollment.cohort_id for enrollment in given)
    fresh = Enrollment.objects.select_related("person").in_bulk([enrollment.pk for enrollment in given])
    moving = [fresh[enrollment.pk] for enrollment in given]
    for enrollment in moving:
        _check_move(enrollment, to_state, note)
    before = {enrollment.pk: enrollment.state for enrollment in moving}
    queued = {enrollment.pk: enrollment.queue_number for enrollment in moving}
    for cohort in cohorts.values():
        mine = [enrollment for enrollment in moving if enrollment.cohort_id == cohort.pk]
        _change_seats(cohort, mine, to_state)
        _set_state(cohort, mine, to_state, reason, offer_expires_at, at)
    _save_moves(moving)
    Transition.objects.bulk_create(
        [
            _transition(enrollment, before[enrollment.pk], to_state, by, how_asked, at, note or reason)
            for enrollment in moving
        ],
        batch_size=500,
    )
    record_changes(
        audit_entry(
            by=by,
            action="enrollment.move",
            subject=enrollment.person,
            thing=enrollment,
            detail={
                "from": before[enrollment.pk],
                "to": to_state,
                "how_asked": how_asked,
                # What undoing gives back.
                "queue_number": queued[enrollment.pk],
            },
        )
        for enrollment in moving
    )
    _tell(moving, before, to_state, at)
    return moving


def withdraw_enrollment(
    *,
    enrollment: Enrollment,
    by: Person | None,
    how_asked: HowAsked,
    reason: str,
    note: str = "",
    at: datetime | None = None,
) -> Enrollment:
    """Ends an open enrollment and frees its seat. `reason` is a WithdrawalReason."""
    return move_enrollment(
        enrollment=enrollment,
        to_state=EnrollmentState.WITHDRAWN,
        by=by,
        how_asked=how_asked,
        reason=reason,
        note=note,
        at=at,
    )


@transaction.atomic
def reopen_enrollment(
    *, enrollment: Enrollment, by: Person | None, how_asked: HowAsked, note: str, at: datetime | None = None
) -> Enrollment:
    """Opens a closed enrollment again: its old place when a seat is free, else the end of the waiting list.

    `note` says why. Raises RuleError without it, or when the person has another open enrollment in the cohort.
    """
    cohort = lock_cohort(enrollment.cohort_id)
    enrollment = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    if Enrollment.objects.filter(cohort=cohort, person=enrollment.person, state__in=OPEN_STATES).exists():
        raise RuleError([_already_open(enrollment.person)], code="already_open")
    to_state = EnrollmentState.WAITLISTED
    if enrollment.started_at:
        to_state = EnrollmentState.ACTIVE
    elif cohort.free_seats > 0 and not _somebody_waits(cohort):
        to_state = EnrollmentState.ENROLLED
    return move_enrollment(enrollment=enrollment, to_state=to_state, by=by, how_asked=how_asked, note=note, at=at)


@transaction.atomic
def enroll_new_person(
    *,
    data: PersonData,
    cohort: Cohort,
    by: Person | None,
    how_asked: HowAsked,
    at: datetime | None = None,
) -> Enrollment:
    """Adds a person and enrolls them, or neither. Raises what create_person and enroll_person raise."""
    lock_cohort(cohort.pk)
    person = create_person(by=by, how_asked=how_asked, **data)
    return enroll_person(person=person, cohort=cohort, by=by, how_asked=how_asked, at=at)


@transaction.atomic
def undo_enrollment_move(
    *, enrollment: Enrollment, by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> Enrollment:
    """Takes the last move back, for 24 hours: who left has the old seat again, or the old place in the queue; who was
    just enrolled is withdrawn. RuleError when it is too late or the move has no way back; CohortFull when the seat is
    another's by now."""
    at = at or timezone.now()
    lock_cohort(enrollment.cohort_id)
    last = move_to_undo(enrollment, at)
    if last is None:
        raise RuleError([_("There is nothing to undo any more.")], code="nothing_to_undo")
    words = _("The change was undone.")
    if last.from_state == EnrollmentState.APPLIED and last.to_state in OPEN_STATES:
        return withdraw_enrollment(
            enrollment=enrollment, by=by, how_asked=how_asked, reason=WithdrawalReason.OTHER, note=words, at=at
        )
    queue_number = _queue_number_before(enrollment)
    moved = move_enrollment(
        enrollment=enrollment,
        to_state=EnrollmentState(last.from_state),
        by=by,
        how_asked=how_asked,
        note=words,
        at=at,
    )
    if queue_number is not None and moved.state == EnrollmentState.WAITLISTED:
        moved.queue_number = queue_number
        moved.save(update_fields=["queue_number"])
    return moved


def _queue_number_before(enrollment: Enrollment) -> int | None:
    moves = AuditEntry.objects.filter(object_type="enrollment", object_id=enrollment.pk, action="enrollment.move")
    last = moves.order_by("-at", "-pk").first()
    number: int | None = last.detail.get("queue_number") if last else None
    return number


def begin_enrollments(*, enrollments: Iterable[Enrollment], by: Person | None, at: datetime) -> list[Enrollment]:
    """First attendance: those who have a place take part from now on. Others are left as they are.

    The cohorts are locked by the caller, who also writes the audit rows: no seat changes hands, so two queries do.
    """
    coming = [enrollment for enrollment in enrollments if enrollment.state == EnrollmentState.ENROLLED]
    if not coming:
        return []
    placed = Enrollment.objects.filter(pk__in=[enrollment.pk for enrollment in coming], state=EnrollmentState.ENROLLED)
    placed.update(state=EnrollmentState.ACTIVE, state_changed_at=at, started_at=Coalesce("started_at", at))
    for enrollment in coming:
        enrollment.state = EnrollmentState.ACTIVE
        enrollment.started_at = enrollment.started_at or at
    Transition.objects.bulk_create(
        [
            _transition(enrollment, EnrollmentState.ENROLLED, EnrollmentState.ACTIVE, by, HowAsked.DESK, at)
            for enrollment in coming
        ],
        batch_size=500,
    )
    return coming


def complete_enrollments(*, enrollments: Iterable[Enrollment], by: Person | None, at: datetime) -> list[Enrollment]:
    """The rule is met and a coordinator has decided so: active -> completed."""
    return move_enrollments(
        enrollments=enrollments, to_state=EnrollmentState.COMPLETED, by=by, how_asked=HowAsked.DESK, at=at
    )


def cancel_open_enrollments(*, cohort: Cohort, by: Person | None, at: datetime | None = None) -> list[Enrollment]:
    """Ends every open enrollment of a cohort that is cancelled."""
    return move_enrollments(
        enrollments=cohort.enrollments.filter(state__in=OPEN_STATES),
        to_state=EnrollmentState.COHORT_CANCELLED,
        by=by,
        how_asked=HowAsked.DESK,
        at=at,
    )


@transaction.atomic
def change_capacity(*, cohort: Cohort, capacity: int, by: Person | None) -> Cohort:
    """Sets the number of seats; refuses fewer than are taken. The freed seats are given from the queue by a person."""
    locked = lock_cohort(cohort.pk)
    if capacity < locked.seats_taken:
        raise RuleError(
            [
                ngettext(
                    "%(taken)d seat is taken already, so there cannot be fewer. Free a seat first.",
                    "%(taken)d seats are taken already, so there cannot be fewer. Free seats first.",
                    locked.seats_taken,
                )
                % {"taken": locked.seats_taken}
            ],
            code="capacity_below_taken",
        )
    before = locked.capacity
    locked.capacity = capacity
    locked.full_clean(exclude=["course", "venue"])
    locked.save(update_fields=["capacity"])
    record_change(
        by=by, action="cohort.capacity", thing=locked, detail={"from": before, "to": capacity, "code": locked.code}
    )
    cohort.capacity, cohort.seats_taken = capacity, locked.seats_taken
    return locked


def _check_enrolling(cohort: Cohort, people: Sequence[Person]) -> None:
    reasons = []
    if cohort.state not in ENROLLING_STATES:
        reasons.append(
            _("Nobody can be enrolled in %(cohort)s now: the group is %(state)s.")
            % {"cohort": cohort.name, "state": cohort.get_state_display().lower()}
        )
    reasons += [
        _("%(name)s cannot be enrolled: the person's state is %(state)s.")
        % {"name": person.list_name, "state": person.get_state_display().lower()}
        for person in people
        if person.state != PersonState.ACTIVE
    ]
    if reasons:
        raise RuleError(reasons, code="not_enrolling")
    already = cohort.enrollments.filter(state__in=OPEN_STATES, person__in=[person.pk for person in people])
    twice = set(already.values_list("person_id", flat=True))
    seen: set[int] = set()
    for person in people:
        if person.pk in seen:
            twice.add(person.pk)
        seen.add(person.pk)
    if twice:
        names = {person.pk: _already_open(person) for person in people if person.pk in twice}
        raise RuleError(names.values(), code="already_open")


def _already_open(person: Person) -> str:
    return _("%(name)s is enrolled in this group already.") % {"name": person.list_name}


def _somebody_waits(cohort: Cohort) -> bool:
    return cohort.enrollments.filter(state=EnrollmentState.WAITLISTED).exists()


def _check_waiting_list(cohort: Cohort, more: int) -> None:
    if not more or cohort.waiting_list_capacity is None:
        return
    waiting = cohort.enrollments.filter(state=EnrollmentState.WAITLISTED).count()
    if waiting + more > cohort.waiting_list_capacity:
        raise CohortFull(
            [
                _("%(cohort)s is full, and so is its waiting list (%(limit)d).")
                % {"cohort": cohort.name, "limit": cohort.waiting_list_capacity}
            ],
            code="waiting_list_full",
        )


def _check_move(enrollment: Enrollment, to_state: EnrollmentState, note: str) -> None:
    if not may_move(enrollment.state, to_state):
        raise RuleError(
            [
                _("%(name)s: “%(from)s” cannot become “%(to)s”. Somebody may have changed it meanwhile.")
                % {
                    "name": enrollment.person.list_name,
                    "from": enrollment.get_state_display(),
                    "to": EnrollmentState(to_state).label,
                }
            ],
            code="no_such_move",
        )
    if is_reopening(enrollment.state, to_state) and not note.strip():
        raise RuleError([_("Say why the enrollment is opened again.")], code="note_missing")


def _change_seats(cohort: Cohort, enrollments: Sequence[Enrollment], to_state: str) -> None:
    change = sum(seat_change(enrollment.state, to_state) for enrollment in enrollments)
    if cohort.seats_taken + change > cohort.capacity:
        raise CohortFull(
            [
                ngettext(
                    "%(cohort)s has %(seats)d seat, and it is taken.",
                    "%(cohort)s has %(seats)d seats, and there are not enough free ones.",
                    cohort.capacity,
                )
                % {"cohort": cohort.name, "seats": cohort.capacity}
            ],
            code="full",
        )
    add_seats_taken(cohort, change)


def _set_state(
    cohort: Cohort,
    enrollments: Sequence[Enrollment],
    to_state: EnrollmentState,
    reason: str,
    offer_expires_at: datetime | None,
    at: datetime,
) -> None:
    closing = to_state not in _STAYS_OPEN
    numbers: Iterable[int | None] = [None] * len(enrollments)
    if to_state == EnrollmentState.WAITLISTED:
        numbers = take_queue_numbers(cohort, len(enrollments))
    for enrollment, number in zip(enrollments, numbers, strict=True):
        enrollment.state = to_state
        enrollment.state_changed_at = at
        enrollment.queue_number = number
        enrollment.offer_expires_at = offer_expires_at if to_state == EnrollmentState.OFFERED else None
        enrollment.ended_at = at if closing else None
        enrollment.reason = reason if closing else ""
        if to_state in (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE):
            enrollment.admitted_at = enrollment.admitted_at or at
        if to_state == EnrollmentState.ACTIVE:
            enrollment.started_at = enrollment.started_at or at
        elif to_state == EnrollmentState.ENROLLED:
            enrollment.started_at = None


def _save_moves(enrollments: Sequence[Enrollment]) -> None:
    Enrollment.objects.bulk_update(
        enrollments,
        [
            "state",
            "state_changed_at",
            "queue_number",
            "offer_expires_at",
            "ended_at",
            "reason",
            "admitted_at",
            "started_at",
        ],
        batch_size=200,
    )


def _transition(
    enrollment: Enrollment,
    from_state: str,
    to_state: str,
    by: Person | None,
    how_asked: str,
    at: datetime,
    reason: str = "",
) -> Transition:
    return Transition(
        enrollment=enrollment,
        from_state=from_state,
        to_state=to_state,
        at=at,
        by=by,
        how_asked=how_asked,
        reason=reason[:200],
    )


def _tell(moved: Sequence[Enrollment], before: dict[int, str], to_state: EnrollmentState, at: datetime) -> None:
    if to_state not in _STAYS_OPEN and to_state != EnrollmentState.COMPLETED:
        cancel_messages_for_enrollments(enrollments=moved, at=at)
    elif to_state == EnrollmentState.WAITLISTED:
        without_place = [enrollment for enrollment in moved if seat_change(before[enrollment.pk], to_state) < 0]
        cancel_messages_for_enrollments(enrollments=without_place, at=at)
    elif to_state == EnrollmentState.ENROLLED:
        newly = [enrollment for enrollment in moved if before[enrollment.pk] != EnrollmentState.ACTIVE]
        plan_place_confirmed(enrollments=newly, at=at)
