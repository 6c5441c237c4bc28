from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.dates.calendar import day_bounds, is_working_day, working_days_before

days = st.dates(date(2026, 1, 1), date(2030, 12, 31))


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


@given(days, st.integers(1, 8))
def test_working_days_before_counts_working_days(day, count):
    earlier = working_days_before(day, count)

    between = [earlier + timedelta(days=step) for step in range((day - earlier).days)]
    assert sum(map(is_working_day, between)) == count
    assert is_working_day(earlier)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2027, 1, 12), 24)])
def test_day_bounds_follow_the_clock_change(day, hours):
    start, end = day_bounds(day)

    assert end - start == timedelta(hours=hours)
