"""People as a coordinator meets them: the list, and everything about one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import PersonState
from accounts.models import AuditEntry, Person, PersonMerge, RoleGrant
from accounts.selectors import MOST_FOUND, search_people
from courses.certifying.models import Certificate
from courses.certifying.selectors import is_mentor
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Session
from courses.teaching.enums import ATTENDED_STATES, Result
from courses.teaching.models import Attendance, ModuleResult

SHOWN_MESSAGES = 10
LOOK = "person.look"


# What stands in the audit about a person's own record, rather than about an enrollment or a certificate.


@dataclass(frozen=True)
class ListedPerson:
    person: Person
    # The open enrollment that moved last; without one the last of all; None for who was never enrolled.
    enrollment: Enrollment | None


def people_for_list(*, text: str = "", show: str = "", language: str = "", channel: str = "") -> QuerySet[Person]:
    """Search and choices of the list. `show`: seniors, staff, waiting, place, mentors, no_email, gone or
    empty for everybody.

    Of a search without a choice the first MOST_FOUND; a choice is made among all whom the search finds.
    """
    people = search_people(text, most=None if show or language or channel else MOST_FOUND)
    staff = Q(pk__in=RoleGrant.objects.filter(ended_at__isnull=True).values("person"))
    shown = {
        "seniors": ~staff,
        "staff": staff,
        "waiting": _enrolled(EnrollmentState.WAITLISTED, EnrollmentState.OFFERED, EnrollmentState.APPLIED),
        "place": _enrolled(EnrollmentState.ENROLLED, EnrollmentState.ACTIVE),
        "mentors": Q(is_mentor(timezone.localdate(), "pk")),
        "no_email": Q(email="", state=PersonState.ACTIVE),
        "gone": ~Q(state=PersonState.ACTIVE),
    }
    if show in shown:
        people = people.filter(shown[show])
    if language:
        people = people.filter(language=language)
    if channel:
        people = people.filter(Q(channel=channel) | Q(second_channel=channel))
    return people


def with_enrollments(people: Iterable[Person]) -> list[ListedPerson]:
    """The people of one page, each with the enrollment that says most. One query."""
    people = list(people)
    best: dict[int, Enrollment] = {}
    rows = Enrollment.objects.filter(person__in=people).select_related("cohort").order_by("state_changed_at", "id")
    for enrollment in rows:
        before = best.get(enrollment.person_id)
        if before is None or before.state not in OPEN_STATES or enrollment.state in OPEN_STATES:
            best[enrollment.person_id] = enrollment
    return [ListedPerson(person, best.get(person.pk)) for person in people]


def enrollments_of(person: Person, at: datetime | None = None) -> QuerySet[Enrollment]:
    """The person's enrollments, open ones first, with `lessons_attended`, `modules_passed`, `modules_all` and the start of
    the `next_session_at`."""
    at = at or timezone.now()
    lessons = (
        Attendance.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True, state__in=ATTENDED_STATES)
        .order_by()
        .values("enrollment")
        .annotate(total=Sum("lessons"))
        .values("total")
    )
    passed = (
        ModuleResult.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True, result=Result.PASSED)
        .order_by()
        .values("enrollment")
        .annotate(total=Count("pk"))
        .values("total")
    )
    upcoming = Session.objects.filter(cohort=OuterRef("cohort"), state=SessionState.PLANNED, starts_at__gt=at).order_by(
        "starts_at"
    )
    return (
        person.enrollments.select_related("cohort__course")
        .annotate(
            lessons_attended=Coalesce(Subquery(lessons, output_field=IntegerField()), 0),
            modules_passed=Coalesce(Subquery(passed, output_field=IntegerField()), 0),
            modules_all=Count("cohort__course__modules"),
            next_session_at=Subquery(upcoming.values("starts_at")[:1]),
            next_session_number=Subquery(upcoming.values("number")[:1]),
        )
        .order_by(F("ended_at").asc(nulls_first=True), "-cohort__starts_on", "-id")
    )


def planned_messages_of(person: Person) -> int:
    return person.messages.filter(state=MessageState.PENDING).count()


def messages_of(person: Person) -> Sequence[Message]:
    """The last and the next ones, newest first."""
    return list(
        person.messages.select_related("session", "enrollment__cohort", "contact").order_by("-due_at")[:SHOWN_MESSAGES]
    )


def certificates_of(person: Person) -> Sequence[Certificate]:
    return list(person.certificates.select_related("course").order_by("-issued_on", "-id"))


def transitions_of(person: Person, limit: int) -> Sequence[Transition]:
    """The moves of all enrollments, newest first. The first move says only that one applied, and is left out when a
    second was made in the same moment, unless it says why a prerequisite was set aside."""
    rows = Transition.objects.filter(enrollment__person=person).select_related(
        "enrollment__cohort", "from_cohort", "by"
    )
    steps = list(rows.order_by("-at", "-id")[: limit * 2])
    return [step for step in steps if not _is_mere_beginning(step, steps)][:limit]


def attendance_of(person: Person, limit: int) -> Sequence[Attendance]:
    return list(
        Attendance.objects.filter(enrollment__person=person, revoked_at__isnull=True)
        .select_related("session__cohort", "marked_by")
        .order_by("-marked_at", "-id")[:limit]
    )


def changes_of(person: Person, limit: int, *, actions: Collection[str], looks: bool) -> Sequence[AuditEntry]:
    """What was done to the person's record, newest first: of `actions`, the looks at the page only when asked for."""
    told = [action for action in actions if looks or action != LOOK]
    return list(AuditEntry.objects.filter(subject=person, action__in=told).select_related("by")[:limit])


def merges_of(person: Person) -> dict[int, PersonMerge]:
    """The records that were made one with this one, by id of the merge."""
    return {merge.pk: merge for merge in person.merges.all()}


def _enrolled(*states: EnrollmentState) -> Q:
    """By a list of ids: asked of each person in turn, a million of them would be gone through for a few."""
    return Q(pk__in=Enrollment.objects.filter(state__in=states).values("person"))


def _is_mere_beginning(step: Transition, steps: Sequence[Transition]) -> bool:
    return (step.from_state, step.reason) == ("", "") and any(
        other.enrollment_id == step.enrollment_id and other.at == step.at and other.from_state for other in steps
    )
