from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import Person
from courses.enrolling.enums import REGISTER_STATES, EnrollmentState, QueueReason
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.offers import offer_times
from courses.enrolling.selectors.enrollments import cohort_is_over
from courses.enrolling.selectors.prerequisites import Lack, lacks_of
from courses.messaging.selectors import not_delivered
from courses.scheduling.models import Cohort, Session
from courses.scheduling.rules.schedule import first_morning
from courses.teaching.enums import ATTENDED_STATES
from courses.teaching.models import Attendance


@dataclass(frozen=True)
class LearnerLine:
    """One person of a cohort. `attended` of `held` lessons so far; `unreached`: a message did not go."""

    enrollment: Enrollment
    attended: int = 0
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
    no_shows: Sequence[LearnerLine]

    @property
    def waiting(self) -> int:
        return sum(line.size for line in self.queued)


def learners_of(cohort: Cohort, sessions: Sequence[Session]) -> Learners:
    """Everybody who is or was enrolled in `cohort`: by name, the queue in its order, offers by when they lapse. Two
    queries, and three more where a prerequisite is to be checked."""
    attended = Attendance.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True, state__in=ATTENDED_STATES)
    lessons = attended.order_by().values("enrollment").annotate(total=Sum("lessons")).values("total")
    failed = not_delivered().filter(enrollment=OuterRef("pk"))
    enrollments = list(
        cohort.enrollments.select_related("person", "party")
        .annotate(lessons_attended=Coalesce(Subquery(lessons), 0), unreached=Exists(failed))
        .order_by("person__sort_key", "pk")
    )
    held = sum(session.lessons for session in sessions if session.marked_at)
    lines = {one.pk: LearnerLine(one, one.lessons_attended, held, one.unreached) for one in enrollments}
    placed = [lines[one.pk] for one in enrollments if one.state in REGISTER_STATES]
    here = {*REGISTER_STATES, EnrollmentState.OFFERED, EnrollmentState.WAITLISTED, EnrollmentState.APPLIED}
    return Learners(
        placed=placed,
        asked=_asked(enrollments),
        queued=_queued(enrollments, cohort, sessions),
        applied=_applied(enrollments, cohort),
        gone=[lines[one.pk] for one in enrollments if one.state not in here],
        no_shows=_no_shows_among(placed) if cohort_is_over(cohort) else [],
    )


def _no_shows_among(placed: Sequence[LearnerLine]) -> list[LearnerLine]:
    return [one for one in placed if one.enrollment.state == EnrollmentState.ENROLLED]


def _asked(enrollments: Sequence[Enrollment]) -> list[QueueLine]:
    asked = [one for one in enrollments if one.state == EnrollmentState.OFFERED]
    asked.sort(key=lambda one: (one.offer_expires_at or one.state_changed_at, one.pk))
    return [QueueLine(members) for members in _together(asked)]


def _queued(enrollments: Sequence[Enrollment], cohort: Cohort, sessions: Sequence[Session]) -> list[QueueLine]:
    queue = [one for one in enrollments if one.state == EnrollmentState.WAITLISTED]
    queue.sort(key=lambda one: (one.queue_number or 0, one.pk))
    notes = _queue_notes(cohort) if queue else {}
    begins = min((session.starts_at for session in sessions), default=first_morning(cohort.starts_on))
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
