"""Which enrollment a row is about, and what an imported one passed through."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from courses.enrolling.enums import ADMITTED_STATES, OPEN_STATES, SEAT_STATES, STARTED_STATES
from courses.importing.records.rules.rows import EnrollmentRow

Key = TypeVar("Key", bound=Hashable)
Held = TypeVar("Held")

# Asked of every row: a set answers at once.
OPEN, SEAT = frozenset(OPEN_STATES), frozenset(SEAT_STATES)
ADMITTED, STARTED = frozenset(ADMITTED_STATES), frozenset(STARTED_STATES)


class Stages(NamedTuple):
    """The days a person got a place, first came and left, as far as records tell; None: never, or not known."""

    admitted_on: date | None
    started_on: date | None
    ended_on: date | None


def stages(row: EnrollmentRow, *, came_on: date | None, starts_on: date, ends_on: date) -> Stages:
    """What an imported enrollment passed through. What `row` tells goes before what its state lets us derive.

    `came_on`: the first attendance or result; one earned before the cohort counts from its start. `starts_on`, `ends_on`
    are the cohort's.
    """
    started_on = row.started_on or _started_on(row, came_on, starts_on)
    return Stages(_admitted_on(row, started_on), started_on, _ended_on(row, ends_on))


def _started_on(row: EnrollmentRow, came_on: date | None, starts_on: date) -> date | None:
    if came_on or row.state in STARTED:
        return max(came_on or starts_on, starts_on)
    return None


def _admitted_on(row: EnrollmentRow, started_on: date | None) -> date | None:
    """Somebody who came had a place."""
    if row.admitted_on is None and (row.state in ADMITTED or started_on):
        return row.applied_on
    return row.admitted_on


def _ended_on(row: EnrollmentRow, ends_on: date) -> date | None:
    if row.state in OPEN:
        return None
    return row.ended_on or (ends_on if row.state in STARTED else None)


def ordinals(keys: Iterable[Key]) -> Iterator[int]:
    """1 for the first time a key comes, 2 for the second: somebody may have left a cohort and enrolled anew."""
    seen: dict[Key, int] = defaultdict(int)
    for key in keys:
        seen[key] += 1
        yield seen[key]


def pick(held: Mapping[Key, Sequence[Held]], key: Key, ordinal: int | None) -> Held | None:
    """The enrollment a row is about: the one it numbers, else the last of that person in that cohort."""
    found = held.get(key) or ()
    if ordinal is None:
        return found[-1] if found else None
    return found[ordinal - 1] if 0 < ordinal <= len(found) else None
