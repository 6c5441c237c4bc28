"""Which group is offered first at the desk, and by which key it is chosen. Plain values, no clock."""

import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

# Letters that are no group's: j, k and z on every page, the others at the desk.
_OTHER_KEYS = set("jkz" + "fghlnpwy")
_KEYS = [letter for letter in string.ascii_lowercase if letter not in _OTHER_KEYS]


@dataclass(frozen=True)
class Asked:
    """What is known of those who ask: the languages they speak and where they live, as far as it is known."""

    languages: Collection[str] = ()
    districts: Collection[int] = ()


@dataclass(frozen=True)
class Offered:
    """One group as it is weighed. `district`: where it meets."""

    language: str
    starts_on: date
    has_seat: bool
    district: int | None = None


def fit(group: Offered, asked: Asked, today: date) -> tuple[int, bool, bool, bool, int]:
    """A sort key, the group that fits best first: the language of the most who ask, then still to begin, then a seat at
    once, then near, then the soonest. Of those that have begun, the one that began last."""
    days = (group.starts_on - today).days
    return (
        sum(language != group.language for language in set(asked.languages)),
        days < 0,
        not group.has_seat,
        bool(asked.districts) and group.district not in asked.districts,
        abs(days),
    )


def group_keys(names: Sequence[str], others: Sequence[str] = ()) -> list[str]:
    """A letter for each of `names`: its own, the last of its name as in “Spring B”; else the first that is free, from left
    to right. A letter that is some group's own, also of the `others` on the page, is given to no other group."""
    own = [_own_letter(name) for name in names]
    theirs = {*own, *(_own_letter(name) for name in others)}
    free = [letter for letter in _KEYS if letter not in theirs]
    # So many groups that each letter is some group's own: better that key than none.
    free += [letter for letter in _KEYS if letter not in own and letter not in free]
    keys: list[str] = []
    for letter in own:
        if letter not in _KEYS or letter in keys:
            letter = free.pop(0)
        keys.append(letter)
    return keys


def _own_letter(name: str) -> str:
    return name.split()[-1].lower() if name.split() else ""
