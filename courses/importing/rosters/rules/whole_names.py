"""Last and first name that stand in one column: which comes first, and where the one ends."""

import re
from collections.abc import Collection, Iterable

from accounts.rules.names import fold

LAST_FIRST, FIRST_LAST = "last_first", "first_last"
# What a column of whole names is taken for. Of `name` the order is not known: only a comma parts it.
WHOLE_NAMES = ("name", LAST_FIRST, FIRST_LAST)
# Words that begin a last name and are none alone.
_PARTICLES = {"von", "af", "van", "de", "der", "den", "di", "da", "du", "la", "le", "zu", "ter"}
# More than a third of all Finns have a last name in -nen, and no first name ends so; the Swedish endings are as sure.
# Others (-la, -mäki, -lund) are left out: first names end like them, or they are rare.
_LAST_NAME_ENDS = ("nen", "sson", "strom", "qvist", "kvist", "berg")


def whole_name_in(names: Collection[str]) -> str:
    """The one of WHOLE_NAMES that is among `names`, or an empty text."""
    return next((name for name in WHOLE_NAMES if name in names), "")


def part_name(text: str, order: str) -> tuple[str, str] | None:
    """Last and first name of `Virtanen Anna Maria` or `Karl-Gustav von Essen`; a comma goes before any order. A last name
    is one word with the particles before it, all others are first names. None when the order is not known."""
    if "," in text:
        last, _comma, first = text.partition(",")
        return last, first
    if order not in (LAST_FIRST, FIRST_LAST):
        return None
    words = re.sub(r"\s*[-–]\s+|\s+[-–]\s*", "-", text).split()
    at = _last_name_ends(words) if order == LAST_FIRST else _last_name_begins(words)
    before, after = " ".join(words[:at]), " ".join(words[at:])
    return (before, after) if order == LAST_FIRST else (after, before)


def _last_name_ends(words: list[str]) -> int:
    return next((at for at, word in enumerate(words, start=1) if not _is_particle(word)), len(words))


def _last_name_begins(words: list[str]) -> int:
    """Of a single word nobody knows that it is a last name: it is taken for the first."""
    last = max(len(words) - 1, 1)
    return next((at for at, word in enumerate(words) if at and _is_particle(word)), last)


def _is_particle(word: str) -> bool:
    return word.casefold() in _PARTICLES


def order_of(names: Iterable[str], first_names: Collection[str]) -> str:
    """LAST_FIRST, FIRST_LAST, or `name` when the names do not tell: most of those that say anything must agree, two to one.

    `first_names`: those known to be first names, folded.
    """
    last_first = first_last = 0
    for name in names:
        if "," not in name and len(name.split()) > 1:
            one, other = (_likely(name, order, first_names) for order in (LAST_FIRST, FIRST_LAST))
            last_first += one > other
            first_last += other > one
    if max(last_first, first_last) < max(2 * min(last_first, first_last), 1):
        return "name"
    return LAST_FIRST if last_first > first_last else FIRST_LAST


def _likely(name: str, order: str, first_names: Collection[str]) -> int:
    last, first = part_name(name, order) or ("", "")
    folded = fold(last)
    looks_last = folded.endswith(_LAST_NAME_ENDS) or _is_particle(last.split(" ")[0])
    return looks_last + (fold(first.split(" ")[0]) in first_names) - (folded in first_names)
