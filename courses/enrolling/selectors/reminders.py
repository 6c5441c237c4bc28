"""Whom a session's reminder is missing, and who is told about a group at all."""

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django_stubs_ext import WithAnnotations

from accounts.enums import Channel, PersonState
from accounts.models import ContactPerson
from courses.dates.calendar import HELSINKI
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.models import Enrollment
from courses.messaging.models import Message, ReminderStop
from courses.messaging.selectors import is_contact_on, revivable
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort

# Those who are told about a group: the ones who have a place in it.
NOTIFIED_STATES = (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)
# Groups whose people are told: neither drafts nor what is over.
NOTIFIED_COHORTS = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)
QUEUED_STATES = (EnrollmentState.APPLIED, EnrollmentState.WAITLISTED)


class SessionToRemindOf(TypedDict):
    """`session_day` is local."""

    session_pk: int
    session_starts_at: datetime
    session_revision: int
    session_day: date


class ContactToRemind(SessionToRemindOf):
    contact_pk: int


if TYPE_CHECKING:
    EnrollmentWithSession: TypeAlias = WithAnnotations[Enrollment, SessionToRemindOf]
    EnrollmentWithContact: TypeAlias = WithAnnotations[Enrollment, ContactToRemind]
else:
    # What a query adds is known to the types alone.
    EnrollmentWithSession = EnrollmentWithContact = Enrollment


def cohorts_notified() -> QuerySet[Cohort]:
    """Groups whose people are told."""
    return Cohort.objects.filter(state__in=NOTIFIED_COHORTS).order_by("code")


def missing_session_reminders(
    *, starts_after: datetime, starts_until: datetime, session_id: int | None = None
) -> QuerySet[EnrollmentWithSession]:
    """People of coming sessions who have no reminder of the session as it is planned now, but for those who are told
    through a contact person.

    One row per enrollment and session, with `session_pk`, `session_starts_at` and `session_revision`. A reminder that
    was cancelled because of circumstances counts as missing when they are as before; one cancelled by hand does not.
    """
    has_one = Message.objects.filter(
        ~revivable(),
        rule=ReminderRule.SESSION_SOON,
        enrollment=OuterRef("pk"),
        session=OuterRef("session_pk"),
        schedule_revision=OuterRef("session_revision"),
        contact__isnull=True,
    )
    people = _people_of_sessions(starts_after, starts_until, session_id)
    helped = ContactPerson.objects.filter(
        is_contact_on(OuterRef("session_day")),
        person=OuterRef("person"),
        told_reminders=True,
    )
    return people.filter(~Exists(has_one), ~Q(person__channel=Channel.CONTACT) | ~Exists(helped))


def missing_contact_reminders(
    *, starts_after: datetime, starts_until: datetime, session_id: int | None = None
) -> QuerySet[EnrollmentWithContact]:
    """The same for contact people who are told of sessions: one row more per contact person, with `contact_pk`."""
    has_one = Message.objects.filter(
        ~revivable(),
        rule=ReminderRule.SESSION_SOON,
        enrollment=OuterRef("pk"),
        session=OuterRef("session_pk"),
        schedule_revision=OuterRef("session_revision"),
        contact=OuterRef("contact_pk"),
    )
    return (
        _people_of_sessions(starts_after, starts_until, session_id)
        .filter(
            is_contact_on(F("session_day"), "person__contact_people__"),
            person__contact_people__told_reminders=True,
        )
        .annotate(contact_pk=F("person__contact_people__pk"))
        .filter(~Exists(has_one))
        .order_by("session_starts_at", "pk", "contact_pk")
    )


def _people_of_sessions(
    starts_after: datetime, starts_until: datetime, session_id: int | None
) -> QuerySet[EnrollmentWithSession]:
    """Everybody who is told of a session, once per session; `session_day` is local."""
    stopped = ReminderStop.objects.filter(
        person=OuterRef("person"), rule=ReminderRule.SESSION_SOON, ended_at__isnull=True
    )
    sessions = Q(
        cohort__sessions__state=SessionState.PLANNED,
        cohort__sessions__starts_at__gt=starts_after,
        cohort__sessions__starts_at__lte=starts_until,
    )
    if session_id is not None:
        sessions &= Q(cohort__sessions=session_id)
    return (
        Enrollment.objects.filter(
            sessions, state__in=NOTIFIED_STATES, cohort__state__in=NOTIFIED_COHORTS, person__state=PersonState.ACTIVE
        )
        .annotate(
            session_pk=F("cohort__sessions__pk"),
            session_starts_at=F("cohort__sessions__starts_at"),
            session_revision=F("cohort__sessions__schedule_revision"),
            session_day=TruncDate("cohort__sessions__starts_at", tzinfo=HELSINKI),
        )
        .filter(~Exists(stopped))
        .select_related("person")
        .order_by("session_starts_at", "pk")
    )
