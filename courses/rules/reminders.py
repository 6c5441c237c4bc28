"""When which message goes to whom, on the calendar and the clock of Helsinki. Instants are aware; days are local.

Sources: "Messages and reminders" of the product's rules; nothing here reads a clock or a database.
"""

import random
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from accounts.enums import Channel
from courses.enums import MessagePolicy, ReminderRule
from courses.rules.schedule import HELSINKI, at_wall_time, public_holidays

OPENS, CLOSES = time(9), time(17)

# A person may ask for no more of these. The rest is told once and answers something they did.
STOPPABLE = frozenset({ReminderRule.SESSION_SOON})
# At most one of these a day and person.
ONE_A_DAY = frozenset({ReminderRule.SESSION_SOON})
# A second certificate mail would look like a second certificate.
NEVER_TWICE = frozenset({ReminderRule.CERTIFICATE_READY})
# They speak of one offer, and mean nothing once it was answered or has lapsed.
OFFER_RULES = frozenset({ReminderRule.SEAT_OFFERED, ReminderRule.OFFER_LAPSING})

SESSION_DAYS_BEFORE = 2
# Tried in turn when a person's other reminder has taken the day.
OTHER_DAYS_BEFORE = (1, 3, 4)
# Printed and posted six working days before, and no later than three: the post takes two or three.
LETTER_DAYS_BEFORE = 6
LETTER_DAYS_AT_LEAST = 3
# Nobody who is on the way to a session reads mail.
TOO_LATE_BEFORE_START = timedelta(hours=2)
KEPT_WITHOUT_EVENT = timedelta(days=14)
KEPT_CERTIFICATE = timedelta(days=30)
# Mail read too late would let somebody stand before a closed door.
CALL_WHEN_SO_NEAR = timedelta(days=3)
# A reminder of an offer comes some time after the offer itself, and leaves some time to answer.
APART_FROM_OFFER = timedelta(hours=4)
LEFT_TO_ANSWER = timedelta(hours=3)

MAX_TRIES = 12
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
# From the claim to the last step before the content leaves, and from there to the mail server's answer: longer than all
# time-outs of channels.email together, so that nobody sends what somebody still waits to be confirmed.
LEASE = timedelta(minutes=5)
WIRE_LEASE = timedelta(minutes=30)
# One copy more may go out after an ambiguous end, never a third.
MAX_DOUBTS = 2
CALL_AGAIN_AFTER = timedelta(hours=2)


@dataclass(frozen=True)
class Window:
    """A message is due at `due_at`; at `expires_at` and later it would come too late."""

    due_at: datetime
    expires_at: datetime

    def first_chance(self, at: datetime) -> datetime | None:
        """The first allowed instant from `at` on; None when that is too late."""
        chance = next_allowed(max(self.due_at, at))
        return chance if chance < self.expires_at else None


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(public_holidays([year]))


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday in Finland (Midsummer Eve and Christmas Eve count as such)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_days_before(day: date, count: int) -> date:
    """The `count`th working day before `day`, which itself need not be one."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days `first` is before `last`: 2 from a Friday to the Tuesday after it."""
    return sum(is_working_day(first + timedelta(days=step)) for step in range((last - first).days))


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def local_day(at: datetime) -> date:
    return at.astimezone(HELSINKI).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Midnight to midnight in Helsinki: 23, 24 or 25 hours."""
    return _instant(day, time(0)), _instant(day + timedelta(days=1), time(0))


def is_quiet(at: datetime) -> bool:
    """Nothing leaves: not a working day, or not from 9 to before 17 o'clock."""
    local = at.astimezone(HELSINKI)
    return not (is_working_day(local.date()) and OPENS <= local.time() < CLOSES)


def next_allowed(at: datetime) -> datetime:
    """`at` itself outside quiet hours, else the next opening."""
    if not is_quiet(at):
        return at
    local = at.astimezone(HELSINKI)
    if is_working_day(local.date()) and local.time() < OPENS:
        return _instant(local.date(), OPENS)
    return _instant(next_working_day(local.date()), OPENS)


def next_morning(at: datetime) -> datetime:
    """The opening of the working day after the one of `at`."""
    return _instant(next_working_day(local_day(at)), OPENS)


def window_for(
    rule: str, channel: str, *, at: datetime, event_at: datetime | None = None, days_before: int = SESSION_DAYS_BEFORE
) -> Window:
    """When a message planned `at` is due and until when it makes sense.

    `event_at` is the start of the session it is about, for a confirmed place that of the first one to come.
    """
    due_at, expires_at = next_allowed(at), at + KEPT_WITHOUT_EVENT
    if rule == ReminderRule.CERTIFICATE_READY:
        expires_at = at + KEPT_CERTIFICATE
    if event_at is not None:
        day = local_day(event_at)
        expires_at = event_at - TOO_LATE_BEFORE_START
        if channel == Channel.LETTER:
            expires_at = _instant(working_days_before(day, LETTER_DAYS_AT_LEAST), CLOSES)
        if rule == ReminderRule.SESSION_SOON:
            before = LETTER_DAYS_BEFORE if channel == Channel.LETTER else days_before
            due_at = _instant(working_days_before(day, before), OPENS)
    return Window(due_at, expires_at)


def offer_window(channel: str, *, at: datetime, expires_at: datetime) -> Window | None:
    """When an offer that holds until `expires_at` is told: at once. None for a letter that leaves no day to answer."""
    if channel == Channel.LETTER:
        latest = _instant(working_days_before(local_day(expires_at), LETTER_DAYS_AT_LEAST + 1), CLOSES)
        if next_allowed(at) >= latest:
            return None
    return Window(next_allowed(at), expires_at)


def offer_reminder_at(*, offered_at: datetime, expires_at: datetime) -> datetime | None:
    """When somebody is reminded of an offer: the day before, at the hour at which it lapses.

    When that is no working time: the morning after it while some hours are left to answer, else the afternoon before
    it. None when the offer is so short that the reminder would follow on its heels.
    """
    local = expires_at.astimezone(HELSINKI)
    day_before = at_wall_time(local.date() - timedelta(days=1), local.time())
    for moment in (next_allowed(day_before), _last_afternoon(day_before)):
        if next_allowed(offered_at) + APART_FROM_OFFER <= moment <= expires_at - LEFT_TO_ANSWER:
            return moment
    return None


def _last_afternoon(at: datetime) -> datetime:
    """An hour before closing on the last working day before `at`: people can still be called."""
    return _instant(working_days_before(local_day(at), 1), time(CLOSES.hour - 1))


def session_reminder_days(event_at: datetime, taken: Collection[date] = ()) -> int:
    """How many working days before a session its reminder goes, so that it is the only one of its day.

    `taken`: the days on which the person gets a reminder already. When all near days are taken it stays at two, and
    whoever sends it finds the next free day.
    """
    day = local_day(event_at)
    for days_before in (SESSION_DAYS_BEFORE, *OTHER_DAYS_BEFORE):
        if working_days_before(day, days_before) not in taken:
            return days_before
    return SESSION_DAYS_BEFORE


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


def offer_channels(
    *, by_call: bool, channel: str, second_channel: str, has_email: bool, has_phone: bool
) -> list[Channel]:
    """The ways on which an offer is told, all at once: the one who answers first has the seat, and letters are slow.

    Mail, and a call with it for those who want text messages or calls: there is no gateway for text messages yet.
    `by_call`: only a call is quick enough. Empty when neither is known.
    """
    wants_phone = {channel, second_channel} & {Channel.SMS, Channel.CALL}
    if has_phone and (by_call or not has_email):
        return [Channel.CALL]
    ways = [Channel.EMAIL] if has_email else []
    return [*ways, Channel.CALL] if has_phone and wants_phone else ways


def policy_for(rule: str) -> MessagePolicy:
    return MessagePolicy.HOLD if rule in NEVER_TWICE else MessagePolicy.RESEND


def may_be_stopped(rule: str) -> bool:
    return rule in STOPPABLE


def place_confirmed_key(enrollment_id: int, cohort_id: int, at: datetime) -> str:
    """A place lost and given again on another day is told again, and so is one in another group."""
    return f"{ReminderRule.PLACE_CONFIRMED}:e{enrollment_id}:g{cohort_id}:{local_day(at):%Y%m%d}"


def application_received_key(enrollment_id: int, state: str) -> str:
    """Who is told that the application is checked is told once more that it waits for a seat."""
    return f"{ReminderRule.APPLICATION_RECEIVED}:e{enrollment_id}:{state}"


def offer_key(rule: str, enrollment_id: int, expires_at: datetime) -> str:
    """Each offer is told of its own; one for another time is another offer."""
    return f"{rule}:e{enrollment_id}:u{expires_at.astimezone(UTC):%Y%m%dT%H%M%S}"


def cohort_cancelled_key(enrollment_id: int, at: datetime) -> str:
    return f"{ReminderRule.COHORT_CANCELLED}:e{enrollment_id}:{local_day(at):%Y%m%d}"


def companion_left_key(enrollment_id: int, at: datetime) -> str:
    """Of two who leave on one day the others are told once."""
    return f"{ReminderRule.COMPANION_LEFT}:e{enrollment_id}:{local_day(at):%Y%m%d}"


def contact_key(key: str, contact_id: int) -> str:
    """The key of the same message to a contact person."""
    return f"{key}:k{contact_id}"


def without_contact(key: str, contact_id: int) -> str:
    return first_channel_key(key).removesuffix(f":k{contact_id}")


def session_soon_key(enrollment_id: int, session_id: int, schedule_revision: int) -> str:
    return f"{ReminderRule.SESSION_SOON}:e{enrollment_id}:s{session_id}:r{schedule_revision}:d{SESSION_DAYS_BEFORE}"


def certificate_ready_key(certificate_id: int) -> str:
    return f"{ReminderRule.CERTIFICATE_READY}:c{certificate_id}"


def next_channel_key(keys: Iterable[str]) -> str:
    """The key of the same message on one channel more than those of `keys`: `…`, `…/2`, `…/3`."""
    keys = list(keys)
    turns = [int(key.partition("/")[2] or 1) for key in keys]
    return f"{first_channel_key(keys[0])}/{max(turns) + 1}"


def first_channel_key(key: str) -> str:
    return key.partition("/")[0]


def retry_delay(tries: int, uniform: Callable[[float, float], float] = random.uniform) -> timedelta:
    """Full jitter: anything from nothing to 30 s doubled with each try, at most 6 h."""
    ceiling = min(LONGEST_RETRY.total_seconds(), FIRST_RETRY.total_seconds() * 2 ** min(tries, 20))
    return timedelta(seconds=uniform(0, ceiling))


def tries_are_used_up(tries: int) -> bool:
    return tries >= MAX_TRIES


def _instant(day: date, clock: time) -> datetime:
    return at_wall_time(day, clock).astimezone(UTC)
