"""When the messages about seats and sessions go, on which ways, and what tells two of them apart. Plain values, no clock."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from accounts.enums import Channel
from courses.dates.calendar import HELSINKI, at_clock, at_wall_time, local_day, working_days_before
from courses.enrolling.enums import ReminderRule
from courses.messaging.rules.quiet_hours import CLOSES, next_allowed
from courses.messaging.rules.windows import LETTER_DAYS_AT_LEAST, Window

SESSION_DAYS_BEFORE = 2
# Tried in turn when a person's other reminder has taken the day.
OTHER_DAYS_BEFORE = (1, 3, 4)
# Mail read too late would let somebody stand before a closed door.
CALL_WHEN_SO_NEAR = timedelta(days=3)
# A reminder of an offer comes some time after the offer itself, and leaves some time to answer.
APART_FROM_OFFER = timedelta(hours=4)
LEFT_TO_ANSWER = timedelta(hours=3)


def offer_window(channel: str, *, at: datetime, expires_at: datetime) -> Window | None:
    """When an offer that holds until `expires_at` is told: at once. None for a letter that leaves no day to answer."""
    if channel == Channel.LETTER:
        latest = at_clock(working_days_before(local_day(expires_at), LETTER_DAYS_AT_LEAST + 1), CLOSES)
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
    return at_clock(working_days_before(local_day(at), 1), time(CLOSES.hour - 1))


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


def session_soon_key(enrollment_id: int, session_id: int, schedule_revision: int) -> str:
    return f"{ReminderRule.SESSION_SOON}:e{enrollment_id}:s{session_id}:r{schedule_revision}:d{SESSION_DAYS_BEFORE}"
