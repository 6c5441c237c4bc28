"""The first page of a cohort: what comes next and what needs a person. Few queries, whatever the cohort's size."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min
from django.utils import timezone

from accounts.models import Person
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.overview.selectors.cohort_frame import CohortFrame, cohort_frame
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort, Session
from courses.scheduling.rules.schedule import first_morning
from courses.scheduling.selectors.cohorts import sessions_of
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Attendance
from courses.teaching.selectors.absences import IN_A_ROW
from courses.teaching.selectors.attendance import with_counts

# How long before the start a coordinator is asked to confirm or cancel.
CONFIRM_DAYS = 14
SHOWN_NEXT = 2


@dataclass(frozen=True)
class Reminders:
    """Messages that go out about one session: channel -> how many, and when the first leaves."""

    by_channel: dict[str, int]
    first_due: datetime


class Planned(NamedTuple):
    """Reminders of one session on one channel."""

    channel: str
    messages: int
    first_due: datetime


@dataclass(frozen=True)
class NextSession:
    session: Session
    expected: int
    told_absent: list[Person]
    reminders: Reminders | None


@dataclass(frozen=True)
class Need:
    """One thing that needs a person, with why. `code` chooses the words (overview/wording/needs.py)."""

    code: str
    count: int = 0
    limit: int = 0
    day: date | None = None
    person: Person | None = None
    sessions: list[Session] = field(default_factory=list)


@dataclass(frozen=True)
class CohortOverview:
    frame: CohortFrame
    next_sessions: list[NextSession]
    needs: list[Need]


def cohort_overview(cohort: Cohort, at: datetime | None = None) -> CohortOverview:
    """Frame, the next sessions and the needs of a cohort: eight queries."""
    at = at or timezone.now()
    frame = cohort_frame(cohort, sessions=with_counts(sessions_of(cohort)))
    marked = [session for session in frame.held if session.marked_at][-IN_A_ROW:]
    coming = [session for session in frame.held if session.ends_at > at][:SHOWN_NEXT]
    absences = _absences([*marked, *coming])
    return CohortOverview(
        frame=frame,
        next_sessions=_next_sessions(coming, frame, absences),
        needs=[
            *_schedule_needs(cohort, frame, at),
            *_seat_needs(cohort, frame, at),
            *_absence_needs(marked, absences),
            *_decision_needs(cohort, frame),
        ],
    )


def _absences(sessions: list[Session]) -> list[Attendance]:
    return list(
        Attendance.objects.filter(
            session__in=sessions,
            revoked_at__isnull=True,
            state__in=[AttendanceState.ABSENT, AttendanceState.ABSENT_TOLD],
            enrollment__state__in=[EnrollmentState.ENROLLED, EnrollmentState.ACTIVE],
        )
        .select_related("enrollment__person")
        .order_by("enrollment__person__sort_key")
    )


def _next_sessions(coming: list[Session], frame: CohortFrame, absences: list[Attendance]) -> list[NextSession]:
    rows = (
        Message.objects.filter(
            session__in=coming, rule=ReminderRule.SESSION_SOON, state=MessageState.PENDING, held=False
        )
        .order_by()
        .values_list("session_id", "channel")
        .annotate(Count("pk"), Min("due_at"))
    )
    planned: dict[int, list[Planned]] = {}
    for session_id, *found in rows:
        planned.setdefault(session_id, []).append(Planned(*found))
    return [
        NextSession(
            session=session,
            expected=frame.seated,
            told_absent=[absence.enrollment.person for absence in absences if absence.session_id == session.pk],
            reminders=_reminders(planned.get(session.pk, [])),
        )
        for session in coming
    ]


def _reminders(rows: list[Planned]) -> Reminders | None:
    if not rows:
        return None
    return Reminders({row.channel: row.messages for row in rows}, min(row.first_due for row in rows))


def _schedule_needs(cohort: Cohort, frame: CohortFrame, at: datetime) -> list[Need]:
    over = [session for session in frame.held if session.ends_at < at]
    return [*_session_needs(cohort, frame, over), *_state_needs(cohort, frame, over, timezone.localdate(at))]


def _session_needs(cohort: Cohort, frame: CohortFrame, over: list[Session]) -> list[Need]:
    if not frame.held and cohort.state not in (CohortState.FINISHED, CohortState.CLOSED, CohortState.CANCELLED):
        return [Need("no_sessions")]
    if cohort.state in (CohortState.CONFIRMED, CohortState.RUNNING, CohortState.FINISHED):
        return [Need("unmarked", sessions=[session]) for session in over if not session.marked_at]
    return []


def _state_needs(cohort: Cohort, frame: CohortFrame, over: list[Session], today: date) -> list[Need]:
    match cohort.state:
        case CohortState.CONFIRMED if cohort.starts_on <= today:
            return [Need("to_start", day=cohort.starts_on)]
        case CohortState.RUNNING if over and len(over) == len(frame.held):
            return [Need("to_finish")]
    return []


def _seat_needs(cohort: Cohort, frame: CohortFrame, at: datetime) -> list[Need]:
    needs = []
    soon = cohort.starts_on - timezone.localdate(at) <= timedelta(days=CONFIRM_DAYS)
    if cohort.state == CohortState.PUBLISHED and soon:
        code = "to_confirm" if frame.seated >= cohort.minimum else "under_minimum"
        needs.append(Need(code, count=frame.seated, limit=cohort.minimum, day=cohort.starts_on))
    open_states = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)
    # Before the start, free seats are offered by themselves.
    begun = min((session.starts_at for session in frame.held), default=first_morning(cohort.starts_on)) <= at
    if begun and cohort.state in open_states and cohort.free_seats > 0 and frame.waiting:
        needs.append(Need("seats_for_queue", count=frame.waiting, limit=cohort.free_seats))
    return needs


def _absence_needs(marked: list[Session], absences: list[Attendance]) -> list[Need]:
    """Who missed the last two registers without a word: they are called, kindly."""
    if len(marked) < IN_A_ROW:
        return []
    keys = {session.pk for session in marked}
    missed: dict[int, int] = {}
    people: dict[int, Person] = {}
    for absence in absences:
        if absence.session_id in keys and absence.state == AttendanceState.ABSENT:
            person = absence.enrollment.person
            people[person.pk] = person
            missed[person.pk] = missed.get(person.pk, 0) + 1
    return [
        Need("absent_twice", person=people[pk], sessions=marked) for pk, count in missed.items() if count == IN_A_ROW
    ]


def _decision_needs(cohort: Cohort, frame: CohortFrame) -> list[Need]:
    needs = []
    proposed = frame.proposed
    if proposed:
        needs.append(Need("proposed", count=proposed))
    undecided = frame.counts.get(EnrollmentState.ACTIVE, 0)
    if cohort.state == CohortState.FINISHED:
        needs.append(Need("undecided", count=undecided) if undecided else Need("to_close"))
    return needs
