"""Enrollments as a coordinator meets them: the cohorts to choose from, a cohort's people, the moves of one enrollment."""

from collections.abc import Collection, Iterable, Sequence
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
    QueueReason,
    Result,
    SessionState,
)
from courses.models import Attendance, Cohort, Enrollment, Message, Session, Transition
from courses.rules.enrollments import ENROLLING_STATES
from courses.rules.offers import offer_times
from courses.rules.schedule import at_wall_time
from courses.selectors.cohorts import WAITING
from courses.selectors.prerequisites import Lack, lacks_of
from courses.selectors.queues import MORNING

UNDO_WITHIN = timedelta(hours=24)
# People to choose from on one page.
MOST_SHOWN = 200
PLACED_STATES = (
    EnrollmentState.ENROLLED,
    EnrollmentState.ACTIVE,
    EnrollmentState.COMPLETED,
    EnrollmentState.NOT_COMPLETED,
)


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


@dataclass(frozen=True)
class LearnerLine:
    """One person of a cohort. `came` of `held` lessons so far; `unreached`: a message did not go."""

    enrollment: Enrollment
    came: int = 0
    held: int = 0
    unreached: bool = False

    @property
    def person(self) -> Person:
        return self.enrollment.person


@dataclass(frozen=True)
class QueueLine:
    """Somebody who waits or is asked, alone or with a party. `place` of the first of them in the queue; `held_until`: until
    then free seats are held back for the party; `note`: why they stand there, in a coordinator's words."""

    members: Sequence[Enrollment]
    place: int = 0
    held_until: datetime | None = None
    note: str = ""

    @property
    def enrollment(self) -> Enrollment:
        return self.members[0]

    @property
    def people(self) -> list[Person]:
        return [member.person for member in self.members]

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class ApplicantLine:
    """Somebody whose application waits for an answer, and what they lack for the course."""

    enrollment: Enrollment
    lacks: Sequence[Lack] = ()


@dataclass(frozen=True)
class Learners:
    """The people of a cohort: with a place, asked, waiting, applied, gone. Those who never came are proposed, never moved
    by themselves: with a place, no attendance, and the cohort is over."""

    placed: Sequence[LearnerLine]
    asked: Sequence[QueueLine]
    queued: Sequence[QueueLine]
    applied: Sequence[ApplicantLine]
    gone: Sequence[LearnerLine]
    never_came: Sequence[LearnerLine]

    @property
    def waiting(self) -> int:
        return sum(line.size for line in self.queued)


def learners_of(cohort: Cohort, sessions: Sequence[Session]) -> Learners:
    """Everybody who is or was enrolled in `cohort`: by name, the queue in its order, offers by when they lapse. Two
    queries, and three more where a prerequisite is to be checked."""
    came = Attendance.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True, state__in=CAME_STATES)
    lessons = came.order_by().values("enrollment").annotate(total=Sum("lessons")).values("total")
    failed = Message.objects.filter(enrollment=OuterRef("pk"), state__in=(MessageState.DEAD, MessageState.UNKNOWN))
    enrollments = list(
        cohort.enrollments.select_related("person", "party")
        .annotate(lessons_came=Coalesce(Subquery(lessons), 0), unreached=Exists(failed))
        .order_by("person__sort_key", "pk")
    )
    held = sum(session.lessons for session in sessions if session.marked_at)

    def line(enrollment: Any) -> LearnerLine:
        return LearnerLine(enrollment, enrollment.lessons_came, held, enrollment.unreached)

    placed = [line(enrollment) for enrollment in enrollments if enrollment.state in PLACED_STATES]
    here = {*PLACED_STATES, EnrollmentState.OFFERED, EnrollmentState.WAITLISTED, EnrollmentState.APPLIED}
    return Learners(
        placed=placed,
        asked=_asked(enrollments),
        queued=_queued(enrollments, cohort, sessions),
        applied=_applied(enrollments, cohort),
        gone=[line(enrollment) for enrollment in enrollments if enrollment.state not in here],
        never_came=[
            one for one in placed if one.enrollment.state == EnrollmentState.ENROLLED and cohort_is_over(cohort)
        ],
    )


def _asked(enrollments: Sequence[Enrollment]) -> list[QueueLine]:
    asked = [one for one in enrollments if one.state == EnrollmentState.OFFERED]
    asked.sort(key=lambda one: (one.offer_expires_at or one.state_changed_at, one.pk))
    return [QueueLine(members) for members in _together(asked)]


def _queued(enrollments: Sequence[Enrollment], cohort: Cohort, sessions: Sequence[Session]) -> list[QueueLine]:
    queue = [one for one in enrollments if one.state == EnrollmentState.WAITLISTED]
    queue.sort(key=lambda one: (one.queue_number or 0, one.pk))
    notes = _queue_notes(cohort) if queue else {}
    begins = min((session.starts_at for session in sessions), default=at_wall_time(cohort.starts_on, MORNING))
    place = {one.pk: number for number, one in enumerate(queue, start=1)}

    def line(members: Sequence[Enrollment]) -> QueueLine:
        party = members[0].party
        since = party.blocked_since if party else None
        until = offer_times(at=since, starts_at=begins).expires_at if since else None
        return QueueLine(members, place[members[0].pk], until, notes.get(members[0].pk, ""))

    return [line(members) for members in _together(queue)]


def _together(enrollments: Sequence[Enrollment]) -> list[list[Enrollment]]:
    """Singles and parties, in their order, a party at the place of its first."""
    lines: dict[object, list[Enrollment]] = {}
    for one in enrollments:
        lines.setdefault(("party", one.party_id) if one.party_id else one.pk, []).append(one)
    return list(lines.values())


def _queue_notes(cohort: Cohort) -> dict[int, str]:
    """Enrollment's pk -> the words with which it was last moved within the queue."""
    waiting = EnrollmentState.WAITLISTED
    moves = Transition.objects.filter(
        enrollment__cohort=cohort, enrollment__state=waiting, from_state=waiting, to_state=waiting
    ).order_by("at", "pk")
    said = moves.values_list("enrollment_id", "reason")
    return {pk: "" if words in QueueReason else words for pk, words in said}


def _applied(enrollments: Sequence[Enrollment], cohort: Cohort) -> list[ApplicantLine]:
    applied = [one for one in enrollments if one.state == EnrollmentState.APPLIED]
    if not applied:
        return []
    applied.sort(key=lambda one: (one.applied_at, one.pk))
    lacks = lacks_of([one.person for one in applied], cohort.course)
    return [ApplicantLine(one, lacks.get(one.person_id, ())) for one in applied]


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


def others_to_join(enrollment: Enrollment) -> list[Enrollment]:
    """Those of the cohort with whom somebody may come together: in the same state, with nobody yet, by name."""
    rows = Enrollment.objects.filter(cohort=enrollment.cohort_id, state=enrollment.state, party=None)
    return list(rows.exclude(pk=enrollment.pk).select_related("person").order_by("person__sort_key", "pk")[:MOST_SHOWN])


@dataclass(frozen=True)
class Kept:
    """What somebody takes along to another group."""

    sessions: int
    lessons: int
    modules: int


def kept_in_transfer(enrollment: Enrollment) -> Kept:
    attended = enrollment.attendances.filter(revoked_at__isnull=True, state__in=CAME_STATES).aggregate(
        sessions=Count("pk"), lessons=Coalesce(Sum("lessons"), 0)
    )
    passed = enrollment.module_results.filter(revoked_at__isnull=True, result=Result.PASSED).count()
    return Kept(attended["sessions"], attended["lessons"], passed)


def transitions_of_enrollment(enrollment: Enrollment) -> list[Transition]:
    """Every move, newest first."""
    return list(enrollment.transitions.select_related("by", "from_cohort").order_by("-at", "-pk"))


def move_to_undo(enrollment: Enrollment, at: datetime | None = None) -> Transition | None:
    """The last move while it can be undone: for 24 hours; nothing can after an undoing."""
    last = enrollment.transitions.order_by("-at", "-pk").first()
    if last is None or (at or timezone.now()) - last.at > UNDO_WITHIN:
        return None
    return last


def open_enrollments(pks: Collection[int], cohort: Cohort) -> list[Enrollment]:
    """Those of `pks` that are open and of this cohort, the queue in its order."""
    rows = cohort.enrollments.filter(pk__in=pks, state__in=OPEN_STATES).select_related("person")
    return list(rows.order_by("queue_number", "applied_at", "pk"))
