"""What a report without names may show of small groups: nothing from which one to four people can be told.

Two rules, chosen because they can be seen to hold. A count of one to four is hidden. Every other number that is shown is
either no part of a sum that is shown, or the sum is made of shown numbers alone: a total adds up what is shown, and a
breakdown of a known total is hidden as a whole when one of its cells is. So no hidden count can be reckoned from the
rest, whichever filters are set. It can be narrowed down: of 13 who started and 11 who completed at most two withdrew, so
a hidden number of withdrawals is one or two. Hiding fewer cells safely (complementary suppression) needs an audit of intervals.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

LEAST = 5
HIDDEN_WORDS = "<5"
K = TypeVar("K")


def hidden(count: int) -> bool:
    return 0 < count < LEAST


def shown(count: int | None) -> int | None:
    """The count, or None when it is hidden."""
    return None if count is None or hidden(count) else count


def shown_breakdown(cells: Mapping[K, int]) -> dict[K, int] | None:
    """The cells of a total that is shown elsewhere: all of them, or None."""
    return None if any(hidden(count) for count in cells.values()) else dict(cells)


def shown_rate(part: int | None, whole: int | None) -> float | None:
    """A share of two shown counts; None when one is hidden."""
    return round(part / whole, 4) if part is not None and whole else None


def sum_of_shown(counts: Iterable[int | None]) -> int:
    return sum(count for count in counts if count is not None)


def in_words(count: int | float | None) -> int | float | str:
    return HIDDEN_WORDS if count is None else count
