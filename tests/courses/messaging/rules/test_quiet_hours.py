from datetime import timedelta

import pytest
from hypothesis import given

from courses.messaging.rules.quiet_hours import is_quiet, next_allowed, next_morning
from tests.moments import instants, local


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (local("2027-01-12", "08:59"), True),
        (local("2027-01-12", "09:00"), False),
        (local("2027-01-12", "16:59"), False),
        (local("2027-01-12", "17:00"), True),
        (local("2027-01-16", "12:00"), True),
        (local("2027-01-06", "12:00"), True),
    ],
)
def test_quiet_hours(moment, quiet):
    assert is_quiet(moment) == quiet


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (local("2027-01-12", "10:30"), local("2027-01-12", "10:30")),
        (local("2027-01-12", "07:00"), local("2027-01-12", "09:00")),
        (local("2027-01-12", "18:00"), local("2027-01-13", "09:00")),
        # Thursday evening before Easter: Tuesday morning, after the change to summer time.
        (local("2027-03-25", "18:00"), local("2027-03-30", "09:00")),
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


def test_next_morning_is_the_next_working_day_at_nine():
    assert next_morning(local("2027-03-25", "10:00")) == local("2027-03-30", "09:00")
