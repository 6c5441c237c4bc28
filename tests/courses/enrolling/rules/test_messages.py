from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.enrolling.rules.messages import (
    offer_channels,
    offer_key,
    offer_reminder_at,
    offer_window,
    place_confirmed_key,
    session_reminder_days,
    session_soon_key,
)
from courses.messaging.rules.quiet_hours import is_quiet
from tests.moments import instants, local


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
    assert session_reminder_days(local("2027-01-12"), taken) == days_before


def test_key_names_what_a_message_is_about_and_no_address():
    assert session_soon_key(12, 5, 2) == "session_soon:e12:s5:r2:d2"
    assert place_confirmed_key(12, 3, local("2027-01-12")) == "place_confirmed:e12:g3:20270112"
    assert offer_key("seat_offered", 12, local("2027-01-12")) == "seat_offered:e12:u20270112T080000"


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
        (local("2027-01-12"), local("2027-01-15"), local("2027-01-14")),
        (local("2027-01-12"), local("2027-01-14"), local("2027-01-13")),
        # Lapses on a Sunday, on a Monday morning, on a Monday afternoon.
        (local("2027-01-14"), local("2027-01-17"), local("2027-01-15", "16:00")),
        (local("2027-01-15"), local("2027-01-18"), local("2027-01-15", "16:00")),
        (local("2027-01-15", "15:00"), local("2027-01-18", "15:00"), local("2027-01-18", "09:00")),
        # A day alone, to be answered on the phone.
        (local("2027-01-12"), local("2027-01-13"), None),
        # The clocks change in the night before.
        (local("2027-03-30", "12:00"), local("2027-04-02", "12:00"), local("2027-04-01", "12:00")),
        (local("2026-10-23", "14:00"), local("2026-10-26", "14:00"), local("2026-10-26", "09:00")),
        (local("2026-10-23", "11:00"), local("2026-10-26", "11:00"), local("2026-10-23", "16:00")),
        # Over Easter: Good Friday to Monday.
        (local("2027-03-25"), local("2027-03-28"), local("2027-03-25", "16:00")),
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
    offered = local("2027-01-12")

    assert offer_window("letter", at=offered, expires_at=local("2027-01-18")) is not None
    assert offer_window("letter", at=offered, expires_at=local("2027-01-15")) is None
    assert offer_window("email", at=offered, expires_at=local("2027-01-14")).due_at == offered
