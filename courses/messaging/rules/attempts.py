import random
from collections.abc import Callable
from datetime import timedelta

MAX_TRIES = 12
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
# From the claim to the last step before the content leaves, and from there to the mail server's answer: longer than all
# time-outs of messaging.channels.email together, so that nobody sends what somebody still waits to be confirmed.
LEASE = timedelta(minutes=5)
WIRE_LEASE = timedelta(minutes=30)
# One copy more may go out after an ambiguous end, never a third.
MAX_DOUBTS = 2
CALL_AGAIN_AFTER = timedelta(hours=2)


def retry_delay(tries: int, uniform: Callable[[float, float], float] = random.uniform) -> timedelta:
    """Full jitter: anything from nothing to 30 s doubled with each try, at most 6 h."""
    ceiling = min(LONGEST_RETRY.total_seconds(), FIRST_RETRY.total_seconds() * 2 ** min(tries, 20))
    return timedelta(seconds=uniform(0, ceiling))


def tries_are_used_up(tries: int) -> bool:
    return tries >= MAX_TRIES
