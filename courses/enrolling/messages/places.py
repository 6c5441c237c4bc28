"""What is told about a place: the application has come, it is confirmed, the group is cancelled, a companion left."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Choices, Q
from django.utils.translation import gettext as _

from accounts.enums import Channel
from accounts.models import ContactPerson, Person
from courses.dates.calendar import local_day
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, ReminderRule, SeatAnswer
from courses.enrolling.messages.facts import EnrollmentFacts
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.messages import (
    CALL_WHEN_SO_NEAR,
    application_received_key,
    cohort_cancelled_key,
    companion_left_key,
    place_confirmed_key,
)
from courses.enrolling.selectors.reminders import NOTIFIED_COHORTS, NOTIFIED_STATES, QUEUED_STATES
from courses.messaging.enums import CallAnswer, MessageTrouble
from courses.messaging.kinds import Kind, Notification
from courses.messaging.models import Message
from courses.messaging.selectors import contacts_to_notify
from courses.messaging.services.planning import best_row, cancel_rows, save_rows, supersede
from courses.scheduling.selectors.sessions import first_sessions_to_come, next_meetings

HELD = Q(enrollment__cohort__state__in=NOTIFIED_COHORTS)


class EnrollmentKind(Kind):
    """Of messages about an enrollment."""

    templates = "courses/enrolling/messages"
    facts = EnrollmentFacts


class ApplicationReceived(EnrollmentKind):
    rule = ReminderRule.APPLICATION_RECEIVED

    def still_so(self, at: datetime) -> Q:
        return HELD & Q(enrollment__state__in=QUEUED_STATES)

    def why(self, message: Message) -> str:
        return _("%(cohort)s: the application has come.") % _cohort_of(message)


class PlaceConfirmed(EnrollmentKind):
    rule = ReminderRule.PLACE_CONFIRMED

    def still_so(self, at: datetime) -> Q:
        return HELD & Q(enrollment__state__in=NOTIFIED_STATES)

    def why(self, message: Message) -> str:
        return _("%(cohort)s: the person got a place.") % _cohort_of(message)


class CohortCancelled(EnrollmentKind):
    """Told to those whose enrollment ended with the group, and to contact people who may be told of changes."""

    rule = ReminderRule.COHORT_CANCELLED
    contact_field = "told_changes"

    def still_so(self, at: datetime) -> Q:
        return Q(enrollment__state=EnrollmentState.COHORT_CANCELLED)

    def why(self, message: Message) -> str:
        return _("%(cohort)s: the group was cancelled.") % _cohort_of(message)


class CompanionLeft(EnrollmentKind):
    """Asks those who are left of a party whether they still want to come."""

    rule = ReminderRule.COMPANION_LEFT

    def still_so(self, at: datetime) -> Q:
        return HELD & Q(enrollment__state__in=OPEN_STATES)

    def why(self, message: Message) -> str:
        return _("%(cohort)s: somebody who applied together with the person left.") % _cohort_of(message)

    def answers(self, message: Message) -> list[Choices]:
        if message.contact_id or message.enrollment is None:
            return super().answers(message)
        return about_offer(message) or [SeatAnswer.COMES, SeatAnswer.DECLINES]


def about_offer(message: Message) -> list[Choices]:
    """What may be answered about a seat that is offered: whoever answers was reached. Empty without an offer."""
    enrollment = message.enrollment
    if message.contact_id or enrollment is None or enrollment.state != EnrollmentState.OFFERED:
        return []
    everybody = [SeatAnswer.ALL_DECLINE] if enrollment.party_id else []
    return [SeatAnswer.TAKES, SeatAnswer.DECLINES, *everybody, CallAnswer.REACHED]


@transaction.atomic
def plan_application_received(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells those who applied or wait that the application has come, and what happens next. Returns how many rows are
    new. The person of each enrollment is at hand; constant query count, as of all planning here."""
    rows = _about_places(
        ApplicationReceived(),
        enrollments,
        lambda enrollment: application_received_key(enrollment.pk, enrollment.state),
        at,
    )
    supersede(rows, ReminderRule.APPLICATION_RECEIVED)
    return save_rows(rows)


@transaction.atomic
def plan_place_confirmed(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells each person that they have a place. Returns how many rows are new."""
    rows = _about_places(
        PlaceConfirmed(),
        enrollments,
        lambda enrollment: place_confirmed_key(enrollment.pk, enrollment.cohort_id, at),
        at,
    )
    supersede(rows, ReminderRule.APPLICATION_RECEIVED, ReminderRule.PLACE_CONFIRMED)
    return save_rows(rows)


@transaction.atomic
def plan_companion_left(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Asks those who are left of a party whether they still want to come. Returns how many rows are new."""
    rows = _about_places(CompanionLeft(), enrollments, lambda enrollment: companion_left_key(enrollment.pk, at), at)
    return save_rows(rows)


@transaction.atomic
def plan_cohort_cancelled(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells everybody whose enrollment ended with its group, and the contact people who may be told of changes.

    The text names the other group when the person was enrolled there at that same moment. Returns how many rows are new.
    """
    enrollments = list(enrollments)
    kind = CohortCancelled()
    meetings = next_meetings({enrollment.cohort_id for enrollment in enrollments}, at)
    contacts = contacts_to_notify({enrollment.person_id for enrollment in enrollments}, kind, local_day(at))
    rows = []
    for enrollment in enrollments:
        person, contact_people = enrollment.person, contacts.get(enrollment.person_id, [])
        event_at = meetings.get(enrollment.cohort_id)
        for contact in _readers(person, contact_people):
            notification = Notification(
                kind=kind,
                person=person,
                key=cohort_cancelled_key(enrollment.pk, at),
                about={"enrollment": enrollment},
                event_at=event_at,
                call_first=event_at is not None and event_at - at < CALL_WHEN_SO_NEAR,
                contact=contact,
            )
            rows.append(best_row(notification, at))
    return save_rows(rows)


@transaction.atomic
def cancel_messages_for_enrollments(
    *, enrollments: Iterable[Enrollment], why: str = MessageTrouble.ENROLLMENT_ENDED
) -> int:
    """Takes back what is still planned; what is being handed over is stopped by its last check. Returns how many.

    That a group was cancelled is told to those whose enrollment ended: it stays.
    """
    rows = Message.objects.filter(enrollment__in=[enrollment.pk for enrollment in enrollments])
    return cancel_rows(rows.exclude(rule=ReminderRule.COHORT_CANCELLED), why)


def cancel_companion_left(*, enrollments: Iterable[int]) -> int:
    """The companion comes after all: nobody is asked. Returns how many rows were taken back."""
    rows = Message.objects.filter(enrollment__in=list(enrollments), rule=ReminderRule.COMPANION_LEFT)
    return cancel_rows(rows, MessageTrouble.NOT_WANTED)


def _about_places(
    kind: Kind, enrollments: Iterable[Enrollment], key: Callable[[Enrollment], str], at: datetime
) -> list[Message]:
    """One unsaved row per enrollment, in time for the next session."""
    enrollments = list(enrollments)
    firsts = first_sessions_to_come({enrollment.cohort_id for enrollment in enrollments}, at)
    notifications = [
        Notification(
            kind=kind,
            person=enrollment.person,
            key=key(enrollment),
            about={"enrollment": enrollment},
            event_at=firsts.get(enrollment.cohort_id),
        )
        for enrollment in enrollments
    ]
    return [best_row(notification, at) for notification in notifications]


def _readers(person: Person, contact_people: Sequence[ContactPerson]) -> list[ContactPerson | None]:
    """Who reads a message: the contact people, and the person (None) unless the contact people get it in their place."""
    told_through = person.channel == Channel.CONTACT and bool(contact_people)
    return [*contact_people, *([] if told_through else [None])]


def _cohort_of(message: Message) -> dict[str, str]:
    return {"cohort": message.enrollment.cohort.name if message.enrollment else ""}
