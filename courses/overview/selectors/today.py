"""The coordinator's first page: today's sessions, what needs doing and why, the way to the number of mentors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Channel, PersonState
from accounts.models import Person
from accounts.selectors.candidates import count_duplicate_candidates
from accounts.selectors.consents import current_contact_people
from courses.certifying.selectors import completions_to_certify, is_mentor, mentor_numbers
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.models import Enrollment
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
from courses.overview.selectors.needs import SHOWN, Need, needs_of_groups
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.selectors.attendance import with_place

# Asked five days before the start whether a group that is too small is held.
MINIMUM_DAYS = 5
# What was too late is shown so long, unless somebody sets it aside; that somebody knows nothing of a place, until the group
# ends, and no group is planned longer ahead.
TOO_LATE_SHOWN = timedelta(days=14)
NEVER_NOTIFIED_SHOWN = timedelta(days=365)


@dataclass(frozen=True)
class Way:
    """How far the program is: mentors, people on a course that makes mentors who are none yet, the number aimed at."""

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


def tasks_of_coordinator(at: datetime) -> list[Need]:
    """What needs a coordinator, the most urgent first: of the groups what their own pages say too (needs_of_groups), and
    what belongs to none. At most eighteen queries, whatever there is."""
    today = timezone.localdate(at)
    of_groups = needs_of_groups(Cohort.objects.all(), at)
    return [
        *of_groups.urgent,
        *_never_notified(at),
        *_counted("failed", not_delivered().count()),
        *_held_back(),
        *_counted("too_late", too_late_since(at - TOO_LATE_SHOWN).exclude(pk__in=_about_never_notified(at)).count()),
        *of_groups.soon,
        *_too_small(today),
        *of_groups.decisions,
        *_without_contact(today),
        *_counted("to_certify", completions_to_certify(today).count()),
        *_counted("calls", calls_to_make(at=at).count()),
        *_counted("letters", letters_to_post(at=at).count()),
        *_counted("pairs", count_duplicate_candidates()),
    ]


def way_to_target(target: int, at: datetime) -> Way:
    today = timezone.localdate(at)
    on_course = (
        Enrollment.objects.filter(
            ~is_mentor(today, "person"), state=EnrollmentState.ACTIVE, cohort__course__makes_mentors=True
        )
        .values("person")
        .distinct()
        .count()
    )
    return Way(mentor_numbers(today).mentors, on_course, target)


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


def _counted(code: str, count: int) -> list[Need]:
    return [Need(code, count)] if count else []


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


def _never_notified(at: datetime) -> list[Need]:
    """People whom only a letter reaches, and who were enrolled too late for one."""
    return _counted("never_notified", _about_never_notified(at).order_by().values("person").distinct().count())


def _held_back() -> list[Need]:
    """Messages that wait for a word; with the newest roster whose messages were held back, where all are released at once."""
    count = held_back().count()
    if not count:
        return []
    rosters = Roster.objects.filter(state=Roster.State.APPLIED, hold_messages=True)
    return [Need("held", count, rosters.order_by("-applied_at", "-pk").defer("rows", "cells", "edits", "made").first())]


def _too_small(today: date) -> list[Need]:
    cohorts = Cohort.objects.filter(
        state=CohortState.PUBLISHED,
        starts_on__gte=today,
        starts_on__lte=today + timedelta(days=MINIMUM_DAYS),
        seats_taken__lt=F("minimum"),
    ).order_by("starts_on")[:SHOWN]
    return [Need("under_minimum", thing=cohort) for cohort in cohorts]


def _without_contact(today: date) -> list[Need]:
    """People on a course who are to be reached through a contact person, and have none."""
    people = Person.objects.filter(
        Exists(Enrollment.objects.filter(person=OuterRef("pk"), state__in=OPEN_STATES)),
        ~Exists(current_contact_people(today).filter(person=OuterRef("pk"))),
        state=PersonState.ACTIVE,
        channel=Channel.CONTACT,
    ).order_by("sort_key", "pk")[:SHOWN]
    return [Need("no_contact", thing=person) for person in people]
