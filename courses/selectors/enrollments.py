"""Enrollments as a coordinator meets them: the cohorts to choose from, a cohort's people, the moves of one enrollment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import Channel
from accounts.models import Person
from courses.enums import (
    CAME_STATES,
    OPEN_STATES,
    CohortState,
    EnrollmentState,
    MessageState,
    SessionState,
)
from courses.models import Attendance, Cohort, Enrollment, Message, Session, Transition
from courses.rules.enrollments import ENROLLING_STATES
from courses.selectors.cohorts import WAITING

UNDO_WITHIN = timedelta(hours=24)
PLACED_STATES = (
    EnrollmentState.OFFERED,
    EnrollmentState.ENROLLED,
    EnrollmentState.ACTIVE,
    EnrollmentState.COMPLETED,
    EnrollmentState.NOT_COMPLETED,
)
QUEUED_STATES = (EnrollmentState.APPLIED, EnrollmentState.WAITLISTED)


def cohorts_to_enroll_in(today: date) -> QuerySet[Cohort]:
    """The cohorts in which people are enrolled and which are not over, soonest first; with `waiting`, `offered`,
    `seated` (taken without the offered) and `held_sessions`. Two queries."""
    return (
        Cohort.objects.filter(state__in=ENROLLING_STATES, ends_on__gte=today)
        .select_related("course", "venue")
        .annotate(waiting=WAITING, offered=Count("enrollments", filter=Q(enrollments__state=EnrollmentState.OFFERED)))
        .annotate(seated=F("seats_taken") - F("offered"))
        .prefetch_related(
            Prefetch(
                "sessions",
                Session.objects.exclude(state=SessionState.CANCELLED).order_by("starts_at"),
                to_attr="held_sessions",
            )
        )
        .order_by("starts_on", "code")
    )


def queue_place(enrollment: Enrollment) -> int:
    """1 for who is next. 0 when the enrollment does not wait."""
    if enrollment.state != EnrollmentState.WAITLISTED:
        return 0
    return Enrollment.objects.filter(
        cohort=enrollment.cohort_id, state=EnrollmentState.WAITLISTED, queue_number__lte=enrollment.queue_number
    ).count()


@dataclass(frozen=True)
class LearnerLine:
    """One person of a cohort. `came` of `held` lessons so far; `place` in the queue; `unreached`: a message did not go."""

    enrollment: Enrollment
    came: int = 0
    held: int = 0
    place: int = 0
    unreached: bool = False

    @property
    def person(self) -> Person:
        return self.enrollment.person


@dataclass(frozen=True)
class Learners:
    """The people of a cohort: with a place, in the queue, gone. Those who never came are proposed, never moved by
    themselves: with a place, no attendance, and the cohort is over."""

    placed: Sequence[LearnerLine]
    queued: Sequence[LearnerLine]
    gone: Sequence[LearnerLine]
    never_came: Sequence[LearnerLine]


def learners_of(cohort: Cohort, sessions: Sequence[Session]) -> Learners:
    """Everybody who is or was enrolled in `cohort`, by name, the queue in its order. One query."""
    came = Attendance.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True, state__in=CAME_STATES)
    lessons = came.order_by().values("enrollment").annotate(total=Sum("lessons")).values("total")
    failed = Message.objects.filter(enrollment=OuterRef("pk"), state__in=(MessageState.DEAD, MessageState.UNKNOWN))
    enrollments = list(
        cohort.enrollments.select_related("person")
        .annotate(lessons_came=Coalesce(Subquery(lessons), 0), unreached=Exists(failed))
        .order_by("person__sort_key", "pk")
    )
    held = sum(session.lessons for session in sessions if session.marked_at)

    def line(enrollment: Any, place: int = 0) -> LearnerLine:
        return LearnerLine(enrollment, enrollment.lessons_came, held, place, enrollment.unreached)

    waiting = sorted(
        (enrollment for enrollment in enrollments if enrollment.state in QUEUED_STATES),
        key=lambda enrollment: (enrollment.queue_number or 0, enrollment.applied_at, enrollment.pk),
    )
    placed = [line(enrollment) for enrollment in enrollments if enrollment.state in PLACED_STATES]
    return Learners(
        placed=placed,
        queued=[line(enrollment, place) for place, enrollment in enumerate(waiting, start=1)],
        gone=[line(one) for one in enrollments if one.state not in (*PLACED_STATES, *QUEUED_STATES)],
        never_came=[
            one for one in placed if one.enrollment.state == EnrollmentState.ENROLLED and cohort_is_over(cohort)
        ],
    )


def cohort_is_over(cohort: Cohort, today: date | None = None) -> bool:
    """Its last day has passed, or it was finished earlier."""
    return cohort.state in (CohortState.FINISHED, CohortState.CLOSED) or cohort.ends_on < (
        today or timezone.localdate()
    )


def without_attendance(cohort: Cohort) -> list[Enrollment]:
    """Those who have a place and were never marked present, by name."""
    placed = cohort.enrollments.filter(state=EnrollmentState.ENROLLED)
    return list(placed.select_related("person").order_by("person__sort_key", "pk"))


def told_by(cohort: Cohort) -> dict[Channel, int]:
    """How many of those who wait or have a place are told about their group in which way first, the most used first."""
    rows = (
        cohort.enrollments.filter(state__in=OPEN_STATES)
        .order_by()
        .values_list("person__channel")
        .annotate(number=Count("pk"))
        .order_by("-number", "person__channel")
    )
    return {Channel(channel): number for channel, number in rows}


def groups_instead_of(cohort: Cohort, today: date) -> list[Cohort]:
    """The other groups of its course in which people are enrolled, soonest first, as cohorts_to_enroll_in has them."""
    return list(cohorts_to_enroll_in(today).filter(course=cohort.course_id).exclude(pk=cohort.pk))


def best_instead(groups: Iterable[Any], cohort: Cohort, seats: int, today: date) -> Cohort | None:
    """The soonest of groups_instead_of that has not begun, is held in the same language, and has room for `seats`
    people whom nobody stands before."""
    for group in groups:
        room = group.free_seats >= seats and not group.waiting
        if group.starts_on > today and group.language == cohort.language and room:
            return group
    return None


def transitions_of_enrollment(enrollment: Enrollment) -> list[Transition]:
    """Every move, newest first."""
    return list(enrollment.transitions.select_related("by").order_by("-at", "-pk"))


def move_to_undo(enrollment: Enrollment, at: datetime | None = None) -> Transition | None:
    """The last move while it can be undone: for 24 hours; nothing can after an undoing."""
    last = enrollment.transitions.order_by("-at", "-pk").first()
    if last is None or (at or timezone.now()) - last.at > UNDO_WITHIN:
        return None
    return last


def open_enrollments(pks: Sequence[int], cohort: Cohort) -> list[Enrollment]:
    """Those of `pks` that are open and of this cohort, the queue in its order."""
    rows = cohort.enrollments.filter(pk__in=pks, state__in=OPEN_STATES).select_related("person")
    return list(rows.order_by("queue_number", "applied_at", "pk"))
