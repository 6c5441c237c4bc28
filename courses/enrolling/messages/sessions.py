"""The reminder of a session, to those who have a place and to the contact people who are told for them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.enums import Channel
from accounts.models import ContactPerson
from courses.dates.calendar import local_day, working_days_between
from courses.dates.words import clock_numbers, day_short
from courses.enrolling.enums import ReminderRule
from courses.enrolling.messages.places import HELD, EnrollmentKind
from courses.enrolling.rules.messages import SESSION_DAYS_BEFORE, session_reminder_days, session_soon_key
from courses.enrolling.selectors.reminders import NOTIFIED_STATES, missing_contact_reminders, missing_session_reminders
from courses.messaging.kinds import Notification
from courses.messaging.models import Message
from courses.messaging.selectors import reminder_days
from courses.messaging.services.planning import best_row, save_rows
from courses.scheduling.enums import SessionState

# Letters go out longest before their session; a holiday season may lie between.
LONGEST_LEAD = timedelta(days=16)
PLANNED_AHEAD = timedelta(days=14)


class SessionSoon(EnrollmentKind):
    rule = ReminderRule.SESSION_SOON
    one_a_day = True
    stoppable = True
    fixed_end = True
    days_before = SESSION_DAYS_BEFORE
    contact_field = "told_reminders"

    def still_so(self, at: datetime) -> Q:
        """The session is held as it was planned, and the person has a place in its group."""
        return (
            HELD
            & Q(enrollment__state__in=NOTIFIED_STATES)
            & Q(
                session__state=SessionState.PLANNED,
                session__schedule_revision=F("schedule_revision"),
                session__cohort=F("enrollment__cohort"),
            )
        )

    def what(self, message: Message) -> str:
        if message.session is None:
            return super().what(message)
        return _("Reminder of session %(number)d") % {"number": message.session.number}

    def why(self, message: Message) -> str:
        if message.session is None:
            return ""
        language = get_language() or "en"
        starts = timezone.localtime(message.session.starts_at)
        days = working_days_between(local_day(message.due_at), starts.date())
        return ngettext(
            "%(cohort)s: %(days)d working day before the session on %(day)s at %(clock)s.",
            "%(cohort)s: %(days)d working days before the session on %(day)s at %(clock)s.",
            days,
        ) % {
            "cohort": message.session.cohort.name,
            "days": days,
            "day": day_short(starts, language),
            "clock": clock_numbers(starts, language),
        }

    def plan(self, at: datetime) -> int:
        return plan_session_reminders(at=at)

    def plan_session(self, session_id: int, at: datetime) -> int:
        return plan_session_reminders(at=at, session_id=session_id)


@transaction.atomic
def plan_session_reminders(*, at: datetime, session_id: int | None = None) -> int:
    """Plans the reminders of the sessions of the coming 14 days, or of one session alone, to the people and to the contact
    people who are told. Returns how many rows are new.

    Run as often as one likes. Whoever got the place after the reminder's day was just told when the session is, and is
    not reminded. A second reminder on a day goes to another day. Who wants to be reached through a contact person who
    is told gets no reminder of their own.
    """
    span: dict[str, Any] = {
        "starts_after": at,
        "starts_until": at + PLANNED_AHEAD + LONGEST_LEAD,
        "session_id": session_id,
    }
    own = [row for row in missing_session_reminders(**span) if not _was_notified_just_now(row)]
    through = [row for row in missing_contact_reminders(**span) if not _was_notified_just_now(row)]
    contacts = ContactPerson.objects.in_bulk({row.contact_pk for row in through}) if through else {}
    rows: list[tuple[Any, ContactPerson | None]] = [(row, None) for row in own]
    rows += [(row, contacts[row.contact_pk]) for row in through]
    taken = reminder_days({row.person_id for row, _contact in rows}, at - timedelta(days=1)) if rows else {}
    planned = []
    for enrollment, contact in rows:
        mine = taken.setdefault((enrollment.person_id, contact.pk if contact else None), set())
        message = best_row(_notification(enrollment, contact, mine), at)
        mine.add(local_day(message.due_at))
        planned.append(message)
    return save_rows(planned)


def _notification(enrollment: Any, contact: ContactPerson | None, taken: set[date]) -> Notification:
    return Notification(
        kind=SessionSoon(),
        person=enrollment.person,
        key=session_soon_key(enrollment.pk, enrollment.session_pk, enrollment.session_revision),
        about={
            "enrollment": enrollment,
            "session_id": enrollment.session_pk,
            "schedule_revision": enrollment.session_revision,
        },
        event_at=enrollment.session_starts_at,
        days_before=session_reminder_days(enrollment.session_starts_at, taken),
        contact=contact,
    )


def _was_notified_just_now(enrollment: Any) -> bool:
    """Got the place on or after the day on which others were reminded."""
    starts_at = enrollment.session_starts_at
    due_at = SessionSoon().window(Channel.EMAIL, at=starts_at, event_at=starts_at).due_at
    return enrollment.admitted_at is not None and enrollment.admitted_at >= due_at
