"""What a learner sees of their own course."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.messaging.models import Message
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Session
from courses.teaching.enums import ATTENDED_STATES
from courses.teaching.models import Attendance
from courses.teaching.selectors.completions import Standing, standings

SHOWN_STATES = (
    EnrollmentState.APPLIED,
    EnrollmentState.WAITLISTED,
    EnrollmentState.OFFERED,
    EnrollmentState.ENROLLED,
    EnrollmentState.ACTIVE,
    EnrollmentState.COMPLETED,
    EnrollmentState.NOT_COMPLETED,
)
PLACED = (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)
# Who was found to have completed before the last session may come to the rest all the same.
COMING = (*PLACED, EnrollmentState.COMPLETED)
MESSAGES_SHOWN = 5


@dataclass(frozen=True)
class SessionLine:
    """One session of a learner's group. `state`: attended, missed, next, later, cancelled, or open (over, not marked yet)."""

    session: Session
    state: str


@dataclass(frozen=True)
class Learning:
    """One enrollment with its sessions and how it stands; `next` is the coming session."""

    enrollment: Enrollment
    lines: list[SessionLine]
    standing: Standing

    @property
    def next(self) -> SessionLine | None:
        return next((line for line in self.lines if line.state == "next"), None)

    @property
    def attended(self) -> int:
        return sum(line.state == "attended" for line in self.lines)


def learning_of(person: Person, at: datetime) -> list[Learning]:
    """The person's enrollments, those going on first. Constant query count."""
    enrollments = list(
        Enrollment.objects.filter(person=person, state__in=SHOWN_STATES)
        .select_related("person", "cohort__course", "cohort__venue")
        .order_by("-cohort__starts_on", "-pk")
    )
    enrollments.sort(key=lambda enrollment: enrollment.state not in PLACED)
    sessions = (
        Session.objects.filter(cohort__in={enrollment.cohort_id for enrollment in enrollments})
        .select_related("venue", "cohort__venue")
        .prefetch_related("modules")
        .order_by("starts_at", "number")
    )
    marks = {
        (mark.enrollment_id, mark.session_id): mark.state
        for mark in Attendance.objects.filter(enrollment__in=enrollments, revoked_at__isnull=True)
    }
    by_cohort: dict[int, list[Session]] = {}
    for session in sessions:
        by_cohort.setdefault(session.cohort_id, []).append(session)
    return [
        Learning(enrollment, _lines(enrollment, by_cohort.get(enrollment.cohort_id, []), marks, at), standing)
        for enrollment, standing in zip(enrollments, standings(enrollments, at), strict=True)
    ]


def messages_to(person: Person) -> list[Message]:
    """The newest messages that reached the person."""
    return list(
        person.messages.filter(sent_at__isnull=False, contact__isnull=True).order_by("-sent_at")[:MESSAGES_SHOWN]
    )


def _lines(
    enrollment: Enrollment, sessions: list[Session], marks: dict[tuple[int, int], str], at: datetime
) -> list[SessionLine]:
    lines = []
    coming = enrollment.state in COMING
    for session in sessions:
        mark = marks.get((enrollment.pk, session.pk))
        if session.state == SessionState.CANCELLED:
            state = "cancelled"
        elif mark:
            state = "attended" if mark in ATTENDED_STATES else "missed"
        elif session.ends_at <= at:
            state = "open"
        else:
            state, coming = ("next", False) if coming else ("later", coming)
        lines.append(SessionLine(session, state))
    return lines
