"""Every move of an enrollment. The cohort's row is locked first; state, seat count, transition and audit are one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import HowAsked, PersonState
from accounts.models import AuditEntry, Person
from accounts.rules.codes import new_application_code
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.bulk import insert_rows, insert_rows_with_ids
from accounts.services.people import PersonData, create_person
from courses.enums import (
    OPEN_STATES,
    EnrollmentState,
    MessageState,
    ReminderRule,
    WithdrawalReason,
)
from courses.exceptions import CohortFull, RuleError
from courses.models import Cohort, Enrollment, Message, Transition
from courses.rules.enrollments import ENROLLING_STATES, seat_change
from courses.selectors.enrollments import move_to_undo
from courses.selectors.prerequisites import Lack, lacks_of
from courses.selectors.queues import cohorts_with_queue, party_members
from courses.services.messages import (
    cancel_messages_for_enrollments,
    plan_application_received,
    plan_place_confirmed,
)
from courses.services.moves import STAYS_OPEN, change_seats, set_state, transition, write_moves
from courses.services.offers import offer_free_seats, seats_for_newcomers
from courses.services.parties import check_party_size, leave_parties, make_party
from courses.services.prerequisitewords import explain_lacks
from courses.services.seats import add_seats_taken, lock_cohort, lock_cohorts, take_queue_numbers

# Before the group begins, those who came together are moved together.
TOGETHER = frozenset({EnrollmentState.WAITLISTED, EnrollmentState.OFFERED, EnrollmentState.ENROLLED})
LEAVING = frozenset({EnrollmentState.WITHDRAWN, EnrollmentState.DECLINED})


def enroll_person(
    *,
    person: Person,
    cohort: Cohort,
    by: Person | None,
    how_asked: HowAsked,
    goal: str = "",
    waiver: str = "",
    at: datetime | None = None,
) -> Enrollment:
    """A place when one is free and nobody waits for it, else the end of the waiting list.

    Raises RuleError when the person has an open enrollment here, may not be enrolled, or the cohort takes nobody;
    `prerequisite` when the course asks for what the person has not and no `waiver` says why that does not matter. Applied
    for without staff, it stays `applied` instead, until somebody has looked. CohortFull when the waiting list is full too.
    """
    return _enroll_few([person], cohort=cohort, by=by, how_asked=how_asked, goals=[goal], waiver=waiver, at=at)[0]


@transaction.atomic
def enroll_together(
    *,
    people: Sequence[Person],
    cohort: Cohort,
    by: Person | None,
    how_asked: HowAsked,
    goals: Sequence[str] = (),
    waiver: str = "",
    at: datetime | None = None,
) -> list[Enrollment]:
    """A couple, friends or a small group: a place for each, or all of them at the end of the waiting list, together.

    Raises what enroll_person raises, and RuleError `party_too_large`. One alone is enrolled as such.
    """
    locked = lock_cohort(cohort.pk)
    check_party_size(len(people), locked)
    return _enroll_few(
        people,
        cohort=cohort,
        by=by,
        how_asked=how_asked,
        goals=[*goals, *[""] * (len(people) - len(goals))],
        waiver=waiver,
        at=at,
    )


@transaction.atomic
def enroll_people(
    *, people: Sequence[Person], cohort: Cohort, by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> list[Enrollment]:
    """Enrolls all of `people`, in their order, or nobody. Seats first, then the waiting list. Constant query count.

    Who lacks a prerequisite of the course stays `applied`, until a coordinator has looked.
    """
    at = at or timezone.now()
    locked = lock_cohort(cohort.pk)
    _check_enrolling(locked, people)
    lacking = lacks_of(people, locked.course)
    admitted = [person for person in people if person.pk not in lacking]
    seats = seats_for_newcomers(locked, at)
    states = dict.fromkeys((person.pk for person in people), EnrollmentState.APPLIED)
    states |= dict.fromkeys((person.pk for person in admitted[:seats]), EnrollmentState.ENROLLED)
    states |= dict.fromkeys((person.pk for person in admitted[seats:]), EnrollmentState.WAITLISTED)
    enrollments = _create(locked, people, states, by=by, how_asked=how_asked, at=at)
    cohort.seats_taken, cohort.queue_last = locked.seats_taken, locked.queue_last
    return enrollments


def _enroll_few(
    people: Sequence[Person],
    *,
    cohort: Cohort,
    by: Person | None,
    how_asked: HowAsked,
    goals: Sequence[str],
    waiver: str,
    at: datetime | None,
) -> list[Enrollment]:
    """One person, or a party: one state for all of them."""
    at = at or timezone.now()
    with transaction.atomic():
        locked = lock_cohort(cohort.pk)
        _check_enrolling(locked, people)
        state = EnrollmentState.WAITLISTED
        lacking = {} if waiver.strip() else lacks_of(people, locked.course)
        if lacking and by is not None and how_asked != HowAsked.ROSTER:
            raise _prerequisite(people, lacking)
        if lacking:
            state = EnrollmentState.APPLIED
        elif seats_for_newcomers(locked, at) >= len(people):
            state = EnrollmentState.ENROLLED
        enrollments = _create(
            locked,
            people,
            dict.fromkeys((person.pk for person in people), state),
            by=by,
            how_asked=how_asked,
            goals=goals,
            waiver=waiver.strip(),
            at=at,
        )
    cohort.seats_taken, cohort.queue_last = locked.seats_taken, locked.queue_last
    return enrollments


def _create(
    cohort: Cohort,
    people: Sequence[Person],
    states: Mapping[int, EnrollmentState],
    *,
    by: Person | None,
    how_asked: HowAsked,
    goals: Sequence[str] = (),
    waiver: str = "",
    at: datetime,
) -> list[Enrollment]:
    """New enrollments of a locked cohort, in the order of `people`; `states` by person. With `goals` they are one party,
    or one person."""
    waiting = sum(state == EnrollmentState.WAITLISTED for state in states.values())
    _check_waiting_list(cohort, waiting)
    numbers = iter(take_queue_numbers(cohort, waiting) if waiting else ())
    enrollments = []
    for place, person in enumerate(people):
        enrollment = Enrollment(
            cohort=cohort,
            person=person,
            how_asked=how_asked,
            applied_at=at,
            goal=goals[place].strip() if goals else "",
            waiver=waiver,
            application_code=new_application_code(),
        )
        set_state(enrollment, states[person.pk], at=at)
        if enrollment.state == EnrollmentState.WAITLISTED:
            enrollment.queue_number = next(numbers)
        if goals:
            enrollment.clean_fields(exclude=["cohort", "person", "party"])
        enrollments.append(enrollment)
    insert_rows_with_ids(Enrollment, enrollments)
    applied = EnrollmentState.APPLIED
    insert_rows(
        Transition,
        (
            step
            for enrollment in enrollments
            for step in (
                transition(enrollment, "", applied, by, how_asked, at, waiver),
                transition(enrollment, applied, enrollment.state, by, how_asked, at),
            )
            if step.from_state != step.to_state
        ),
    )
    placed = [enrollment for enrollment in enrollments if enrollment.state == EnrollmentState.ENROLLED]
    add_seats_taken(cohort, len(placed))
    record_changes(
        audit_entry(
            by=by,
            action="enrollment.create",
            subject=enrollment.person,
            thing=enrollment,
            detail={"cohort": cohort.code, "state": enrollment.state, "how_asked": how_asked},
        )
        for enrollment in enrollments
    )
    if len(goals) > 1:
        make_party(enrollments=enrollments, cohort=cohort, by=by, how_asked=how_asked, at=at)
    plan_place_confirmed(enrollments=placed, at=at)
    if len(placed) < len(enrollments):
        plan_application_received(
            enrollments=[one for one in enrollments if one.state != EnrollmentState.ENROLLED], at=at
        )
        # A party for whom there are too few seats holds the free ones back from now on.
        offer_free_seats(cohort=cohort, at=at)
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
    moved = move_enrollments(
        enrollments=[enrollment],
        to_state=to_state,
        by=by,
        how_asked=how_asked,
        reason=reason,
        note=note,
        offer_expires_at=offer_expires_at,
        at=at,
    )
    return next(one for one in moved if one.pk == enrollment.pk)


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
    """Moves all of `enrollments` to `to_state`, or none; returns those moved. Constant query count but for a few per cohort.

    `reason` is a WithdrawalReason, `note` the words a reopening asks for. The states are read anew under the lock of
    the cohorts, so that of two people who press at once the second is told what the first did. Until they take part, those
    of a party are moved together; one who leaves it leaves the others where they are, and they are asked. What frees a
    seat offers it to the next at once. Raises what services.moves.write_moves raises.
    """
    at = at or timezone.now()
    given = list(enrollments)
    cohorts = lock_cohorts(enrollment.cohort_id for enrollment in given)
    fresh = Enrollment.objects.select_related("person").in_bulk([enrollment.pk for enrollment in given])
    moving = _with_companions([fresh[enrollment.pk] for enrollment in given], to_state)
    before = {enrollment.pk: enrollment.state for enrollment in moving}
    write_moves(
        cohorts=cohorts,
        enrollments=moving,
        to_state=to_state,
        by=by,
        how_asked=how_asked,
        reason=reason,
        note=note,
        offer_expires_at=offer_expires_at,
        at=at,
    )
    if to_state in LEAVING:
        leave_parties(enrollments=moving, at=at)
    if to_state == EnrollmentState.WAITLISTED or any(seat_change(state, to_state) < 0 for state in before.values()):
        for pk in sorted(cohorts_with_queue(cohorts)):
            offer_free_seats(cohort=cohorts[pk], at=at)
    return moving


def _with_companions(moving: list[Enrollment], to_state: EnrollmentState) -> list[Enrollment]:
    """Those of `moving`, each with the members of its party who are where it is; the order is kept."""
    if to_state not in TOGETHER or all(enrollment.party_id is None for enrollment in moving):
        return moving
    found: dict[int, Enrollment] = {}
    for enrollment in moving:
        found.setdefault(enrollment.pk, enrollment)
        if enrollment.state in TOGETHER:
            for member in party_members(enrollment):
                if member.state == enrollment.state:
                    found.setdefault(member.pk, member)
    return list(found.values())


@transaction.atomic
def admit_applicant(
    *,
    enrollment: Enrollment,
    by: Person,
    how_asked: HowAsked,
    waiver: str = "",
    at: datetime | None = None,
) -> Enrollment:
    """Who has applied gets a place when one is free, else the end of the waiting list; a party as one.

    Raises RuleError `prerequisite` while something is missing that no `waiver` (the reason, in words) sets aside;
    `no_such_move` when it was decided already.
    """
    at = at or timezone.now()
    cohort = lock_cohort(Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment.pk))
    fresh = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    members = [one for one in party_members(fresh) if one.state == fresh.state]
    if not waiver.strip() and (lacking := lacks_of([one.person for one in members], cohort.course)):
        raise _prerequisite([one.person for one in members], lacking)
    to_state = EnrollmentState.WAITLISTED
    if seats_for_newcomers(cohort, at) >= len(members):
        to_state = EnrollmentState.ENROLLED
    for one in members:
        one.waiver = waiver.strip()
        one.clean_fields(exclude=["cohort", "person", "party"])
    write_moves(
        cohorts={cohort.pk: cohort},
        enrollments=members,
        to_state=to_state,
        by=by,
        how_asked=how_asked,
        note=waiver.strip(),
        at=at,
    )
    Enrollment.objects.bulk_update(members, ["waiver"])
    if to_state == EnrollmentState.WAITLISTED:
        plan_application_received(enrollments=members, at=at)
        offer_free_seats(cohort=cohort, at=at)
    return next(one for one in members if one.pk == enrollment.pk)


@transaction.atomic
def transfer_enrollment(
    *,
    enrollment: Enrollment,
    to_cohort: Cohort,
    by: Person,
    how_asked: HowAsked,
    note: str = "",
    at: datetime | None = None,
) -> Enrollment:
    """Takes an open enrollment to another cohort of the same course, with all that was attended and passed: the row itself
    goes over, and what was attended counts there as made up elsewhere. Who waited has a place there now.

    The old seat is offered on; companions stay where they are and are asked. Raises RuleError `no_such_move` (closed),
    `other_course`, `cohort_closed`, `already_open`; CohortFull.
    """
    at = at or timezone.now()
    old_pk = Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment.pk)
    cohorts = lock_cohorts([old_pk, to_cohort.pk])
    old, new = cohorts[old_pk], cohorts[to_cohort.pk]
    moving = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    _check_transfer(moving, old, new)
    before = moving.state
    to_state = EnrollmentState.ACTIVE if before == EnrollmentState.ACTIVE else EnrollmentState.ENROLLED
    change_seats(new, 1)
    add_seats_taken(old, seat_change(before, EnrollmentState.WITHDRAWN))
    cancel_messages_for_enrollments(enrollments=[moving], at=at)
    leave_parties(enrollments=[moving], at=at)
    started_at = moving.started_at
    set_state(moving, to_state, at=at)
    moving.cohort, moving.started_at, moving.queue_reason = new, started_at, ""
    moving.save()
    Transition.objects.bulk_create([transition(moving, before, to_state, by, how_asked, at, note, from_cohort=old)])
    record_change(
        by=by,
        action="enrollment.transfer",
        subject=moving.person,
        thing=moving,
        detail={"from": old.code, "to": new.code, "how_asked": how_asked},
    )
    plan_place_confirmed(enrollments=[moving], at=at)
    offer_free_seats(cohort=old, at=at)
    return moving


def _check_transfer(enrollment: Enrollment, old: Cohort, new: Cohort) -> None:
    name = enrollment.person.list_name
    if enrollment.state not in STAYS_OPEN:
        raise RuleError(
            [_("%(name)s is not in the group any more. Open the enrollment again first.") % {"name": name}],
            code="no_such_move",
        )
    if new.pk == old.pk:
        raise RuleError([_("%(name)s is in that group already.") % {"name": name}], code="already_open")
    if new.course_id != old.course_id:
        raise RuleError([_("What was attended counts only in a group of the same course.")], code="other_course")
    _check_enrolling(new, [enrollment.person])


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
    at = at or timezone.now()
    cohort = lock_cohort(enrollment.cohort_id)
    enrollment = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    _check_not_open(enrollment)
    to_state = EnrollmentState.WAITLISTED
    if enrollment.started_at:
        to_state = EnrollmentState.ACTIVE
    elif seats_for_newcomers(cohort, at):
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
        _check_not_open(fresh)
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
            transition(enrollment, EnrollmentState.ENROLLED, EnrollmentState.ACTIVE, by, HowAsked.DESK, at)
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
    """Ends every open enrollment of a cohort that is cancelled; who had a place first, then the queue in its order."""
    return move_enrollments(
        enrollments=cohort.enrollments.filter(state__in=OPEN_STATES).order_by("queue_number", "admitted_at", "pk"),
        to_state=EnrollmentState.COHORT_CANCELLED,
        by=by,
        how_asked=HowAsked.DESK,
        at=at,
    )


@transaction.atomic
def change_capacity(*, cohort: Cohort, capacity: int, by: Person | None, at: datetime | None = None) -> Cohort:
    """Sets the number of seats; refuses fewer than are taken. New seats are offered to those who wait, at once."""
    at = at or timezone.now()
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
    offer_free_seats(cohort=locked, at=at)
    cohort.capacity, cohort.seats_taken = capacity, locked.seats_taken
    return locked


def _check_enrolling(cohort: Cohort, people: Sequence[Person]) -> None:
    # The people as they are now, and until the end of the transaction: one may have died, or been made one with another.
    locked = (
        Person.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in people]).order_by("pk")
    )
    states = dict(locked.values_list("pk", "state"))
    if len(states) < len({person.pk for person in people}):
        raise RuleError(
            [_("This record was made one with another meanwhile. Search for the person again.")], code="gone"
        )
    reasons = []
    if cohort.state not in ENROLLING_STATES:
        reasons.append(
            _("Nobody can be enrolled in %(cohort)s now: the group is %(state)s.")
            % {"cohort": cohort.name, "state": cohort.get_state_display().lower()}
        )
    reasons += [
        _("%(name)s cannot be enrolled: the person's state is %(state)s.")
        % {"name": person.list_name, "state": str(PersonState(states[person.pk]).label).lower()}
        for person in people
        if states[person.pk] != PersonState.ACTIVE
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


def _check_not_open(enrollment: Enrollment) -> None:
    """The cohort is locked: a closed enrollment opens again only while the person has no other one there."""
    others = Enrollment.objects.filter(cohort=enrollment.cohort_id, person=enrollment.person_id, state__in=OPEN_STATES)
    if others.exists():
        raise RuleError([_already_open(enrollment.person)], code="already_open")


def _already_open(person: Person) -> str:
    return _("%(name)s is enrolled in this group already.") % {"name": person.list_name}


def _prerequisite(people: Sequence[Person], lacking: Mapping[int, list[Lack]]) -> RuleError:
    return RuleError(
        [
            _("%(name)s: %(what)s") % {"name": person.list_name, "what": " ".join(explain_lacks(lacking[person.pk]))}
            for person in people
            if person.pk in lacking
        ],
        code="prerequisite",
    )


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
