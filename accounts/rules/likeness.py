"""Whether two names may be one person's, misspelled. Names come folded (accounts.rules.names.fold)."""

from collections.abc import Collection

from rapidfuzz.distance import OSA

from accounts.enums import DuplicateSign

LONG_ENOUGH_FOR_TWO = 10
# How many letters make the beginning, the end, and the two sides of the gap between last and first name.
HEAD, TAIL = 4, 3
LEFT, RIGHT = 4, 3

BY_NAME = (DuplicateSign.NAME_AND_YEAR, DuplicateSign.NAME, DuplicateSign.NAME_ALIKE)
BY_CONTACT = (DuplicateSign.PHONE, DuplicateSign.EMAIL)


def alike_keys(last: str, first: str, birth_year: int | None) -> tuple[str, str, str]:
    """The beginning of the last name, the letters around the gap, and the end of the first name, each with the year.

    One or two mistakes leave one of the three whole: they share no letter, and each is counted from an end that stays
    where it is. So who is `alike` is found by looking up three keys; only a letter moved across the edge of two keys,
    with a second mistake in the third, gets past.
    """
    return _end(birth_year, last[:HEAD]), _middle(birth_year, last, first, 0, 0), _end(birth_year, first[-TAIL:])


def keys_to_look_up(last: str, first: str, birth_year: int | None) -> tuple[set[str], set[str], set[str]]:
    """The alike_keys that a misspelling of this name may have, of the same year of birth or of none.

    A letter too many or too few in a short name moves the letters around the gap.
    """
    years = {birth_year, None}
    steps = (-1, 0, 1)
    middles = {_middle(year, last, first, left, right) for year in years for left in steps for right in steps}
    heads = {_end(year, last[:HEAD]) for year in years}
    tails = {_end(year, first[-TAIL:]) for year in years}
    return heads - {""}, middles - {""}, tails - {""}


def _end(birth_year: int | None, letters: str) -> str:
    return f"{birth_year or ''}{letters}" if letters else ""


def _middle(birth_year: int | None, last: str, first: str, more_left: int, more_right: int) -> str:
    left = min(max(len(last) + more_left - HEAD, 0), LEFT)
    right = min(max(len(first) + more_right - TAIL, 0), RIGHT)
    # Names that are short at both ends are alike with one mistake only: their ends tell enough.
    return f"{birth_year or ''}{last[len(last) - left :]}|{first[:right]}" if left or right else ""


def may_be_one(signs: Collection[DuplicateSign], *, names_alike: bool, contacts_differ: bool) -> bool:
    """Whether two records belong on the page of likely pairs.

    Two people may share a phone or an e-mail address, so their names must be alike too. A name that is only much alike
    does not count against contacts that differ: Kari and Mari of one family name and year are not one person.
    """
    if any(sign in signs for sign in BY_CONTACT):
        return names_alike
    if DuplicateSign.NAME_ALIKE in signs:
        return not contacts_differ
    return any(sign in signs for sign in BY_NAME)


def candidate_rank(signs: Collection[DuplicateSign]) -> int:
    """The lower, the likelier: name, year and contact; name and contact; name and year; nearly; a year missing."""
    if any(sign in signs for sign in BY_CONTACT):
        return 0 if DuplicateSign.NAME_AND_YEAR in signs else 1
    order = (DuplicateSign.NAME_AND_YEAR, DuplicateSign.NAME_ALIKE, DuplicateSign.NAME)
    return 2 + next(place for place, sign in enumerate(order) if sign in signs)


def alike(name: str, other: str) -> bool:
    """One or two letters wrong, missing, too many or swapped; or the same name with and without further first names."""
    allowed = 2 if min(len(name), len(other)) >= LONG_ENOUGH_FOR_TWO else 1
    if OSA.distance(name, other, score_cutoff=allowed) <= allowed:
        return True
    words, others = set(name.split()), set(other.split())
    return min(len(words), len(others)) >= 2 and (words <= others or others <= words)
