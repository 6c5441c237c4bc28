"""The first page of a cohort: what comes next and what needs a person. Few queries, whatever the cohort's size."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Min
from django.utils import timezone

from accounts.models import Person
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, ReminderRule
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.selectors import not_delivered
from courses.overview.selectors.cohort_frame import CohortFrame, cohort_frame
from courses.overview.selectors.needs import Need, needs_of_groups
from courses.overview.selectors.next_steps import next_steps
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort, Session
from courses.scheduling.selectors.cohorts import sessions_of
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Attendance
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
class CohortOverview:
    frame: CohortFrame
    next_sessions: list[NextSession]
    needs: list[Need]


def cohort_overview(cohort: Cohort, at: datetime | None = None) -> CohortOverview:
    """Frame, the next sessions and the needs of a cohort: fifteen queries, and ten more once a register is marked."""
    at = at or timezone.now()
    frame = cohort_frame(cohort, sessions=with_counts(sessions_of(cohort)))
    coming = [session for session in frame.held if session.ends_at > at][:SHOWN_NEXT]
    return CohortOverview(
        frame=frame,
        next_sessions=_next_sessions(coming, frame, _absences(coming)),
        needs=_needs(cohort, frame, at),
    )


def _needs(cohort: Cohort, frame: CohortFrame, at: datetime) -> list[Need]:
    """What Today says of the group, and what is to be done on its own pages alone."""
    shared = needs_of_groups(Cohort.objects.filter(pk=cohort.pk), at)
    return [
        *shared.urgent,
        *_people_needs(cohort, frame, at),
        *shared.soon,
        *_schedule_needs(cohort, frame, at),
        *_size_needs(cohort, frame, at),
        *shared.decisions,
        *_closing_needs(cohort, frame),
    ]


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


def _people_needs(cohort: Cohort, frame: CohortFrame, at: datetime) -> list[Need]:
    """What the rows of the group's learners show: whom a message did not reach, and who has modules to make up."""
    failed = not_delivered().filter(enrollment__cohort=cohort).values("person").distinct().count()
    needs = [Need("unreached", failed, cohort)] if failed else []
    if cohort.state in (CohortState.CONFIRMED, CohortState.RUNNING, CohortState.FINISHED):
        placed = cohort.enrollments.filter(state__in=OPEN_STATES).select_related("person", "cohort__course")
        steps = next_steps(list(placed), cohort=cohort, sessions=frame.held, at=at)
        behind = sum(bool(step.modules) for step in steps.values())
        needs += [Need("behind", behind, cohort)] if behind else []
    return needs


def _schedule_needs(cohort: Cohort, frame: CohortFrame, at: datetime) -> list[Need]:
    if not frame.held and cohort.state not in (CohortState.FINISHED, CohortState.CLOSED, CohortState.CANCELLED):
        return [Need("no_sessions")]
    over = [session for session in frame.held if session.ends_at < at]
    match cohort.state:
        case CohortState.CONFIRMED if cohort.starts_on <= timezone.localdate(at):
            return [Need("to_start", day=cohort.starts_on)]
        case CohortState.RUNNING if over and len(over) == len(frame.held):
            return [Need("to_finish")]
    return []


def _size_needs(cohort: Cohort, frame: CohortFrame, at: datetime) -> list[Need]:
    soon = cohort.starts_on - timezone.localdate(at) <= timedelta(days=CONFIRM_DAYS)
    if cohort.state != CohortState.PUBLISHED or not soon:
        return []
    code = "to_confirm" if frame.seated >= cohort.minimum else "under_minimum"
    return [Need(code, frame.seated, cohort, limit=cohort.minimum, day=cohort.starts_on)]


def _closing_needs(cohort: Cohort, frame: CohortFrame) -> list[Need]:
    undecided = frame.counts.get(EnrollmentState.ACTIVE, 0)
    return [Need("to_close")] if cohort.state == CohortState.FINISHED and not undecided else []
