"""What needs a person in groups: the one list behind Today, a group's first page and the page of its learners.

What one of these pages calls for, none of the others denies.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import PersonState
from accounts.models import Person
from courses.dates.calendar import day_bounds, local_day
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.importing.rosters.models import Roster
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import CompletionState
from courses.teaching.selectors.absences import absent_in_a_row
from courses.teaching.selectors.attendance import unmarked_sessions

# Of one kind on one page.
SHOWN = 8


@dataclass(frozen=True)
class Need:
    """One thing that needs a person, with why. `code` chooses the words (overview/wording); `thing` is what it is about."""

    code: str
    count: int = 0
    thing: Cohort | Session | Enrollment | Person | Roster | None = None
    limit: int = 0
    day: date | None = None


@dataclass(frozen=True)
class GroupNeeds:
    """By how urgent: a call today; what waits for a seat, a mark or an answer; decisions."""

    urgent: list[Need] = field(default_factory=list)
    soon: list[Need] = field(default_factory=list)
    decisions: list[Need] = field(default_factory=list)


def needs_of_groups(cohorts: QuerySet[Cohort], at: datetime) -> GroupNeeds:
    """Of all `cohorts` together. Seven queries, however many they are."""
    return GroupNeeds(
        urgent=[*_lapsing(cohorts, at), *_absent_twice(cohorts)],
        soon=[*_free_with_queue(cohorts, at), *_unmarked(cohorts, at), *_applied_to(cohorts)],
        decisions=[*_proposed(cohorts), *_undecided(cohorts)],
    )


def _lapsing(cohorts: QuerySet[Cohort], at: datetime) -> list[Need]:
    """Groups with offers that nobody has answered, and that lapse today or are about to be taken back."""
    _start, end = day_bounds(local_day(at))
    lapsing = Q(enrollments__state=EnrollmentState.OFFERED, enrollments__offer_expires_at__lt=end)
    found = cohorts.filter(lapsing).annotate(number=Count("enrollments", filter=lapsing))
    return [Need("offer_lapses", cohort.number, cohort) for cohort in found.order_by("starts_on")[:SHOWN]]


def _absent_twice(cohorts: QuerySet[Cohort]) -> list[Need]:
    absent = absent_in_a_row(cohorts.filter(state=CohortState.RUNNING))
    return [Need("absent_twice", thing=enrollment) for enrollment in absent[:SHOWN]]


def _free_with_queue(cohorts: QuerySet[Cohort], at: datetime) -> list[Need]:
    """Groups that have begun: before that, free seats are offered by themselves. Who is paused is not asked."""
    held = Session.objects.filter(cohort=OuterRef("pk")).exclude(state=SessionState.CANCELLED)
    begun = Exists(held.filter(starts_at__lte=at)) | (~Exists(held) & Q(starts_on__lte=timezone.localdate(at)))
    waits = Q(enrollments__state=EnrollmentState.WAITLISTED, enrollments__person__state=PersonState.ACTIVE)
    found = (
        cohorts.filter(begun, seats_taken__lt=F("capacity"), state__in=ENROLLING_STATES)
        .annotate(waiting=Count("enrollments", filter=waits))
        .filter(waiting__gt=0)
        .order_by("starts_on")[:SHOWN]
    )
    return [Need("seats_for_queue", cohort.waiting, cohort) for cohort in found]


def _applied_to(cohorts: QuerySet[Cohort]) -> list[Need]:
    applied = Q(enrollments__state=EnrollmentState.APPLIED)
    found = (
        cohorts.filter(applied, state__in=ENROLLING_STATES)
        .annotate(number=Count("enrollments", filter=applied))
        .order_by("starts_on")[:SHOWN]
    )
    return [Need("applications", cohort.number, cohort) for cohort in found]


def _unmarked(cohorts: QuerySet[Cohort], at: datetime) -> list[Need]:
    on = cohorts.filter(state__in=[CohortState.CONFIRMED, CohortState.RUNNING, CohortState.FINISHED])
    held = Session.objects.filter(cohort__in=on)
    sessions = unmarked_sessions(held, at).select_related("cohort").order_by("starts_at")[:SHOWN]
    return [Need("unmarked", thing=session) for session in sessions]


def _proposed(cohorts: QuerySet[Cohort]) -> list[Need]:
    found = (
        cohorts.filter(enrollments__completions__state=CompletionState.PROPOSED)
        .annotate(number=Count("enrollments__completions"))
        .order_by("ends_on")[:SHOWN]
    )
    return [Need("proposed", cohort.number, cohort) for cohort in found]


def _undecided(cohorts: QuerySet[Cohort]) -> list[Need]:
    found = (
        cohorts.filter(state=CohortState.FINISHED, enrollments__state=EnrollmentState.ACTIVE)
        .annotate(number=Count("enrollments"))
        .order_by("ends_on")[:SHOWN]
    )
    return [Need("undecided", cohort.number, cohort) for cohort in found]
