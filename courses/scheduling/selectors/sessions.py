from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Person
from courses.catalogue.models import Module
from courses.catalogue.selectors.courses import taught_modules
from courses.dates.calendar import at_wall_time
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.rules.schedule import (
    LeftOut,
    days_again,
    first_morning,
    lessons_of_places,
    overlap,
    session_days,
    spread,
    whole_lessons,
)
from courses.scheduling.selectors.cohorts import sessions_of


def first_sessions_to_come(cohort_ids: set[int], at: datetime) -> dict[int, datetime]:
    """Cohort -> when its next planned session starts."""
    return dict(
        Session.objects.filter(cohort__in=cohort_ids, state=SessionState.PLANNED, starts_at__gt=at)
        .values_list("cohort")
        .annotate(first=Min("starts_at"))
        .order_by()
    )


def first_days(cohort_ids: Collection[int]) -> dict[int, datetime]:
    """Cohort -> when its first session starts, without sessions the morning of its first day. One query."""
    held = ~Q(sessions__state=SessionState.CANCELLED)
    rows = Cohort.objects.filter(pk__in=cohort_ids).annotate(first=Min("sessions__starts_at", filter=held))
    return {
        pk: first or first_morning(starts_on)
        for pk, first, starts_on in rows.order_by().values_list("pk", "first", "starts_on")
    }


def next_meetings(cohort_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    """Cohort -> when its people would next meet, also when that session was cancelled."""
    rows = Session.objects.filter(cohort__in=cohort_ids, starts_at__gt=at)
    return dict(rows.order_by().values_list("cohort").annotate(first=Min("starts_at")))


@dataclass(frozen=True)
class WantedSessions:
    """`count` sessions from `first_on` on, on some `weekdays` (0 = Monday), from `starts` until `ends` in Finnish wall time."""

    first_on: date
    weekdays: Collection[int]
    starts: time
    ends: time
    count: int
    left_out: Collection[date] = ()
    without_holidays: bool = True
    with_modules: bool = True


@dataclass(frozen=True)
class PlannedSession:
    """A session that is not made yet. Without a venue or a link of its own it is where the others are."""

    starts_at: datetime
    ends_at: datetime
    modules: tuple[Module, ...]
    lessons: int
    venue: Venue | None = None
    remote_link: str = ""


@dataclass(frozen=True)
class SessionPlan:
    """What make_sessions would make, and the days it leaves out."""

    sessions: tuple[PlannedSession, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Clash:
    """A session of another cohort at the same time, with what both need: `venue` or `trainer`."""

    session: Session
    why: str


def plan_sessions(cohort: Cohort, wanted: WantedSessions) -> SessionPlan:
    """The sessions of some weeks, with the modules of the course spread over them in order."""
    days, gaps = session_days(
        first=wanted.first_on,
        weekdays=wanted.weekdays,
        count=wanted.count,
        left_out=wanted.left_out,
        without_holidays=wanted.without_holidays,
        language=(get_language() or "en")[:2],
    )
    modules = taught_modules(cohort.course) if wanted.with_modules else []
    places = spread(modules, len(days))
    lessons = lessons_of_places({module: module.lessons for module in modules}, places)
    sessions = []
    for day, covered, credited in zip(days, places, lessons, strict=True):
        start, end = at_wall_time(day, wanted.starts), at_wall_time(day, wanted.ends)
        sessions.append(PlannedSession(start, end, tuple(covered), credited or whole_lessons(start, end)))
    return SessionPlan(tuple(sessions), tuple(gaps))


def plan_sessions_again(cohort: Cohort, *, first_on: date, left_out: Collection[date] = ()) -> SessionPlan:
    """The sessions of `cohort` some whole weeks later, from `first_on` on: the same weekdays, hours, places and modules.

    Cancelled ones are not planned again.
    """
    sessions = list(sessions_of(cohort).exclude(state=SessionState.CANCELLED))
    spans = [(timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)) for session in sessions]
    days, gaps = days_again(
        [start.date() for start, _end in spans],
        first=first_on,
        left_out=left_out,
        language=(get_language() or "en")[:2],
    )
    planned = tuple(
        PlannedSession(
            starts_at=at_wall_time(day, start.time()),
            ends_at=at_wall_time(day + (end.date() - start.date()), end.time()),
            modules=tuple(session.modules.all()),
            lessons=session.lessons,
            venue=session.venue,
            remote_link=session.remote_link,
        )
        for session, day, (start, end) in zip(sessions, days, spans, strict=True)
    )
    return SessionPlan(planned, tuple(gaps))


def sessions_in_the_way(
    cohort: Cohort, spans: Sequence[tuple[datetime, datetime]], *, apart_from: Session | None = None
) -> list[Session]:
    """The cohort's own sessions that overlap one of `spans`; cancelled ones are in nobody's way."""
    return [
        session
        for session in _around(Session.objects.filter(cohort=cohort), spans, apart_from)
        if any(overlap((session.starts_at, session.ends_at), span) for span in spans)
    ]


def clashes(
    cohort: Cohort,
    spans: Sequence[tuple[datetime, datetime]],
    *,
    venue: Venue | None,
    apart_from: Session | None = None,
) -> list[Clash]:
    """Sessions of other cohorts that need the same venue or one of the same trainers at the same time."""
    trainers = list(cohort.trainers.values_list("pk", flat=True))
    return _clashes(_around(Session.objects.exclude(cohort=cohort), spans, apart_from), spans, venue, trainers)


def clashes_of_plan(plan: SessionPlan, *, venue: Venue | None, trainers: Iterable[Person]) -> list[Clash]:
    """The same for a cohort that is not there yet: at `venue`, where a session has none of its own, with `trainers`."""
    spans_at: dict[Venue | None, list[tuple[datetime, datetime]]] = {}
    for session in plan.sessions:
        spans_at.setdefault(session.venue or venue, []).append((session.starts_at, session.ends_at))
    needed = [trainer.pk for trainer in trainers]
    return [
        clash
        for place, spans in spans_at.items()
        for clash in _clashes(_around(Session.objects.all(), spans, None), spans, place, needed)
    ]


def own_overlaps(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The spans that begin before the one before them has ended."""
    ordered = sorted(spans)
    return [later for earlier, later in zip(ordered, ordered[1:], strict=False) if overlap(earlier, later)]


def sessions_to_come(cohort: Cohort, at: datetime | None = None) -> QuerySet[Session]:
    return cohort.sessions.filter(state=SessionState.PLANNED, starts_at__gt=at or timezone.now())


def _around(
    sessions: QuerySet[Session], spans: Sequence[tuple[datetime, datetime]], apart_from: Session | None
) -> QuerySet[Session]:
    if not spans:
        return sessions.none()
    near = sessions.exclude(state=SessionState.CANCELLED).filter(
        starts_at__lt=max(end for _start, end in spans), ends_at__gt=min(start for start, _end in spans)
    )
    return near.exclude(pk=apart_from.pk) if apart_from and apart_from.pk else near


def _clashes(
    others: QuerySet[Session],
    spans: Sequence[tuple[datetime, datetime]],
    venue: Venue | None,
    trainers: Collection[int],
) -> list[Clash]:
    at_venue = Q(venue=venue) | Q(venue__isnull=True, cohort__venue=venue) if venue else Q(pk__in=[])
    taken = (
        others.exclude(cohort__state=CohortState.CANCELLED)
        .filter(at_venue | Q(cohort__trainers__in=trainers))
        .select_related("cohort__venue", "venue")
        .distinct()
    )
    return [
        Clash(session, "venue" if venue and (session.venue or session.cohort.venue) == venue else "trainer")
        for session in taken
        for span in spans
        if overlap((session.starts_at, session.ends_at), span)
    ]
