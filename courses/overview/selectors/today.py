"""The coordinator's first page: today's sessions, what needs doing and why, the way to the number of mentors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Channel, PersonState
from accounts.models import Person
from accounts.selectors.candidates import count_duplicate_candidates
from accounts.selectors.consents import current_contact_people
from courses.certifying.models import Certificate
from courses.certifying.selectors import completions_to_certify, is_valid
from courses.dates.calendar import day_bounds, local_day
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.importing.rosters.models import Roster
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.selectors import (
    OPEN_MESSAGES,
    calls_to_make,
    held_back,
    letters_to_post,
    not_delivered,
    reminder_rules,
    too_late_since,
)
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import CompletionState
from courses.teaching.selectors.absences import absent_in_a_row
from courses.teaching.selectors.attendance import unmarked_sessions, with_place

# Asked five days before the start whether a group that is too small is held.
MINIMUM_DAYS = 5
# What was too late is shown so long, unless somebody sets it aside; that somebody knows nothing of a place, until the group
# ends, and no group is planned longer ahead.
TOO_LATE_SHOWN = timedelta(days=14)
NEVER_NOTIFIED_SHOWN = timedelta(days=365)
SHOWN = 8


@dataclass(frozen=True)
class Task:
    """One thing that needs a person. `code` chooses the words (overview/wording/tasks.py); `thing` is what it is about."""

    code: str
    count: int = 0
    thing: Cohort | Session | Enrollment | Person | Roster | None = None


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
    """What needs a coordinator, the most urgent first. At most eighteen queries, whatever there is."""
    today = timezone.localdate(at)
    return [
        *_lapsing(at),
        *_absent_twice(),
        *_never_notified(at),
        *_counted("failed", not_delivered().count()),
        *_held_back(),
        *_counted("too_late", too_late_since(at - TOO_LATE_SHOWN).exclude(pk__in=_about_never_notified(at)).count()),
        *_free_with_queue(at),
        *_unmarked(at),
        *_too_small(today),
        *_applied_to(),
        *_proposed(),
        *_undecided(),
        *_without_contact(today),
        *_counted("to_certify", completions_to_certify(today).count()),
        *_counted("calls", calls_to_make(at=at).count()),
        *_counted("letters", letters_to_post(at=at).count()),
        *_counted("pairs", count_duplicate_candidates()),
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


def _counted(code: str, count: int) -> list[Task]:
    return [Task(code, count)] if count else []


def _about_never_notified(at: datetime) -> QuerySet[Message]:
    """What somebody with an open enrollment should have been told of it at once, and was too late on each way there is;
    while nothing else of that kind has left or is planned."""
    reminders = reminder_rules()
    other = Message.objects.filter(
        enrollment=OuterRef("enrollment"), contact__isnull=True, state__in=[*OPEN_MESSAGES, MessageState.SENT]
    ).exclude(rule__in=reminders)
    return too_late_since(at - NEVER_NOTIFIED_SHOWN).filter(
        ~Exists(other), ~Q(rule__in=reminders), contact__isnull=True, enrollment__state__in=OPEN_STATES
    )


def _never_notified(at: datetime) -> list[Task]:
    """People whom only a letter reaches, and who were enrolled too late for one."""
    return _counted("never_notified", _about_never_notified(at).order_by().values("person").distinct().count())


def _held_back() -> list[Task]:
    """Messages that wait for a word; with the newest roster whose messages were held back, where all are released at once."""
    count = held_back().count()
    if not count:
        return []
    rosters = Roster.objects.filter(state=Roster.State.APPLIED, hold_messages=True)
    return [Task("held", count, rosters.order_by("-applied_at", "-pk").defer("rows", "cells", "edits", "made").first())]


def _lapsing(at: datetime) -> list[Task]:
    """Groups with offers that nobody has answered, and that lapse today or are about to be taken back."""
    _start, end = day_bounds(local_day(at))
    lapsing = Q(enrollments__state=EnrollmentState.OFFERED, enrollments__offer_expires_at__lt=end)
    cohorts = Cohort.objects.filter(lapsing).annotate(number=Count("enrollments", filter=lapsing))
    return [Task("offer_lapses", cohort.number, cohort) for cohort in cohorts.order_by("starts_on")[:SHOWN]]


def _absent_twice() -> list[Task]:
    absent = absent_in_a_row(Cohort.objects.filter(state=CohortState.RUNNING))
    return [Task("absent_twice", thing=enrollment) for enrollment in absent[:SHOWN]]


def _free_with_queue(at: datetime) -> list[Task]:
    """Groups that have begun: before that, free seats are offered by themselves. Who is paused is not asked."""
    held = Session.objects.filter(cohort=OuterRef("pk")).exclude(state=SessionState.CANCELLED)
    begun = Exists(held.filter(starts_at__lte=at)) | (~Exists(held) & Q(starts_on__lte=timezone.localdate(at)))
    waits = Q(enrollments__state=EnrollmentState.WAITLISTED, enrollments__person__state=PersonState.ACTIVE)
    cohorts = (
        Cohort.objects.filter(begun, seats_taken__lt=F("capacity"), state__in=ENROLLING_STATES)
        .annotate(waiting=Count("enrollments", filter=waits))
        .filter(waiting__gt=0)
        .order_by("starts_on")[:SHOWN]
    )
    return [Task("seats_for_queue", cohort.waiting, cohort) for cohort in cohorts]


def _applied_to() -> list[Task]:
    applied = Q(enrollments__state=EnrollmentState.APPLIED)
    cohorts = (
        Cohort.objects.filter(applied, state__in=ENROLLING_STATES)
        .annotate(number=Count("enrollments", filter=applied))
        .order_by("starts_on")[:SHOWN]
    )
    return [Task("applications", cohort.number, cohort) for cohort in cohorts]


def _unmarked(at: datetime) -> list[Task]:
    held = Session.objects.filter(cohort__state__in=[CohortState.CONFIRMED, CohortState.RUNNING, CohortState.FINISHED])
    sessions = unmarked_sessions(held, at).select_related("cohort").order_by("starts_at")[:SHOWN]
    return [Task("unmarked", thing=session) for session in sessions]


def _too_small(today: date) -> list[Task]:
    cohorts = Cohort.objects.filter(
        state=CohortState.PUBLISHED,
        starts_on__gte=today,
        starts_on__lte=today + timedelta(days=MINIMUM_DAYS),
        seats_taken__lt=F("minimum"),
    ).order_by("starts_on")[:SHOWN]
    return [Task("under_minimum", thing=cohort) for cohort in cohorts]


def _proposed() -> list[Task]:
    cohorts = (
        Cohort.objects.filter(enrollments__completions__state=CompletionState.PROPOSED)
        .annotate(number=Count("enrollments__completions"))
        .order_by("ends_on")[:SHOWN]
    )
    return [Task("proposed", cohort.number, cohort) for cohort in cohorts]


def _undecided() -> list[Task]:
    cohorts = (
        Cohort.objects.filter(state=CohortState.FINISHED, enrollments__state=EnrollmentState.ACTIVE)
        .annotate(number=Count("enrollments"))
        .order_by("ends_on")[:SHOWN]
    )
    return [Task("undecided", cohort.number, cohort) for cohort in cohorts]


def _without_contact(today: date) -> list[Task]:
    """People on a course who are to be reached through a contact person, and have none."""
    people = Person.objects.filter(
        Exists(Enrollment.objects.filter(person=OuterRef("pk"), state__in=OPEN_STATES)),
        ~Exists(current_contact_people(today).filter(person=OuterRef("pk"))),
        state=PersonState.ACTIVE,
        channel=Channel.CONTACT,
    ).order_by("sort_key", "pk")[:SHOWN]
    return [Task("no_contact", thing=person) for person in people]
