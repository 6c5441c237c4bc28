"""Cohorts: made, changed, and moved from state to state. Each state has one service; the rules say what stands in the way."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError, StaleEdit
from accounts.models import Person
from accounts.rules.undo import UNDO_WITHIN
from accounts.services.audit import record_change
from accounts.services.changes import changed_names
from courses.enrolling.enums import OPEN_STATES, SEAT_STATES, EnrollmentState
from courses.enrolling.messages.places import plan_cohort_cancelled
from courses.enrolling.services.enrollments import cancel_open_enrollments, change_capacity, transition_enrollments
from courses.enrolling.services.replacements import check_instead, offer_instead
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from courses.scheduling.rules import cohorts as rules
from courses.scheduling.rules.cohorts import EDITABLE_STATES, UNDOES, Obstacle
from courses.scheduling.selectors.sessions import sessions_to_come
from courses.scheduling.services.cohorts import cohort_fingerprint, missing_texts
from courses.scheduling.services.locks import lock_cohort, lock_cohorts
from courses.scheduling.services.sessions import cancel_sessions_to_come, move_sessions_to_venue
from courses.scheduling.wording import explain

# Those whom finishing a cohort tells no.
STILL_WAITING = (EnrollmentState.APPLIED, EnrollmentState.WAITLISTED)
AT_THE_UNDO = {
    EnrollmentState.NO_SHOW: EnrollmentState.ENROLLED,
    EnrollmentState.DECLINED: EnrollmentState.WAITLISTED,
}


@transaction.atomic
def update_cohort(
    *, cohort: Cohort, act: Act, seen: str = "", trainers: Iterable[Person] | None = None, **fields: Any
) -> Cohort:
    """Changes `fields`. A new venue takes the sessions to come with it, and their messages are planned anew.

    With `seen`, the fingerprint the form was opened on, raises StaleEdit when it is not today's. Raises RuleError for
    a cohort that is over, and for fewer seats than are taken.
    """
    locked = lock_cohort(cohort.pk)
    if locked.state not in EDITABLE_STATES:
        raise RuleError(explain([Obstacle("not_editable", what=locked.state)]), code="not_editable")
    if seen and seen != cohort_fingerprint(locked):
        raise StaleEdit(
            [_("Somebody else changed this group meanwhile. Compare with what is below, then save again.")],
            conflicts=changed_names(locked, fields),
        )
    old_venue, old_link = locked.venue, locked.remote_link
    capacity = fields.pop("capacity", locked.capacity)
    # More seats come before a larger smallest group, fewer seats after a smaller one.
    if capacity > locked.capacity:
        change_capacity(cohort=locked, capacity=capacity, act=act)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    if capacity < locked.capacity:
        change_capacity(cohort=locked, capacity=capacity, act=act)
    if trainers is not None:
        locked.trainers.set(trainers)
    if (old_venue, old_link) != (locked.venue, locked.remote_link):
        move_sessions_to_venue(cohort=locked, old=old_venue, old_link=old_link, at=act.at)
    record_change(
        by=act.by, action="cohort.update", thing=locked, detail={"code": locked.code, "fields": sorted(fields)}
    )
    return locked


def state_obstacles(cohort: Cohort, to_state: CohortState, at: datetime | None = None) -> list[Obstacle]:
    """What stands in the way of `to_state`; empty when nothing does. Nothing of it is a person's fault to hide: pages show it."""
    if wrong := rules.wrong_order(cohort.state, to_state):
        return wrong
    at = at or timezone.now()
    match to_state:
        case CohortState.PUBLISHED:
            return missing_texts(cohort)
        case CohortState.RUNNING:
            return rules.start_obstacles(first_day=cohort.starts_on, today=timezone.localdate(at))
        case CohortState.FINISHED:
            return rules.finish_obstacles(sessions_to_come=sessions_to_come(cohort, at).count())
        case CohortState.CLOSED:
            return rules.close_obstacles(open_enrollments=cohort.enrollments.filter(state__in=OPEN_STATES).count())
    return []


def publish_cohort(*, cohort: Cohort, act: Act) -> Cohort:
    """The group stands in the catalogue and takes people. Refused while a Finnish or Swedish text is missing."""
    return _move(cohort, CohortState.PUBLISHED, act)


def confirm_cohort(*, cohort: Cohort, act: Act) -> Cohort:
    """The group will be held, whether or not it reached its smallest size: that is the coordinator's to decide."""
    return _move(cohort, CohortState.CONFIRMED, act)


def start_cohort(*, cohort: Cohort, act: Act) -> Cohort:
    """The group has begun. Refused before its first day."""
    return _move(cohort, CohortState.RUNNING, act)


@transaction.atomic
def finish_cohort(*, cohort: Cohort, act: Act, no_shows: Collection[int] = ()) -> Cohort:
    """The group is over, and who still waits is told no.

    `no_shows`: the enrollments of which a person says so; nobody is marked so by itself. The others who have a place
    or take part keep waiting for a decision. Refused while sessions are to come.
    """
    finished = _move(cohort, CohortState.FINISHED, act)
    absent = finished.enrollments.filter(pk__in=no_shows, state=EnrollmentState.ENROLLED)
    waiting = finished.enrollments.filter(state__in=STILL_WAITING)
    for rows, to_state in ((absent, EnrollmentState.NO_SHOW), (waiting, EnrollmentState.DECLINED)):
        if ending := list(rows.order_by("pk")):
            transition_enrollments(enrollments=ending, to_state=to_state, act=replace(act, via=HowAsked.DESK))
    finished.refresh_from_db()
    return finished


def close_cohort(*, cohort: Cohort, act: Act) -> Cohort:
    """The figures are frozen. Refused while somebody has no decision."""
    return _move(cohort, CohortState.CLOSED, act)


@transaction.atomic
def cancel_cohort(*, cohort: Cohort, act: Act, instead: Cohort | None = None) -> Cohort:
    """Nothing more is held: sessions to come are cancelled, open enrollments end, messages still to go are cancelled, and
    everybody is told. `instead`: another group of the course, where each is asked first, in the order of their places here.

    Not undone: its people are told at once. RuleError `instead` when that group is no choice.
    """
    locked = lock_cohorts({cohort.pk, *([instead.pk] if instead else [])})
    if instead:
        check_instead(cohort, instead)
    cancelled = _move(cohort, CohortState.CANCELLED, act)
    cancel_sessions_to_come(cohort=cancelled, at=act.at)
    members = dict(cancelled.enrollments.filter(state__in=OPEN_STATES).values_list("pk", "state"))
    ended = cancel_open_enrollments(cohort=cancelled, act=act)
    if instead:
        seated = [one for one in ended if members[one.pk] in SEAT_STATES]
        others = [one for one in ended if members[one.pk] not in SEAT_STATES]
        offer_instead(ended=[*seated, *others], cohort=locked[instead.pk], act=act)
    cancelled.parties.filter(ended_at__isnull=True).update(ended_at=act.at, blocked_since=None)
    plan_cohort_cancelled(enrollments=ended, at=act.at)
    cancelled.refresh_from_db()
    return cancelled


@transaction.atomic
def undo_cohort_state(*, cohort: Cohort, act: Act) -> Cohort:
    """Takes the last step of state back, within 24 hours; a finish gives back what it said of people.

    Raises RuleError when time is over, or people or registers stand on the step.
    """
    locked = lock_cohort(cohort.pk)
    obstacles = undo_obstacles(locked, act.at)
    if obstacles:
        raise RuleError(explain(obstacles), code=obstacles[0].code)
    before, changed_at = locked.state, locked.state_changed_at
    _save_state(locked, CohortState(UNDOES[before]), act, action="cohort.undo")
    if before == CohortState.FINISHED and changed_at:
        _take_end_back(locked, changed_at, act)
    locked.refresh_from_db()
    return locked


def undo_obstacles(cohort: Cohort, at: datetime | None = None) -> list[Obstacle]:
    if cohort.state_changed_at is None or (at or timezone.now()) - cohort.state_changed_at > UNDO_WITHIN:
        return [Obstacle("too_late")]
    return rules.undo_obstacles(
        state=cohort.state,
        enrollments=cohort.enrollments.count(),
        marked_sessions=cohort.sessions.filter(marked_at__isnull=False).count(),
    )


def _move(cohort: Cohort, to_state: CohortState, act: Act) -> Cohort:
    """One step, under the lock."""
    with transaction.atomic():
        locked = lock_cohort(cohort.pk)
        if obstacles := state_obstacles(locked, to_state, act.at):
            raise RuleError(explain(obstacles), code=obstacles[0].code)
        _save_state(locked, to_state, act, action=f"cohort.{to_state}")
    return locked


def _save_state(cohort: Cohort, to_state: CohortState, act: Act, *, action: str) -> None:
    before = cohort.state
    cohort.state, cohort.state_changed_at = to_state, act.at
    cohort.save(update_fields=["state", "state_changed_at"])
    record_change(
        by=act.by, action=action, thing=cohort, detail={"code": cohort.code, "from": before, "to": str(to_state)}
    )


def _take_end_back(cohort: Cohort, finished_at: datetime, act: Act) -> None:
    for ended_state, open_state in AT_THE_UNDO.items():
        ended = cohort.enrollments.filter(state=ended_state, state_changed_at=finished_at).order_by("applied_at", "pk")
        if ended:
            transition_enrollments(
                enrollments=ended,
                to_state=open_state,
                act=replace(act, via=HowAsked.DESK),
                note=_("The end of the group was taken back."),
            )
