"""When which message goes to whom, on the calendar and the clock of Helsinki. Instants are aware; days are local.

Sources: "Messages and reminders" of the product's rules; nothing here reads a clock or a database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.enums import Channel
from courses.dates.calendar import at_clock, local_day, working_days_before
from courses.messaging.rules.quiet_hours import CLOSES, OPENS, next_allowed

# Printed and posted six working days before, and no later than three: the post takes two or three.
LETTER_DAYS_BEFORE = 6
LETTER_DAYS_AT_LEAST = 3
# Nobody who is on the way to a session reads mail.
TOO_LATE_BEFORE_START = timedelta(hours=2)
KEPT_WITHOUT_EVENT = timedelta(days=14)


@dataclass(frozen=True)
class Window:
    """A message is due at `due_at`; at `expires_at` and later it would come too late."""

    due_at: datetime
    expires_at: datetime

    def first_chance(self, at: datetime) -> datetime | None:
        """The first allowed instant from `at` on; None when that is too late."""
        chance = next_allowed(max(self.due_at, at))
        return chance if chance < self.expires_at else None


def window_for(
    channel: str, *, at: datetime, event_at: datetime | None, days_before: int | None, kept: timedelta
) -> Window:
    """When a message planned `at` is due and until when it makes sense.

    `event_at` is the start of the session it is about, for a confirmed place that of the first one to come.
    `days_before`: so many working days before that, a letter earlier; None for at once. `kept`: without an event.
    """
    due_at, expires_at = next_allowed(at), at + kept
    if event_at is not None:
        day = local_day(event_at)
        expires_at = event_at - TOO_LATE_BEFORE_START
        if channel == Channel.LETTER:
            expires_at = at_clock(working_days_before(day, LETTER_DAYS_AT_LEAST), CLOSES)
        if days_before is not None:
            before = LETTER_DAYS_BEFORE if channel == Channel.LETTER else days_before
            due_at = at_clock(working_days_before(day, before), OPENS)
    return Window(due_at, expires_at)


def reach_order(
    *, channel: str, second_channel: str, has_email: bool, has_phone: bool, has_address: bool
) -> list[Channel]:
    """The ways to reach a person, best first: the wanted one, the second, then whatever else is possible.

    There is no gateway for text messages yet, so whoever wants them gets e-mail, or else a call. A contact person is
    called. Empty when nothing is known about the person.
    """
    possible = {Channel.EMAIL: has_email, Channel.CALL: has_phone, Channel.LETTER: has_address}
    wanted: list[Channel] = []
    for choice in (channel, second_channel):
        wanted += {
            "": [],
            Channel.SMS: [Channel.EMAIL, Channel.CALL],
            Channel.CONTACT: [Channel.CALL],
        }.get(choice, [Channel(choice)] if choice else [])
    return list(dict.fromkeys(way for way in [*wanted, *possible] if possible[way]))
