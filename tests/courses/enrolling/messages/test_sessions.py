from datetime import timedelta

import pytest
from hypothesis import given

from courses.dates.calendar import local_day
from courses.enrolling.messages.sessions import SessionSoon
from courses.messaging.rules.quiet_hours import is_quiet
from tests.moments import instants, local


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (local("2027-01-12"), local("2027-01-08", "09:00")),  # Tuesday: Friday
        (local("2027-03-30"), local("2027-03-24", "09:00")),  # Tuesday after Easter: Wednesday before
        # Clocks go back on Sunday 2026-10-25: nine o'clock stays nine o'clock, 73 hours earlier than ten.
        (local("2026-10-27", "10:00"), local("2026-10-23", "09:00")),
        (local("2027-03-29", "10:00"), local("2027-03-24", "09:00")),
    ],
)
def test_session_reminder_is_due_two_working_days_before_at_nine(starts, due):
    window = SessionSoon().window("email", at=local("2026-10-01"), event_at=starts)

    assert window.due_at == due
    assert window.expires_at == starts - timedelta(hours=2)


@given(instants)
def test_session_reminder_is_never_due_in_quiet_hours_nor_on_the_day_of_the_session(starts):
    window = SessionSoon().window("email", at=starts - timedelta(days=30), event_at=starts)

    assert not is_quiet(window.due_at)
    assert local_day(window.due_at) < local_day(starts)


def test_letter_is_posted_six_working_days_before_and_no_later_than_three():
    window = SessionSoon().window("letter", at=local("2027-02-01"), event_at=local("2027-03-16"))

    assert window.due_at == local("2027-03-08", "09:00")
    assert window.expires_at == local("2027-03-11", "17:00")


@pytest.mark.parametrize(
    ("now", "chance"),
    [
        (local("2027-01-01"), local("2027-01-08", "09:00")),
        (local("2027-01-11", "11:00"), local("2027-01-11", "11:00")),
        (local("2027-01-11", "17:30"), None),  # the next morning it would come an hour before the session
    ],
)
def test_what_would_come_too_late_has_no_chance(now, chance):
    window = SessionSoon().window("email", at=now, event_at=local("2027-01-12", "10:00"))

    assert window.first_chance(now) == chance
