"""Registers: who stands on one, and what is marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from accounts.models import Person
from accounts.wording.people import shown_name
from courses.enrolling.enums import REGISTER_STATES
from courses.enrolling.models import Enrollment
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Session
from courses.teaching.enums import ABSENT_STATES, ATTENDED_STATES, AttendanceState
from courses.teaching.models import Attendance


@dataclass
class RegisterLine:
    """One row of a register. `state` is empty while nothing is marked; `guest` belongs to another cohort."""

    enrollment: Enrollment
    state: str = ""
    lessons: int = 0
    marked_at: datetime | None = None
    guest: bool = False
    absent_before: int = 0

    @property
    def name(self) -> str:
        return shown_name(self.enrollment.person)


def sessions_for_trainer(person: Person) -> QuerySet[Session]:
    return Session.objects.filter(cohort__trainers=person)


def with_place(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With all that a page says about a session: course, venue, modules."""
    return sessions.select_related("cohort__course", "cohort__venue", "venue", "marked_by").prefetch_related("modules")


def with_counts(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """`attended` and `absent`: how many people are marked so."""
    current = Q(attendances__revoked_at__isnull=True)
    return sessions.annotate(
        attended=Count("attendances", filter=current & Q(attendances__state__in=ATTENDED_STATES)),
        absent=Count("attendances", filter=current & Q(attendances__state__in=ABSENT_STATES)),
    )


def register_rows(session: Session) -> list[Any]:
    """Everyone on the register and their current mark, in one query: what the service writes by."""
    return list(
        Enrollment.objects.annotate(
            mark=FilteredRelation(
                "attendances",
                condition=Q(attendances__session=session.pk, attendances__revoked_at__isnull=True),
            )
        )
        .filter(Q(cohort=session.cohort_id, state__in=REGISTER_STATES) | Q(mark__isnull=False))
        .values(
            "pk",
            "person_id",
            "cohort_id",
            "state",
            mark_pk=F("mark__pk"),
            mark_state=F("mark__state"),
            mark_lessons=F("mark__lessons"),
        )
    )


def register_lines(session: Session) -> list[RegisterLine]:
    """The register of a session as its page shows it, by name, guests last. Three queries."""
    marks = {mark.enrollment_id: mark for mark in session.attendances.filter(revoked_at__isnull=True)}
    enrollments = (
        Enrollment.objects.filter(Q(cohort=session.cohort_id, state__in=REGISTER_STATES) | Q(pk__in=marks))
        .select_related("person", "cohort")
        .order_by("person__sort_key", "pk")
    )
    absent_before = absences_in_a_row(session)
    lines = [
        RegisterLine(
            enrollment=enrollment,
            state=marks[enrollment.pk].state if enrollment.pk in marks else "",
            lessons=marks[enrollment.pk].lessons if enrollment.pk in marks else 0,
            marked_at=marks[enrollment.pk].marked_at if enrollment.pk in marks else None,
            guest=enrollment.cohort_id != session.cohort_id,
            absent_before=absent_before.get(enrollment.pk, 0),
        )
        for enrollment in enrollments
    ]
    return sorted(lines, key=lambda line: line.guest)


def absences_in_a_row(session: Session) -> dict[int, int]:
    """Enrollment id to how many of the sessions right before this one were missed without telling."""
    marks = (
        Attendance.objects.filter(
            enrollment__cohort=session.cohort_id,
            session__cohort=session.cohort_id,
            session__starts_at__lt=session.starts_at,
            revoked_at__isnull=True,
        )
        .order_by("-session__starts_at")
        .values_list("enrollment_id", "state")
    )
    missed: dict[int, int] = {}
    attended: set[int] = set()
    for enrollment_id, state in marks:
        if state != AttendanceState.ABSENT:
            attended.add(enrollment_id)
        elif enrollment_id not in attended:
            missed[enrollment_id] = missed.get(enrollment_id, 0) + 1
    return missed


def changes_since(session: Session, version: int, enrollment_ids: Iterable[int]) -> list[Attendance]:
    """Marks that were added or taken back after `version` of the register, the newest last."""
    return list(
        Attendance.objects.filter(
            session=session, register_version__gt=version, enrollment_id__in=list(enrollment_ids)
        ).order_by("pk")
    )


def unmarked_sessions(sessions: QuerySet[Session], at: datetime) -> QuerySet[Session]:
    """Sessions that are over and whose register nobody has marked."""
    return sessions.filter(ends_at__lt=at, state=SessionState.PLANNED)
