"""Whether two names may be one person's, misspelled. Names come folded (accounts.rules.names.fold)."""

LONG_ENOUGH_FOR_TWO = 10


def letters_of(name: str) -> int:
    """A bit for each letter and digit in `name`: a cheap first look before two names are compared letter by letter."""
    bits = 0
    for character in name:
        bits |= 1 << (ord(character) % 64)
    return bits


def may_be_alike(letters: int, other: int) -> bool:
    """Whether names with these letters can be alike at all: few letters differ, or one name holds all of the other's."""
    return (letters ^ other).bit_count() <= 4 or letters & ~other == 0 or other & ~letters == 0


def alike(name: str, other: str) -> bool:
    """One or two letters wrong, missing, too many or swapped; or the same name with and without further first names."""
    if name == other:
        return True
    words, others = set(name.split()), set(other.split())
    if min(len(words), len(others)) >= 2 and (words <= others or others <= words):
        return True
    allowed = 2 if min(len(name), len(other)) >= LONG_ENOUGH_FOR_TWO else 1
    return edits(name, other, limit=allowed) <= allowed


def edits(word: str, other: str, limit: int) -> int:
    """How many letters are to be changed, added, dropped or swapped with a neighbour; `limit` + 1 stands for more."""
    if abs(len(word) - len(other)) > limit:
        return limit + 1
    word, other = _apart(word, other)
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        earlier, before, row = before, row, [i]
        for j, facing in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != facing))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == facing:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def _apart(word: str, other: str) -> tuple[str, str]:
    """What is left of both without their common beginning and end, which no edit touches."""
    start, shorter = 0, min(len(word), len(other))
    while start < shorter and word[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and word[-1 - end] == other[-1 - end]:
        end += 1
    return word[start : len(word) - end], other[start : len(other) - end]
