"""A seat is held for somebody: they are told on all quick ways at once, and once more before the offer lapses."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Choices, F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.enums import Channel
from courses.dates.words import clock_numbers, day_short
from courses.enrolling.enums import OFFER_RULES, EnrollmentState, ReminderRule
from courses.enrolling.messages.places import EnrollmentKind, about_offer
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.messages import offer_channels, offer_key, offer_reminder_at, offer_window
from courses.enrolling.rules.offers import offer_times
from courses.messaging.enums import MessageTrouble
from courses.messaging.kinds import Kind, Notification
from courses.messaging.models import Message
from courses.messaging.rules.keys import next_channel_key
from courses.messaging.rules.quiet_hours import next_allowed
from courses.messaging.rules.windows import Window
from courses.messaging.services.planning import cancel_rows, late, lost, row_on, save_rows, supersede, ways_to_reach
from courses.scheduling.selectors.sessions import first_days


class OfferKind(EnrollmentKind):
    """Speaks of one offer while that same offer stands: another one holds until another time."""

    fixed_end = True

    def still_so(self, at: datetime) -> Q:
        return Q(enrollment__state=EnrollmentState.OFFERED, enrollment__offer_expires_at=F("expires_at"))

    def later_window(self, message: Message, channel: str, at: datetime) -> Window | None:
        return offer_window(channel, at=at, expires_at=message.expires_at)

    def why(self, message: Message) -> str:
        language = get_language() or "en"
        until = timezone.localtime(message.expires_at)
        return _("%(cohort)s: a seat is kept for the person until %(day)s at %(clock)s.") % {
            "cohort": message.enrollment.cohort.name if message.enrollment else "",
            "day": day_short(until, language),
            "clock": clock_numbers(until, language),
        }

    def answers(self, message: Message) -> list[Choices]:
        return about_offer(message) or super().answers(message)


class SeatOffered(OfferKind):
    rule = ReminderRule.SEAT_OFFERED


class OfferLapsing(OfferKind):
    rule = ReminderRule.OFFER_LAPSING
    said_with = (ReminderRule.SEAT_OFFERED,)


@transaction.atomic
def plan_seat_offered(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells each person of the seat that is held for them, on all quick ways at once, and once more before it lapses.

    A call when the group starts soon or an earlier offer lapsed without an answer. Whom neither mail nor phone reaches
    gets a letter if it comes in time, else stands before a coordinator as `dead`. Returns how many rows are new.
    """
    enrollments = list(enrollments)
    starts = first_days({enrollment.cohort_id for enrollment in enrollments})
    rows = []
    for enrollment in enrollments:
        near = offer_times(at=at, starts_at=starts[enrollment.cohort_id]).by_call
        told = _offer_rows(enrollment, by_call=near or enrollment.offers_lapsed > 0, at=at)
        rows += told + _offer_reminder(enrollment, at)
    supersede(rows, ReminderRule.APPLICATION_RECEIVED, *OFFER_RULES)
    return save_rows(rows)


@transaction.atomic
def cancel_offer_messages(*, enrollments: Iterable[Enrollment]) -> int:
    """An offer was answered or has lapsed: nobody is asked any more. Returns how many rows were taken back."""
    rows = Message.objects.filter(enrollment__in=[enrollment.pk for enrollment in enrollments], rule__in=OFFER_RULES)
    return cancel_rows(rows, MessageTrouble.OFFER_ENDED)


def _offer_rows(enrollment: Enrollment, *, by_call: bool, at: datetime) -> list[Message]:
    """The offer on each of its ways, the second with the key of a second channel."""
    person, expires_at = enrollment.person, _held_until(enrollment)
    ways = offer_channels(
        by_call=by_call,
        channel=person.channel,
        second_channel=person.second_channel,
        has_email=bool(person.email),
        has_phone=bool(person.phone),
    )
    window = Window(next_allowed(at), expires_at)
    by_letter = Channel.LETTER in ways_to_reach(person)
    if not ways and by_letter and offer_window(Channel.LETTER, at=at, expires_at=expires_at):
        ways = [Channel.LETTER]
    if not ways:
        return [lost(row_on(_notification(SeatOffered(), enrollment), person.channel, window, at))]
    rows: list[Message] = []
    for channel in ways:
        key = next_channel_key([one.dedupe_key for one in rows]) if rows else ""
        row = row_on(_notification(SeatOffered(), enrollment, key), channel, window, at)
        rows.append(row if window.first_chance(at) else late(row))
    return rows


def _offer_reminder(enrollment: Enrollment, at: datetime) -> list[Message]:
    """Once more before the offer lapses, by phone when there is one: the mail was there already. No letter."""
    person, expires_at = enrollment.person, _held_until(enrollment)
    due_at = offer_reminder_at(offered_at=at, expires_at=expires_at)
    channel = Channel.CALL if person.phone else Channel.EMAIL if person.email else None
    if due_at is None or channel is None:
        return []
    return [row_on(_notification(OfferLapsing(), enrollment), channel, Window(due_at, expires_at), at)]


def _notification(kind: Kind, enrollment: Enrollment, key: str = "") -> Notification:
    key = key or offer_key(str(kind.rule), enrollment.pk, _held_until(enrollment))
    return Notification(kind=kind, person=enrollment.person, key=key, about={"enrollment": enrollment})


def _held_until(enrollment: Enrollment) -> datetime:
    assert enrollment.offer_expires_at is not None
    return enrollment.offer_expires_at
