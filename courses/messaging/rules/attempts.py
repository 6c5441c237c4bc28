import random
from collections.abc import Callable
from datetime import timedelta

MAX_TRIES = 12
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=6)
# How long one step of a hand-over may take (messaging.channels.email). Before the content leaves, giving up early costs
# nothing: the mail is tried again. After it, an early end would make a second copy: below five minutes copies were seen.
CONNECT_SECONDS = 30
COMMAND_SECONDS = 60
CONTENT_SECONDS = 60
REPLY_SECONDS = 5 * 60
# How long the end of a hand-over is tried to be written down while the database is away.
CONFIRM_SECONDS = 60
# From the claim to the last check. A sender that takes longer finds its lease gone there, and nothing leaves; one that died
# frees its mail so soon. Twice what a server that answers takes to greet and to name its recipient, with room.
LEASE = timedelta(minutes=3)
# From the last check to the server's answer, written down: what the time-outs of those steps ask, and one minute for a
# machine that is slow. Shorter, a second copy would leave while the first still waits for its answer; longer, a mail of
# the afternoon whose sender died would lie until the next working day.
WIRE_LEASE = timedelta(seconds=COMMAND_SECONDS + CONTENT_SECONDS + REPLY_SECONDS + CONFIRM_SECONDS + 60)
# One copy more may go out after an ambiguous end, never a third.
MAX_DOUBTS = 2
CALL_AGAIN_AFTER = timedelta(hours=2)


def retry_delay(tries: int, uniform: Callable[[float, float], float] = random.uniform) -> timedelta:
    """Full jitter: anything from nothing to 30 s doubled with each try, at most 6 h."""
    ceiling = min(LONGEST_RETRY.total_seconds(), FIRST_RETRY.total_seconds() * 2 ** min(tries, 20))
    return timedelta(seconds=uniform(0, ceiling))


def tries_are_used_up(tries: int) -> bool:
    return tries >= MAX_TRIES
