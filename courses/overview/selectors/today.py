"""The coordinator's first page: today's sessions, what needs doing and why, the way to the number of mentors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Channel, PersonState
from accounts.models import Person
from accounts.selectors.consents import current_contact_people
from accounts.selectors.pairs import count_likely_pairs
from courses.certifying.models import Certificate
from courses.certifying.selectors import completions_to_certify, is_valid
from courses.dates.calendar import day_bounds, local_day
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.selectors import calls_to_make, letters_to_post
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import CompletionState
from courses.teaching.selectors.absences import absent_in_a_row
from courses.teaching.selectors.attendance import unmarked_sessions, with_place

# Asked five days before the start whether a group that is too small is held.
MINIMUM_DAYS = 5
SHOWN = 8


@dataclass(frozen=True)
class Task:
    """One thing that needs a person. `code` chooses the words (overview/wording/tasks.py); `thing` is what it is about."""

    code: str
    count: int = 0
    thing: Any = None


@dataclass(frozen=True)
class Way:
    """How far the program is: people with a valid mentor's certificate, people on such a course, the number aimed at."""

    certified: int
    on_course: int
    target: int


def sessions_of_day(at: datetime) -> QuerySet[Session]:
    """Today's sessions in order of time, each with `expected`: how many have a place."""
    placed = Q(cohort__enrollments__state__in=[EnrollmentState.ENROLLED, EnrollmentState.ACTIVE])
    return (
        with_place(Session.objects.filter(starts_at__date=timezone.localdate(at)))
        .exclude(state=SessionState.CANCELLED)
        .exclude(cohort__state__in=[CohortState.DRAFT, CohortState.CANCELLED])
        .annotate(expected=Count("cohort__enrollments", filter=placed, distinct=True))
        .prefetch_related("cohort__trainers")
        .order_by("starts_at", "pk")
    )


def tasks_of_coordinator(at: datetime) -> list[Task]:
    """What needs a coordinator, the most urgent first. Fourteen queries, whatever there is."""
    today = timezone.localdate(at)
    return [
        *[Task("offer_lapses", cohort.number, cohort) for cohort in _lapsing(at)],
        *[Task("absent_twice", thing=enrollment) for enrollment in _absent_twice()],
        *_counted("failed", Message.objects.filter(state__in=[MessageState.DEAD, MessageState.UNKNOWN])),
        *[Task("seats_for_queue", cohort.waiting, cohort) for cohort in _free_with_queue(at)],
        *[Task("unmarked", thing=session) for session in _unmarked(at)],
        *[Task("under_minimum", thing=cohort) for cohort in _too_small(today)],
        *[Task("applications", cohort.number, cohort) for cohort in _applied_to()],
        *[Task("proposed", cohort.number, cohort) for cohort in _proposed()],
        *[Task("undecided", cohort.number, cohort) for cohort in _undecided()],
        *[Task("no_contact", thing=person) for person in _without_contact(today)],
        *_counted("to_certify", completions_to_certify(today)),
        *_counted("calls", calls_to_make(at=at)),
        *_counted("letters", letters_to_post(at=at)),
        *([Task("pairs", pairs)] if (pairs := count_likely_pairs()) else []),
    ]


def way_to_target(target: int, at: datetime) -> Way:
    today = timezone.localdate(at)
    certified = (
        Certificate.objects.filter(is_valid(today), course__makes_mentors=True).values("person").distinct().count()
    )
    on_course = (
        Enrollment.objects.filter(state=EnrollmentState.ACTIVE, cohort__course__makes_mentors=True)
        .values("person")
        .distinct()
        .count()
    )
    return Way(certified, on_course, target)


def messages_of_day(at: datetime) -> list[tuple[str, int]]:
    """(channel, how many) of the messages that are due today, sent or not."""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Message.objects.filter(due_at__gte=start, due_at__lt=start + timedelta(days=1))
        .exclude(state__in=[MessageState.CANCELLED, MessageState.MISSED])
        .order_by("channel")
        .values_list("channel")
        .annotate(Count("pk"))
    )
    return list(rows)


def _counted(code: str, rows: QuerySet[Any]) -> list[Task]:
    count = rows.count()
    return [Task(code, count)] if count else []


def _lapsing(at: datetime) -> QuerySet[Any]:
    """Groups with offers that nobody has answered, and that lapse today or are about to be taken back."""
    _start, end = day_bounds(local_day(at))
    lapsing = Q(enrollments__state=EnrollmentState.OFFERED, enrollments__offer_expires_at__lt=end)
    return (
        Cohort.objects.filter(lapsing)
        .annotate(number=Count("enrollments", filter=lapsing))
        .order_by("starts_on")[:SHOWN]
    )


def _absent_twice() -> QuerySet[Enrollment]:
    return absent_in_a_row(Cohort.objects.filter(state=CohortState.RUNNING))[:SHOWN]


def _free_with_queue(at: datetime) -> QuerySet[Any]:
    """Groups that have begun: before that, free seats are offered by themselves. Who is paused is not asked."""
    held = Session.objects.filter(cohort=OuterRef("pk")).exclude(state=SessionState.CANCELLED)
    begun = Exists(held.filter(starts_at__lte=at)) | (~Exists(held) & Q(starts_on__lte=timezone.localdate(at)))
    waits = Q(enrollments__state=EnrollmentState.WAITLISTED, enrollments__person__state=PersonState.ACTIVE)
    return (
        Cohort.objects.filter(begun, seats_taken__lt=F("capacity"), state__in=ENROLLING_STATES)
        .annotate(waiting=Count("enrollments", filter=waits))
        .filter(waiting__gt=0)
        .order_by("starts_on")[:SHOWN]
    )


def _applied_to() -> QuerySet[Any]:
    applied = Q(enrollments__state=EnrollmentState.APPLIED)
    return (
        Cohort.objects.filter(applied, state__in=ENROLLING_STATES)
        .annotate(number=Count("enrollments", filter=applied))
        .order_by("starts_on")[:SHOWN]
    )


def _unmarked(at: datetime) -> QuerySet[Session]:
    held = Session.objects.filter(cohort__state__in=[CohortState.CONFIRMED, CohortState.RUNNING, CohortState.FINISHED])
    return unmarked_sessions(held, at).select_related("cohort").order_by("starts_at")[:SHOWN]


def _too_small(today: date) -> QuerySet[Cohort]:
    return Cohort.objects.filter(
        state=CohortState.PUBLISHED,
        starts_on__gte=today,
        starts_on__lte=today + timedelta(days=MINIMUM_DAYS),
        seats_taken__lt=F("minimum"),
    ).order_by("starts_on")[:SHOWN]


def _proposed() -> QuerySet[Any]:
    return (
        Cohort.objects.filter(enrollments__completions__state=CompletionState.PROPOSED)
        .annotate(number=Count("enrollments__completions"))
        .order_by("ends_on")[:SHOWN]
    )


def _undecided() -> QuerySet[Any]:
    return (
        Cohort.objects.filter(state=CohortState.FINISHED, enrollments__state=EnrollmentState.ACTIVE)
        .annotate(number=Count("enrollments"))
        .order_by("ends_on")[:SHOWN]
    )


def _without_contact(today: date) -> QuerySet[Person]:
    """People on a course who are to be reached through a contact person, and have none."""
    return Person.objects.filter(
        Exists(Enrollment.objects.filter(person=OuterRef("pk"), state__in=OPEN_STATES)),
        ~Exists(current_contact_people(today).filter(person=OuterRef("pk"))),
        state=PersonState.ACTIVE,
        channel=Channel.CONTACT,
    ).order_by("sort_key", "pk")[:SHOWN]
