from datetime import UTC, date, datetime

import pytest

from accounts.rules.retention import months_before


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2027, 7, 12), 6, date(2027, 1, 12)),
        (date(2027, 1, 12), 1, date(2026, 12, 12)),
        (date(2027, 1, 12), 24, date(2025, 1, 12)),
        (date(2027, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2027, 12, 31), 120, date(2017, 12, 31)),
    ],
)
def test_the_same_day_of_an_earlier_month(day, months, before):
    assert months_before(day, months) == before


def test_a_moment_keeps_its_time():
    assert months_before(datetime(2027, 3, 31, 10, 5, tzinfo=UTC), 1) == datetime(2027, 2, 28, 10, 5, tzinfo=UTC)
