from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.certifying.rules import certificate_ready_key
from courses.dates.calendar import day_bounds, is_working_day, local_day, working_days_before
from courses.enrolling.messages.places import PlaceConfirmed
from courses.enrolling.messages.sessions import SessionSoon
from courses.enrolling.rules.messages import (
    offer_channels,
    offer_key,
    offer_reminder_at,
    offer_window,
    place_confirmed_key,
    session_reminder_days,
    session_soon_key,
)
from courses.messaging.kinds import kind_named, may_be_stopped
from courses.messaging.rules.attempts import retry_delay, tries_are_used_up
from courses.messaging.rules.keys import contact_key, first_channel_key, next_channel_key, without_contact
from courses.messaging.rules.quiet_hours import is_quiet, next_allowed, next_morning
from courses.messaging.rules.windows import reach_order

HELSINKI = ZoneInfo("Europe/Helsinki")
instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
days = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def at(day: str, clock: str = "10:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HELSINKI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2027, 1, 12), True),
        (date(2027, 1, 16), False),  # Saturday
        (date(2027, 1, 6), False),  # Epiphany
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2027, 6, 25), False),  # Midsummer Eve
        (date(2027, 12, 24), False),  # Christmas Eve
        (date(2027, 12, 6), False),  # Independence Day
    ],
)
def test_working_day(day, works):
    assert is_working_day(day) == works


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (at("2027-01-12", "08:59"), True),
        (at("2027-01-12", "09:00"), False),
        (at("2027-01-12", "16:59"), False),
        (at("2027-01-12", "17:00"), True),
        (at("2027-01-16", "12:00"), True),
        (at("2027-01-06", "12:00"), True),
    ],
)
def test_quiet_hours(moment, quiet):
    assert is_quiet(moment) == quiet


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (at("2027-01-12", "10:30"), at("2027-01-12", "10:30")),
        (at("2027-01-12", "07:00"), at("2027-01-12", "09:00")),
        (at("2027-01-12", "18:00"), at("2027-01-13", "09:00")),
        # Thursday evening before Easter: Tuesday morning, after the change to summer time.
        (at("2027-03-25", "18:00"), at("2027-03-30", "09:00")),
    ],
)
def test_next_allowed(asked, allowed):
    assert next_allowed(asked) == allowed


@given(instants)
def test_next_allowed_is_never_quiet_never_earlier_and_stays(moment):
    allowed = next_allowed(moment)

    assert not is_quiet(allowed)
    assert allowed >= moment
    assert next_allowed(allowed) == allowed
    # Between the two nothing may be sent, so nothing waits longer than it must.
    assert allowed == moment or is_quiet(allowed - timedelta(seconds=1))


@given(days, st.integers(1, 8))
def test_working_days_before_counts_working_days(day, count):
    earlier = working_days_before(day, count)

    between = [earlier + timedelta(days=step) for step in range((day - earlier).days)]
    assert sum(map(is_working_day, between)) == count
    assert is_working_day(earlier)


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (at("2027-01-12"), at("2027-01-08", "09:00")),  # Tuesday: Friday
        (at("2027-03-30"), at("2027-03-24", "09:00")),  # Tuesday after Easter: Wednesday before
        # Clocks go back on Sunday 2026-10-25: nine o'clock stays nine o'clock, 73 hours earlier than ten.
        (at("2026-10-27", "10:00"), at("2026-10-23", "09:00")),
        (at("2027-03-29", "10:00"), at("2027-03-24", "09:00")),
    ],
)
def test_session_reminder_is_due_two_working_days_before_at_nine(starts, due):
    window = SessionSoon().window("email", at=at("2026-10-01"), event_at=starts)

    assert window.due_at == due
    assert window.expires_at == starts - timedelta(hours=2)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2027, 1, 12), 24)])
def test_day_bounds_follow_the_clock_change(day, hours):
    start, end = day_bounds(day)

    assert end - start == timedelta(hours=hours)


@given(instants)
def test_session_reminder_is_never_due_in_quiet_hours_nor_on_the_day_of_the_session(starts):
    window = SessionSoon().window("email", at=starts - timedelta(days=30), event_at=starts)

    assert not is_quiet(window.due_at)
    assert local_day(window.due_at) < local_day(starts)


def test_letter_is_posted_six_working_days_before_and_no_later_than_three():
    window = SessionSoon().window("letter", at=at("2027-02-01"), event_at=at("2027-03-16"))

    assert window.due_at == at("2027-03-08", "09:00")
    assert window.expires_at == at("2027-03-11", "17:00")


def test_place_is_confirmed_at_once_and_before_the_first_session():
    window = PlaceConfirmed().window("email", at=at("2027-01-12"), event_at=at("2027-01-19"))

    assert window.due_at == at("2027-01-12")
    assert window.expires_at == at("2027-01-19", "08:00")


@pytest.mark.parametrize(
    ("now", "chance"),
    [
        (at("2027-01-01"), at("2027-01-08", "09:00")),
        (at("2027-01-11", "11:00"), at("2027-01-11", "11:00")),
        (at("2027-01-11", "17:30"), None),  # the next morning it would come an hour before the session
    ],
)
def test_what_would_come_too_late_has_no_chance(now, chance):
    window = SessionSoon().window("email", at=now, event_at=at("2027-01-12", "10:00"))

    assert window.first_chance(now) == chance


@pytest.mark.parametrize(
    ("taken", "days_before"),
    [
        ([], 2),
        ([date(2027, 1, 8)], 1),
        ([date(2027, 1, 8), date(2027, 1, 11)], 3),
        ([date(2027, 1, 8), date(2027, 1, 11), date(2027, 1, 7), date(2027, 1, 5)], 2),
    ],
)
def test_reminder_looks_for_a_day_of_its_own(taken, days_before):
    assert session_reminder_days(at("2027-01-12"), taken) == days_before


@pytest.mark.parametrize(
    ("wishes", "known", "order"),
    [
        (("email", ""), "ep", ["email", "call"]),
        (("email", ""), "pa", ["call", "letter"]),
        (("email", "letter"), "pa", ["letter", "call"]),
        (("letter", "call"), "epa", ["letter", "call", "email"]),
        (("sms", ""), "ep", ["email", "call"]),
        (("sms", ""), "p", ["call"]),
        (("contact", ""), "ep", ["call", "email"]),
        (("call", ""), "e", ["email"]),
        (("email", ""), "", []),
    ],
)
def test_reach_order(wishes, known, order):
    found = reach_order(
        channel=wishes[0],
        second_channel=wishes[1],
        has_email="e" in known,
        has_phone="p" in known,
        has_address="a" in known,
    )

    assert found == order


@given(st.integers(0, 60), st.randoms())
def test_retry_delay_lies_between_nothing_and_its_ceiling(tries, dice):
    delay = retry_delay(tries, dice.uniform)

    assert timedelta(0) <= delay <= min(timedelta(hours=6), timedelta(seconds=30) * 2 ** min(tries, 20))


@pytest.mark.parametrize(("tries", "ceiling"), [(0, 30), (1, 60), (5, 960), (9, 15360), (10, 21600), (12, 21600)])
def test_retry_delay_doubles_up_to_six_hours(tries, ceiling):
    assert retry_delay(tries, lambda low, high: high) == timedelta(seconds=ceiling)


def test_twelve_tries():
    assert [tries_are_used_up(tries) for tries in (11, 12)] == [False, True]


def test_keys_name_what_a_message_is_about_and_no_address():
    key = session_soon_key(12, 5, 2)

    assert key == "session_soon:e12:s5:r2:d2"
    assert next_channel_key([key]) == "session_soon:e12:s5:r2:d2/2"
    assert next_channel_key([f"{key}/2", key]) == "session_soon:e12:s5:r2:d2/3"
    assert first_channel_key(next_channel_key([key])) == key
    assert without_contact(f"{contact_key(key, 7)}/2", 7) == key
    assert place_confirmed_key(12, 3, at("2027-01-12")) == "place_confirmed:e12:g3:20270112"
    assert offer_key("seat_offered", 12, at("2027-01-12")) == "seat_offered:e12:u20270112T080000"
    assert certificate_ready_key(9) == "certificate_ready:c9"


def test_only_reminders_can_be_stopped_and_only_certificates_are_never_sent_twice():
    rules = ["place_confirmed", "session_soon", "certificate_ready"]

    assert [may_be_stopped(rule) for rule in rules] == [False, True, False]
    assert [kind_named(rule).policy for rule in rules] == ["resend", "resend", "hold"]


def test_next_morning_is_the_next_working_day_at_nine():
    assert next_morning(at("2027-03-25", "10:00")) == at("2027-03-30", "09:00")


@pytest.mark.parametrize(
    ("wishes", "known", "by_call", "channels"),
    [
        (("email", ""), "ep", False, ["email"]),
        (("sms", ""), "ep", False, ["email", "call"]),
        (("email", "call"), "ep", False, ["email", "call"]),
        (("call", ""), "e", False, ["email"]),
        (("letter", ""), "p", False, ["call"]),
        (("email", ""), "ep", True, ["call"]),
        (("email", ""), "e", True, ["email"]),
        (("letter", ""), "", False, []),
        (("letter", ""), "", True, []),
    ],
)
def test_offers_are_told_on_all_quick_ways(wishes, known, by_call, channels):
    found = offer_channels(
        by_call=by_call,
        channel=wishes[0],
        second_channel=wishes[1],
        has_email="e" in known,
        has_phone="p" in known,
    )

    assert found == channels


@pytest.mark.parametrize(
    ("offered", "expires", "reminded"),
    [
        (at("2027-01-12"), at("2027-01-15"), at("2027-01-14")),
        (at("2027-01-12"), at("2027-01-14"), at("2027-01-13")),
        # Lapses on a Sunday, on a Monday morning, on a Monday afternoon.
        (at("2027-01-14"), at("2027-01-17"), at("2027-01-15", "16:00")),
        (at("2027-01-15"), at("2027-01-18"), at("2027-01-15", "16:00")),
        (at("2027-01-15", "15:00"), at("2027-01-18", "15:00"), at("2027-01-18", "09:00")),
        # A day alone, to be answered on the phone.
        (at("2027-01-12"), at("2027-01-13"), None),
        # The clocks change in the night before.
        (at("2027-03-30", "12:00"), at("2027-04-02", "12:00"), at("2027-04-01", "12:00")),
        (at("2026-10-23", "14:00"), at("2026-10-26", "14:00"), at("2026-10-26", "09:00")),
        (at("2026-10-23", "11:00"), at("2026-10-26", "11:00"), at("2026-10-23", "16:00")),
        # Over Easter: Good Friday to Monday.
        (at("2027-03-25"), at("2027-03-28"), at("2027-03-25", "16:00")),
    ],
)
def test_reminder_of_an_offer(offered, expires, reminded):
    assert offer_reminder_at(offered_at=offered, expires_at=expires) == reminded


@given(instants, st.integers(1, 72))
def test_reminder_of_an_offer_is_never_quiet_and_never_late(offered, hours):
    expires = offered + timedelta(hours=hours)

    reminded = offer_reminder_at(offered_at=offered, expires_at=expires)

    assert reminded is None or (not is_quiet(reminded) and offered < reminded < expires)


def test_offer_by_letter_only_when_it_comes_in_time():
    offered = at("2027-01-12")

    assert offer_window("letter", at=offered, expires_at=at("2027-01-18")) is not None
    assert offer_window("letter", at=offered, expires_at=at("2027-01-15")) is None
    assert offer_window("email", at=offered, expires_at=at("2027-01-14")).due_at == offered
