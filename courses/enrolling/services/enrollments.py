"""Every move of an enrollment. The cohort's row is locked first; state, seat count, transition and audit are one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.rules.codes import new_application_code
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.bulk import insert_rows, insert_rows_with_ids
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.messages.places import plan_application_received, plan_place_confirmed
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import seat_change
from courses.enrolling.selectors.prerequisites import lacks_of
from courses.enrolling.selectors.queues import cohorts_with_queue, party_members
from courses.enrolling.services.checks import check_enrolling, check_not_open, check_waiting_list
from courses.enrolling.services.offers import offer_free_seats, seats_for_newcomers
from courses.enrolling.services.parties import check_party_size, leave_parties, make_party
from courses.enrolling.services.seats import add_seats_taken, take_queue_numbers
from courses.enrolling.services.transitions import Move, set_state, transition, write_transitions
from courses.enrolling.wording.refusals import more_are_taken, who_lacks_what
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohort, lock_cohorts

# Before the group begins, those who came together are moved together.
TOGETHER = frozenset({EnrollmentState.WAITLISTED, EnrollmentState.OFFERED, EnrollmentState.ENROLLED})
LEAVING = frozenset({EnrollmentState.WITHDRAWN, EnrollmentState.DECLINED})


def enroll_person(*, person: Person, cohort: Cohort, act: Act, goal: str = "", waiver: str = "") -> Enrollment:
    """A place when one is free and nobody waits for it, else the end of the waiting list.

    Raises RuleError when the person has an open enrollment here, may not be enrolled, or the cohort takes nobody;
    `prerequisite` when the course asks for what the person has not and no `waiver` says why that does not matter. Applied
    for without staff, it stays `applied` instead, until somebody has looked. CohortFull when the waiting list is full too.
    """
    return _enroll_few([person], cohort=cohort, act=act, goals=[goal], waiver=waiver)[0]


@transaction.atomic
def enroll_together(
    *, people: Sequence[Person], cohort: Cohort, act: Act, goals: Sequence[str] = (), waiver: str = ""
) -> list[Enrollment]:
    """A couple, friends or a small group: a place for each, or all of them at the end of the waiting list, together.

    Raises what enroll_person raises, and RuleError `party_too_large`. One alone is enrolled as such.
    """
    locked = lock_cohort(cohort.pk)
    check_party_size(len(people), locked)
    return _enroll_few(
        people, cohort=cohort, act=act, goals=[*goals, *[""] * (len(people) - len(goals))], waiver=waiver
    )


@transaction.atomic
def enroll_people(*, people: Sequence[Person], cohort: Cohort, act: Act) -> list[Enrollment]:
    """Enrolls all of `people`, in their order, or nobody. Seats first, then the waiting list. Constant query count.

    Who lacks a prerequisite of the course stays `applied`, until a coordinator has looked.
    """
    locked = lock_cohort(cohort.pk)
    check_enrolling(locked, people)
    lacking = lacks_of(people, locked.course)
    admitted = [person for person in people if person.pk not in lacking]
    seats = seats_for_newcomers(locked, act.at)
    states = dict.fromkeys((person.pk for person in people), EnrollmentState.APPLIED)
    states |= dict.fromkeys((person.pk for person in admitted[:seats]), EnrollmentState.ENROLLED)
    states |= dict.fromkeys((person.pk for person in admitted[seats:]), EnrollmentState.WAITLISTED)
    enrollments = _create(locked, people, states, act=act)
    cohort.seats_taken, cohort.queue_last = locked.seats_taken, locked.queue_last
    return enrollments


def _enroll_few(
    people: Sequence[Person], *, cohort: Cohort, act: Act, goals: Sequence[str], waiver: str
) -> list[Enrollment]:
    """One person, or a party: one state for all of them."""
    with transaction.atomic():
        locked = lock_cohort(cohort.pk)
        check_enrolling(locked, people)
        state = EnrollmentState.WAITLISTED
        lacking = {} if waiver.strip() else lacks_of(people, locked.course)
        if lacking and act.by is not None and act.via != HowAsked.ROSTER:
            raise RuleError(who_lacks_what(people, lacking), code="prerequisite")
        if lacking:
            state = EnrollmentState.APPLIED
        elif seats_for_newcomers(locked, act.at) >= len(people):
            state = EnrollmentState.ENROLLED
        enrollments = _create(
            locked,
            people,
            dict.fromkeys((person.pk for person in people), state),
            act=act,
            goals=goals,
            waiver=waiver.strip(),
        )
    cohort.seats_taken, cohort.queue_last = locked.seats_taken, locked.queue_last
    return enrollments


def _create(
    cohort: Cohort,
    people: Sequence[Person],
    states: Mapping[int, EnrollmentState],
    *,
    act: Act,
    goals: Sequence[str] = (),
    waiver: str = "",
) -> list[Enrollment]:
    """New enrollments of a locked cohort, in the order of `people`; `states` by person. With `goals` they are one party,
    or one person."""
    waiting = sum(state == EnrollmentState.WAITLISTED for state in states.values())
    check_waiting_list(cohort, waiting)
    numbers = iter(take_queue_numbers(cohort, waiting) if waiting else ())
    enrollments = []
    for place, person in enumerate(people):
        enrollment = Enrollment(
            cohort=cohort,
            person=person,
            how_asked=act.via,
            applied_at=act.at,
            goal=goals[place].strip() if goals else "",
            waiver=waiver,
            application_code=new_application_code(),
        )
        set_state(enrollment, states[person.pk], at=act.at)
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
                transition(enrollment, "", applied, act, waiver),
                transition(enrollment, applied, enrollment.state, act),
            )
            if step.from_state != step.to_state
        ),
    )
    placed = [enrollment for enrollment in enrollments if enrollment.state == EnrollmentState.ENROLLED]
    add_seats_taken(cohort, len(placed))
    record_changes(
        audit_entry(
            by=act.by,
            action="enrollment.create",
            subject=enrollment.person,
            thing=enrollment,
            detail={"cohort": cohort.code, "state": enrollment.state, "how_asked": act.via},
        )
        for enrollment in enrollments
    )
    if len(goals) > 1:
        make_party(enrollments=enrollments, cohort=cohort, act=act)
    plan_place_confirmed(enrollments=placed, at=act.at)
    if len(placed) < len(enrollments):
        plan_application_received(
            enrollments=[one for one in enrollments if one.state != EnrollmentState.ENROLLED], at=act.at
        )
        # A party for whom there are too few seats holds the free ones back from now on.
        offer_free_seats(cohort=cohort, at=act.at)
    return enrollments


def transition_enrollment(
    *,
    enrollment: Enrollment,
    to_state: EnrollmentState,
    act: Act,
    reason: str = "",
    note: str = "",
    offer_expires_at: datetime | None = None,
) -> Enrollment:
    """Moves one enrollment; see transition_enrollments."""
    moved = transition_enrollments(
        enrollments=[enrollment],
        to_state=to_state,
        act=act,
        reason=reason,
        note=note,
        offer_expires_at=offer_expires_at,
    )
    return next(one for one in moved if one.pk == enrollment.pk)


@transaction.atomic
def transition_enrollments(
    *,
    enrollments: Iterable[Enrollment],
    to_state: EnrollmentState,
    act: Act,
    reason: str = "",
    note: str = "",
    offer_expires_at: datetime | None = None,
) -> list[Enrollment]:
    """Moves all of `enrollments` to `to_state`, or none; returns those moved. Constant query count but for a few per cohort.

    `reason` is a WithdrawalReason, `note` the words a reopening asks for. The states are read anew under the lock of
    the cohorts, so that of two people who press at once the second is told what the first did. Until they take part, those
    of a party are moved together; one who leaves it leaves the others where they are, and they are asked. What frees a
    seat offers it to the next at once. Raises what enrolling.services.transitions.write_transitions raises.
    """
    given = list(enrollments)
    cohorts = lock_cohorts(enrollment.cohort_id for enrollment in given)
    fresh = Enrollment.objects.select_related("person").in_bulk([enrollment.pk for enrollment in given])
    moving = _with_companions([fresh[enrollment.pk] for enrollment in given], to_state)
    before = {enrollment.pk: enrollment.state for enrollment in moving}
    move = Move(to_state, reason, note, offer_expires_at)
    write_transitions(cohorts=cohorts, enrollments=moving, move=move, act=act)
    if to_state in LEAVING:
        leave_parties(enrollments=moving, at=act.at)
    if to_state == EnrollmentState.WAITLISTED or any(seat_change(state, to_state) < 0 for state in before.values()):
        for pk in sorted(cohorts_with_queue(cohorts)):
            offer_free_seats(cohort=cohorts[pk], at=act.at)
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
def admit_applicant(*, enrollment: Enrollment, act: Act, waiver: str = "") -> Enrollment:
    """Who has applied gets a place when one is free, else the end of the waiting list; a party as one.

    Raises RuleError `prerequisite` while something is missing that no `waiver` (the reason, in words) sets aside;
    `no_such_move` when it was decided already.
    """
    cohort = lock_cohort(Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment.pk))
    fresh = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    members = [one for one in party_members(fresh) if one.state == fresh.state]
    if not waiver.strip() and (lacking := lacks_of([one.person for one in members], cohort.course)):
        raise RuleError(who_lacks_what([one.person for one in members], lacking), code="prerequisite")
    to_state = EnrollmentState.WAITLISTED
    if seats_for_newcomers(cohort, act.at) >= len(members):
        to_state = EnrollmentState.ENROLLED
    for one in members:
        one.waiver = waiver.strip()
        one.clean_fields(exclude=["cohort", "person", "party"])
    write_transitions(
        cohorts={cohort.pk: cohort}, enrollments=members, move=Move(to_state, note=waiver.strip()), act=act
    )
    Enrollment.objects.bulk_update(members, ["waiver"])
    if to_state == EnrollmentState.WAITLISTED:
        plan_application_received(enrollments=members, at=act.at)
        offer_free_seats(cohort=cohort, at=act.at)
    return next(one for one in members if one.pk == enrollment.pk)


def withdraw_enrollment(*, enrollment: Enrollment, act: Act, reason: str, note: str = "") -> Enrollment:
    """Ends an open enrollment and frees its seat. `reason` is a WithdrawalReason."""
    return transition_enrollment(
        enrollment=enrollment, to_state=EnrollmentState.WITHDRAWN, act=act, reason=reason, note=note
    )


@transaction.atomic
def reopen_enrollment(*, enrollment: Enrollment, act: Act, note: str) -> Enrollment:
    """Opens a closed enrollment again: its old place when a seat is free, else the end of the waiting list.

    `note` says why. Raises RuleError without it, or when the person has another open enrollment in the cohort.
    """
    cohort = lock_cohort(enrollment.cohort_id)
    enrollment = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    check_not_open(enrollment)
    to_state = EnrollmentState.WAITLISTED
    if enrollment.started_at:
        to_state = EnrollmentState.ACTIVE
    elif seats_for_newcomers(cohort, act.at):
        to_state = EnrollmentState.ENROLLED
    return transition_enrollment(enrollment=enrollment, to_state=to_state, act=act, note=note)


def begin_enrollments(*, enrollments: Iterable[Enrollment], act: Act) -> list[Enrollment]:
    """First attendance: those who have a place take part from now on. Others are left as they are.

    The cohorts are locked by the caller, who also writes the audit rows: no seat changes hands, so two queries do.
    """
    coming = [enrollment for enrollment in enrollments if enrollment.state == EnrollmentState.ENROLLED]
    if not coming:
        return []
    placed = Enrollment.objects.filter(pk__in=[enrollment.pk for enrollment in coming], state=EnrollmentState.ENROLLED)
    placed.update(state=EnrollmentState.ACTIVE, state_changed_at=act.at, started_at=Coalesce("started_at", act.at))
    for enrollment in coming:
        enrollment.state = EnrollmentState.ACTIVE
        enrollment.started_at = enrollment.started_at or act.at
    Transition.objects.bulk_create(
        [
            transition(enrollment, EnrollmentState.ENROLLED, EnrollmentState.ACTIVE, replace(act, via=HowAsked.DESK))
            for enrollment in coming
        ],
        batch_size=500,
    )
    return coming


def complete_enrollments(*, enrollments: Iterable[Enrollment], act: Act) -> list[Enrollment]:
    """The rule is met and a coordinator has decided so: active -> completed."""
    return transition_enrollments(
        enrollments=enrollments, to_state=EnrollmentState.COMPLETED, act=replace(act, via=HowAsked.DESK)
    )


def cancel_open_enrollments(*, cohort: Cohort, act: Act) -> list[Enrollment]:
    """Ends every open enrollment of a cohort that is cancelled; who had a place first, then the queue in its order."""
    return transition_enrollments(
        enrollments=cohort.enrollments.filter(state__in=OPEN_STATES).order_by("queue_number", "admitted_at", "pk"),
        to_state=EnrollmentState.COHORT_CANCELLED,
        act=replace(act, via=HowAsked.DESK),
    )


@transaction.atomic
def change_capacity(*, cohort: Cohort, capacity: int, act: Act) -> Cohort:
    """Sets the number of seats; refuses fewer than are taken. New seats are offered to those who wait, at once."""
    locked = lock_cohort(cohort.pk)
    if capacity < locked.seats_taken:
        raise RuleError([more_are_taken(locked.seats_taken)], code="capacity_below_taken")
    before = locked.capacity
    locked.capacity = capacity
    locked.full_clean(exclude=["course", "venue"])
    locked.save(update_fields=["capacity"])
    record_change(
        by=act.by, action="cohort.capacity", thing=locked, detail={"from": before, "to": capacity, "code": locked.code}
    )
    offer_free_seats(cohort=locked, at=act.at)
    cohort.capacity, cohort.seats_taken = capacity, locked.seats_taken
    return locked
