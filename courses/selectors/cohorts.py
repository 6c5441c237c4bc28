from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Person
from courses.enums import CohortState, CompletionState, EnrollmentState, MessageState, SessionState
from courses.models import Cohort, Course, Message, Module, Session
from courses.rules.cohorts import applications
from courses.rules.enrollments import ENROLLING_STATES

# What the public sees: groups that people may still join, are in, or have been in.
PUBLIC_STATES = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING, CohortState.FINISHED)
JOINABLE_STATES = (CohortState.PUBLISHED, CohortState.CONFIRMED)
GOING_ON_STATES = (CohortState.DRAFT, CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)

WAITING = Count("enrollments", filter=Q(enrollments__state=EnrollmentState.WAITLISTED))


@dataclass(frozen=True)
class CohortFrame:
    """What stands at the head of each page of a cohort."""

    sessions: list[Session]
    trainers: list[Person]
    counts: dict[str, int]
    proposed: int
    messages: int

    @property
    def held(self) -> list[Session]:
        """The sessions that are held or will be."""
        return [session for session in self.sessions if session.state != SessionState.CANCELLED]

    @property
    def done(self) -> int:
        """How many sessions have begun."""
        now = timezone.now()
        return sum(session.starts_at <= now for session in self.held)

    @property
    def learners(self) -> int:
        """People with a place now; after the end, those who completed or did not."""
        return self._count(
            EnrollmentState.ENROLLED, EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.NOT_COMPLETED
        )

    @property
    def waiting(self) -> int:
        return self._count(EnrollmentState.WAITLISTED)

    @property
    def offered(self) -> int:
        return self._count(EnrollmentState.OFFERED)

    @property
    def seated(self) -> int:
        return self._count(EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)

    def _count(self, *states: EnrollmentState) -> int:
        return sum(self.counts.get(state, 0) for state in states)


def cohort_frame(cohort: Cohort, sessions: QuerySet[Session] | None = None) -> CohortFrame:
    """The head and tabs of a cohort's pages in five queries, whatever the cohort's size.

    `sessions`: sessions_of(cohort) with more on them, where a page needs more.
    """
    rows = list(
        cohort.enrollments.order_by()
        .values("state")
        .annotate(
            people=Count("pk", distinct=True),
            proposed=Count("completions", filter=Q(completions__state=CompletionState.PROPOSED)),
        )
        .values_list("state", "people", "proposed")
    )
    return CohortFrame(
        sessions=list(sessions_of(cohort) if sessions is None else sessions),
        trainers=list(cohort.trainers.order_by("sort_key")),
        counts={state: count for state, count, _proposed in rows},
        proposed=sum(count for _state, _all, count in rows),
        messages=Message.objects.filter(enrollment__cohort=cohort, state=MessageState.PENDING).count(),
    )


def enrolling_cohorts() -> QuerySet[Cohort]:
    """The cohorts in which people can be enrolled, by start."""
    return Cohort.objects.filter(state__in=ENROLLING_STATES).order_by("starts_on", "code")


def cohorts_for_trainer(person: Person) -> QuerySet[Cohort]:
    """The cohorts that `person` trains; those of others do not exist for them."""
    return Cohort.objects.filter(trainers=person).select_related("course", "venue")


def public_cohorts() -> QuerySet[Cohort]:
    """Cohorts with a public page, with `waiting`."""
    return Cohort.objects.filter(state__in=PUBLIC_STATES).select_related("course", "venue").annotate(waiting=WAITING)


def cohorts_to_apply_for() -> QuerySet[Cohort]:
    """Cohorts that had a public page, cancelled and closed ones too, with `waiting`: whoever has begun to apply is told
    what became of the group."""
    return Cohort.objects.exclude(state=CohortState.DRAFT).select_related("course", "venue").annotate(waiting=WAITING)


def open_cohorts(*, today: date, language: str = "", format: str = "") -> QuerySet[Cohort]:
    """The catalogue: cohorts that have not begun, soonest first, with `waiting` and `held_sessions`.

    Two queries for a page of any length, beside the count of the pages.
    """
    cohorts = public_cohorts().filter(state__in=JOINABLE_STATES, starts_on__gte=today)
    if language:
        cohorts = cohorts.filter(language=language)
    if format:
        cohorts = cohorts.filter(course__format=format)
    return cohorts.prefetch_related(
        Prefetch("sessions", Session.objects.exclude(state=SessionState.CANCELLED), to_attr="held_sessions")
    ).order_by("starts_on", "code")


def open_choices(today: date) -> tuple[set[str], set[str]]:
    """Languages and formats that open_cohorts has: what one may choose from."""
    cohorts = Cohort.objects.filter(state__in=JOINABLE_STATES, starts_on__gte=today)
    pairs = list(cohorts.order_by().values_list("language", "course__format").distinct())
    return {language for language, _format in pairs}, {format for _language, format in pairs}


def application_state(cohort: Any, today: date) -> str:
    """`open`, `full`, `queue_full`, `later` or `over`, of a cohort from public_cohorts or open_cohorts."""
    if cohort.state not in JOINABLE_STATES:
        return "over"
    return applications(
        opens_on=cohort.applications_open_on,
        closes_on=cohort.applications_close_on,
        starts_on=cohort.starts_on,
        free_seats=cohort.free_seats,
        waiting=cohort.waiting,
        today=today,
        longest_queue=cohort.waiting_list_capacity,
    )


def cohorts_list(
    *, state: str = "", course: Course | None = None, language: str = "", text: str = ""
) -> QuerySet[Cohort]:
    """A coordinator's list, latest start first, with `waiting` and trainers. `state`: one, `going_on`, or all."""
    cohorts = Cohort.objects.select_related("course", "venue").annotate(waiting=WAITING)
    if state == "going_on":
        cohorts = cohorts.filter(state__in=GOING_ON_STATES)
    elif state:
        cohorts = cohorts.filter(state=state)
    if course:
        cohorts = cohorts.filter(course=course)
    if language:
        cohorts = cohorts.filter(language=language)
    for word in text.split():
        cohorts = cohorts.filter(
            Q(code__icontains=word)
            | Q(name_fi__icontains=word)
            | Q(name_sv__icontains=word)
            | Q(name_en__icontains=word)
            | Q(venue__name__icontains=word)
        )
    return cohorts.prefetch_related("trainers").order_by("-starts_on", "code")


def sessions_of(cohort: Cohort) -> QuerySet[Session]:
    """All sessions by time, with their venue and modules."""
    return (
        cohort.sessions.select_related("venue")
        .prefetch_related(Prefetch("modules", Module.objects.order_by("order")))
        .order_by("starts_at", "number")
    )


def next_cohort_code(course: Course, starts_on: date) -> str:
    """The first free code such as `AIM-2027K-04`: course, year, K (spring) or S (autumn), running number."""
    prefix = f"{course.code}-{starts_on.year}{'K' if starts_on.month <= 6 else 'S'}-"
    taken = set(Cohort.objects.filter(code__startswith=prefix).values_list("code", flat=True))
    number = 1
    while f"{prefix}{number:02d}" in taken:
        number += 1
    return f"{prefix}{number:02d}"
