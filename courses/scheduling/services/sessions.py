"""The sessions of a cohort: made in one go, added, moved, cancelled. The cohort's row is locked first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError, StaleEdit
from accounts.services.audit import record_change
from courses.catalogue.models import Module
from courses.messaging.services.planning import replan_session
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.rules.cohorts import EDITABLE_STATES, Obstacle
from courses.scheduling.selectors.sessions import (
    SessionPlan,
    clashes,
    own_overlaps,
    sessions_in_the_way,
    sessions_to_come,
)
from courses.scheduling.services.locks import lock_cohort
from courses.scheduling.wording import clash_words, explain, session_when, span_when

# Further than the last number of any cohort.
FAR = 1000

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class SessionData:
    """When and where a session is and what is taught there. None: no module and no lesson in a new session, those that
    stand in one that is moved."""

    starts_at: datetime
    ends_at: datetime
    venue: Venue | None = None
    remote_link: str = ""
    modules: Sequence[Module] | None = None
    lessons: int | None = None


@transaction.atomic
def make_sessions(
    *,
    cohort: Cohort,
    plan: SessionPlan,
    act: Act,
    venue: Venue | None = None,
    remote_link: str = "",
    confirmed: bool = False,
) -> list[Session]:
    """Makes all sessions of `plan`, or none. The cohort's first and last day become those of its sessions.

    Raises RuleError when one overlaps another of the cohort, and with code `elsewhere` when the venue or a trainer is
    taken at that time, unless `confirmed`.
    """
    locked = _lock_for_sessions(cohort)
    check_plan(cohort=locked, plan=plan, venue=venue, confirmed=confirmed)
    first = (locked.sessions.aggregate(last=Max("number"))["last"] or 0) + 1
    sessions = [
        Session(
            cohort=locked,
            number=number,
            starts_at=planned.starts_at,
            ends_at=planned.ends_at,
            venue=planned.venue or venue,
            remote_link=planned.remote_link or remote_link,
            lessons=planned.lessons,
        )
        for number, planned in enumerate(plan.sessions, start=first)
    ]
    for session in sessions:
        session.clean_fields()
    Session.objects.bulk_create(sessions)
    covering = Session.modules.through
    covering.objects.bulk_create(
        covering(session_id=session.pk, module_id=module.pk)
        for session, planned in zip(sessions, plan.sessions, strict=True)
        for module in planned.modules
    )
    _number_by_time(locked)
    _fit_dates(locked, exactly=True)
    record_change(
        by=act.by, action="session.make", thing=locked, detail={"cohort": locked.code, "count": len(sessions)}
    )
    return list(locked.sessions.filter(pk__in=[session.pk for session in sessions]))


def check_plan(*, cohort: Cohort, plan: SessionPlan, venue: Venue | None, confirmed: bool = False) -> None:
    """For a preview: raises what make_sessions would raise, and makes nothing."""
    if not plan.sessions:
        raise RuleError([_("No day is left: choose other weekdays, or leave fewer days out.")], code="no_days")
    _check_times(cohort, [(session.starts_at, session.ends_at) for session in plan.sessions], venue, confirmed)


@transaction.atomic
def add_session(*, cohort: Cohort, data: SessionData, act: Act, confirmed: bool = False) -> Session:
    """Adds one session; refusals as of make_sessions. The cohort's days are widened to hold it."""
    locked = _lock_for_sessions(cohort)
    _check_times(locked, [(data.starts_at, data.ends_at)], data.venue, confirmed)
    session = Session(
        cohort=locked,
        number=(locked.sessions.aggregate(last=Max("number"))["last"] or 0) + 1,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        lessons=data.lessons or 0,
        venue=data.venue,
        remote_link=data.remote_link,
    )
    session.full_clean()
    session.save()
    session.modules.set(data.modules or ())
    _number_by_time(locked)
    _fit_dates(locked)
    session.refresh_from_db()
    record_change(
        by=act.by, action="session.add", thing=session, detail={"cohort": locked.code, "number": session.number}
    )
    return session


@transaction.atomic
def move_session(
    *, session: Session, data: SessionData, act: Act, seen: int | None = None, confirmed: bool = False
) -> Session:
    """Another time, place, or content. Messages of the old time are not sent; those of the new one are planned.

    `seen`: the schedule_revision the form was opened on; StaleEdit when somebody moved it meanwhile. Raises RuleError when
    the session is cancelled or its register marked, and as make_sessions.
    """
    locked = _lock_for_sessions(session.cohort)
    session = Session.objects.select_related("cohort").get(pk=session.pk)
    if seen is not None and seen != session.schedule_revision:
        raise StaleEdit(
            [_("Somebody else moved this session meanwhile. It is now %(when)s.") % {"when": session_when(session)}]
        )
    _check_unmarked(session)
    _check_times(locked, [(data.starts_at, data.ends_at)], data.venue, confirmed, apart_from=session)
    before = _schedule(session)
    session.starts_at, session.ends_at = data.starts_at, data.ends_at
    session.venue, session.remote_link = data.venue, data.remote_link
    if data.lessons is not None:
        session.lessons = data.lessons
    if data.modules is not None:
        session.modules.set(data.modules)
    moved = _schedule(session) != before
    session.schedule_revision += int(moved)
    session.full_clean()
    session.save()
    _number_by_time(locked)
    _fit_dates(locked)
    session.refresh_from_db()
    if moved:
        replan_session(session_id=session.pk, schedule_revision=session.schedule_revision, at=act.at)
    record_change(
        by=act.by,
        action="session.move",
        thing=session,
        detail={"from": before["starts_at"], "to": data.starts_at.isoformat(), "revision": session.schedule_revision},
    )
    return session


@transaction.atomic
def cancel_session(*, session: Session, act: Act) -> Session:
    """The session is not held; messages about it that are still to go are cancelled. Can be taken back."""
    locked = _lock_for_sessions(session.cohort)
    session = Session.objects.get(pk=session.pk)
    _check_unmarked(session)
    _set_state(locked, session, SessionState.CANCELLED, act.at)
    record_change(by=act.by, action="session.cancel", thing=session, detail={"cohort": locked.code})
    return session


@transaction.atomic
def restore_session(*, session: Session, act: Act) -> Session:
    """Takes a cancellation back. Raises RuleError when its time is taken by another session of the cohort now."""
    locked = _lock_for_sessions(session.cohort)
    session = Session.objects.get(pk=session.pk)
    if session.state != SessionState.CANCELLED:
        raise RuleError([_("This session is not cancelled.")], code="not_cancelled")
    _check_times(locked, [(session.starts_at, session.ends_at)], None, confirmed=True, apart_from=session)
    _set_state(locked, session, SessionState.PLANNED, act.at)
    record_change(by=act.by, action="session.restore", thing=session, detail={"cohort": locked.code})
    return session


def cancel_sessions_to_come(*, cohort: Cohort, at: datetime) -> int:
    """For a cohort that is cancelled, in its transaction and under its lock; returns how many."""
    coming = sessions_to_come(cohort, at)
    return coming.update(state=SessionState.CANCELLED, schedule_revision=F("schedule_revision") + 1)


def move_sessions_to_venue(*, cohort: Cohort, old: Venue | None, old_link: str, at: datetime) -> list[Session]:
    """Sessions to come that were where the cohort was follow it to its new venue; those held elsewhere stay."""
    following = list(sessions_to_come(cohort, at).filter(venue=old, remote_link=old_link))
    for session in following:
        session.venue, session.remote_link = cohort.venue, cohort.remote_link
        session.schedule_revision += 1
    Session.objects.bulk_update(following, ["venue", "remote_link", "schedule_revision"])
    for session in following:
        replan_session(session_id=session.pk, schedule_revision=session.schedule_revision, at=at)
    return following


def _lock_for_sessions(cohort: Cohort) -> Cohort:
    locked = lock_cohort(cohort.pk)
    if locked.state not in EDITABLE_STATES:
        raise RuleError(explain([Obstacle("not_editable", what=locked.state)]), code="not_editable")
    return locked


def _check_times(
    cohort: Cohort, spans: Sequence[Span], venue: Venue | None, confirmed: bool, apart_from: Session | None = None
) -> None:
    if any(start >= end for start, end in spans):
        raise RuleError([_("The session must end after it starts.")], code="ends_before_start")
    own = [span_when(start, end) for start, end in own_overlaps(spans)]
    own += [session_when(session) for session in sessions_in_the_way(cohort, spans, apart_from=apart_from)]
    if own:
        raise RuleError(
            [_("The group has a session already: %(when)s.") % {"when": when} for when in own], code="overlap"
        )
    if confirmed:
        return
    if taken := clashes(cohort, spans, venue=venue, apart_from=apart_from):
        raise RuleError([clash_words(clash) for clash in taken], code="elsewhere")


def _check_unmarked(session: Session) -> None:
    if session.state == SessionState.CANCELLED:
        raise RuleError([_("This session is cancelled.")], code="cancelled")
    if session.marked_at or session.state == SessionState.HELD:
        raise RuleError([_("The register of this session is marked, so it stays as it is.")], code="marked")


def _set_state(cohort: Cohort, session: Session, state: SessionState, at: datetime) -> None:
    session.state = state
    session.schedule_revision += 1
    session.save(update_fields=["state", "schedule_revision"])
    _number_by_time(cohort)
    session.refresh_from_db()
    replan_session(session_id=session.pk, schedule_revision=session.schedule_revision, at=at)


def _schedule(session: Session) -> dict[str, Any]:
    return {
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "venue": session.venue_id,
        "remote_link": session.remote_link,
    }


def _number_by_time(cohort: Cohort) -> None:
    """Numbers run with time; cancelled sessions come after all others, so that "session 7 of 9" is true."""
    sessions = list(cohort.sessions.order_by("starts_at", "pk"))
    sessions.sort(key=lambda session: session.state == SessionState.CANCELLED)
    if [session.number for session in sessions] == list(range(1, len(sessions) + 1)):
        return
    cohort.sessions.update(number=F("number") + FAR)
    for number, session in enumerate(sessions, start=1):
        session.number = number
    Session.objects.bulk_update(sessions, ["number"])


def _fit_dates(cohort: Cohort, exactly: bool = False) -> None:
    """The cohort's first and last day hold all its sessions; `exactly` also when it was planned longer."""
    held = cohort.sessions.exclude(state=SessionState.CANCELLED).aggregate(
        first=Min("starts_at"), last=Max("starts_at")
    )
    first, last = (timezone.localtime(held[end]).date() for end in ("first", "last"))
    if not exactly:
        first, last = min(first, cohort.starts_on), max(last, cohort.ends_on)
    if (first, last) != (cohort.starts_on, cohort.ends_on):
        cohort.starts_on, cohort.ends_on = first, last
        cohort.save(update_fields=["starts_on", "ends_on"])
