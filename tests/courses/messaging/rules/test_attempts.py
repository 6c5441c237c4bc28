from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.messaging.rules import attempts
from courses.messaging.rules.attempts import LEASE, WIRE_LEASE, retry_delay, tries_are_used_up


@given(st.integers(0, 60), st.randoms())
def test_retry_delay_lies_between_nothing_and_its_ceiling(tries, dice):
    delay = retry_delay(tries, dice.uniform)

    assert timedelta(0) <= delay <= min(timedelta(hours=6), timedelta(seconds=30) * 2 ** min(tries, 20))


@pytest.mark.parametrize(("tries", "ceiling"), [(0, 30), (1, 60), (5, 960), (9, 15360), (10, 21600), (12, 21600)])
def test_retry_delay_doubles_up_to_six_hours(tries, ceiling):
    assert retry_delay(tries, lambda low, high: high) == timedelta(seconds=ceiling)


def test_twelve_tries():
    assert [tries_are_used_up(tries) for tries in (11, 12)] == [False, True]


def test_what_waits_for_its_answer_is_nobody_elses_and_what_is_orphaned_waits_minutes():
    waits = attempts.COMMAND_SECONDS + attempts.CONTENT_SECONDS + attempts.REPLY_SECONDS + attempts.CONFIRM_SECONDS

    assert timedelta(seconds=waits) < WIRE_LEASE <= timedelta(minutes=10)
    assert timedelta(seconds=attempts.CONNECT_SECONDS + attempts.COMMAND_SECONDS) < LEASE <= timedelta(minutes=5)
    assert attempts.REPLY_SECONDS >= 5 * 60
