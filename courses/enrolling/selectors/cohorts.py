from datetime import date
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Count, Prefetch, Q, QuerySet
from django_stubs_ext import WithAnnotations

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.rules.applications import Room, applications
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session

# What the public sees: groups that people may still join, are in, or have been in.
PUBLIC_STATES = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING, CohortState.FINISHED)
JOINABLE_STATES = (CohortState.PUBLISHED, CohortState.CONFIRMED)


class Waiting(TypedDict):
    """`waiting`: how many stand in the queue."""

    waiting: int


if TYPE_CHECKING:
    CohortWithWaiting: TypeAlias = WithAnnotations[Cohort, Waiting]
else:
    # What a query adds is known to the types alone.
    CohortWithWaiting = Cohort

WAITING = Count("enrollments", filter=Q(enrollments__state=EnrollmentState.WAITLISTED))


def enrolling_cohorts() -> QuerySet[Cohort]:
    """The cohorts in which people can be enrolled, by start."""
    return Cohort.objects.filter(state__in=ENROLLING_STATES).order_by("starts_on", "code")


def public_cohorts() -> QuerySet[CohortWithWaiting]:
    """Cohorts with a public page, with `waiting`."""
    return Cohort.objects.filter(state__in=PUBLIC_STATES).select_related("course", "venue").annotate(waiting=WAITING)


def cohorts_to_apply_for() -> QuerySet[CohortWithWaiting]:
    """Cohorts that had a public page, cancelled and closed ones too, with `waiting`: whoever has begun to apply is told
    what became of the group."""
    return Cohort.objects.exclude(state=CohortState.DRAFT).select_related("course", "venue").annotate(waiting=WAITING)


def open_cohorts(*, today: date, language: str = "", format: str = "") -> QuerySet[CohortWithWaiting]:
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


def application_state(cohort: CohortWithWaiting, today: date) -> str:
    """`open`, `full`, `queue_full`, `later` or `over`, of a cohort from public_cohorts or open_cohorts."""
    if cohort.state not in JOINABLE_STATES:
        return "over"
    return applications(
        opens_on=cohort.applications_open_on,
        closes_on=cohort.applications_close_on,
        starts_on=cohort.starts_on,
        room=Room(cohort.free_seats, cohort.waiting, cohort.waiting_list_capacity),
        today=today,
    )
