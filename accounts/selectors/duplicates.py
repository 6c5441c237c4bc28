"""Who may be in the records already: what makes two records one person."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from accounts.enums import DuplicateSign, PersonState
from accounts.models import Person
from accounts.rules.likeness import alike, letters_of, may_be_alike
from accounts.rules.names import fold

# What SQLite takes in one query, with room to spare.
ROWS_PER_QUERY = 5_000


@dataclass(frozen=True)
class Sketch:
    """What is known of somebody who may be in the records already. `phone` in E.164; what is not known is empty."""

    first_name: str = ""
    last_name: str = ""
    birth_year: int | None = None
    phone: str = ""
    email: str = ""

    @cached_property
    def name_keys(self) -> tuple[str, str]:
        """Folded, last name first as in Person.name_key, and the other way round, as lists often have it."""
        return fold(f"{self.last_name} {self.first_name}")[:200], fold(f"{self.first_name} {self.last_name}")[:200]


@dataclass(frozen=True)
class LikelyDuplicate:
    person: Person
    why: tuple[DuplicateSign, ...]

    @property
    def by_name(self) -> bool:
        """Whether the name speaks for it: a phone or an e-mail alone may be a spouse's."""
        return bool({DuplicateSign.NAME_AND_YEAR, DuplicateSign.NAME, DuplicateSign.NAME_ALIKE} & set(self.why))


def likely_duplicates(
    *,
    first_name: str = "",
    last_name: str = "",
    birth_year: int | None = None,
    phone: str = "",
    email: str = "",
    exclude: Person | None = None,
) -> list[LikelyDuplicate]:
    """People who may be the one described, the likeliest first, each with why. Three queries."""
    sketch = Sketch(first_name, last_name, birth_year, phone, email)
    found = likely_duplicates_for([sketch])[0]
    return [duplicate for duplicate in found if exclude is None or duplicate.person.pk != exclude.pk]


def likely_duplicates_for(rows: Sequence[Sketch]) -> list[list[LikelyDuplicate]]:
    """likely_duplicates for many rows at once, in their order: three queries for each 5,000 rows."""
    signs: list[dict[int, set[DuplicateSign]]] = [defaultdict(set) for _row in rows]
    for start in range(0, len(rows), ROWS_PER_QUERY):
        _note_same(rows, signs, range(start, min(start + ROWS_PER_QUERY, len(rows))))
    _note_alike(rows, signs)
    people = _people({pk for row in signs for pk in row})
    order = list(DuplicateSign)
    return [
        sorted(
            (
                LikelyDuplicate(people[pk], tuple(sorted(why, key=order.index)))
                for pk, why in found.items()
                if pk in people
            ),
            key=lambda duplicate: (order.index(duplicate.why[0]), -len(duplicate.why), duplicate.person.pk),
        )
        for found in signs
    ]


@dataclass
class _Known:
    """The people of some columns, by what is looked for."""

    by_name: dict[str, list[tuple[int, int | None]]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def _note_same(rows: Sequence[Sketch], signs: list[dict[int, set[DuplicateSign]]], part: range) -> None:
    names = {key for number in part for key in rows[number].name_keys if key}
    phones = {rows[number].phone for number in part} - {""}
    emails = {rows[number].email.lower() for number in part} - {""}
    known = _Known()
    columns = ("pk", "name_key", "birth_year", "phone", "email")
    same = Q(name_key__in=names) | Q(phone__in=phones) | Q(email__in=emails)
    people = Person.objects.exclude(state=PersonState.ANONYMIZED).filter(same)
    for pk, name_key, birth_year, phone, email in people.values_list(*columns).order_by().iterator():
        known.by_name[name_key].append((pk, birth_year))
        known.by_phone[phone].append(pk)
        known.by_email[email.lower()].append(pk)
    for number in part:
        for pk, sign in _same(rows[number], known):
            signs[number][pk].add(sign)


def _same(row: Sketch, known: _Known) -> Iterator[tuple[int, DuplicateSign]]:
    for key in {*row.name_keys} - {""}:
        for pk, birth_year in known.by_name.get(key, ()):
            if row.birth_year is None or birth_year is None:
                yield pk, DuplicateSign.NAME
            elif row.birth_year == birth_year:
                yield pk, DuplicateSign.NAME_AND_YEAR
    if row.phone:
        yield from ((pk, DuplicateSign.PHONE) for pk in known.by_phone.get(row.phone, ()))
    if row.email:
        yield from ((pk, DuplicateSign.EMAIL) for pk in known.by_email.get(row.email.lower(), ()))


def _note_alike(rows: Sequence[Sketch], signs: list[dict[int, set[DuplicateSign]]]) -> None:
    """Misspelled names, among people of the same year only: a wider search would call half the city alike."""
    years = {row.birth_year for row in rows if row.birth_year is not None and row.name_keys[0]}
    people = Person.objects.exclude(state=PersonState.ANONYMIZED).filter(birth_year__in=years)
    of_year: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for pk, name_key, birth_year in people.values_list("pk", "name_key", "birth_year").order_by().iterator():
        of_year[birth_year].append((pk, name_key, letters_of(name_key)))
    for row, found in zip(rows, signs, strict=True):
        if row.birth_year not in of_year:
            continue
        key, turned = row.name_keys
        letters = letters_of(key)
        for pk, name_key, others in of_year[row.birth_year] if key else ():
            # The cheap look by letters first: it leaves a few of the hundreds of people of a year.
            if not may_be_alike(letters, others) or DuplicateSign.NAME_AND_YEAR in found.get(pk, ()):
                continue
            if alike(key, name_key) or alike(turned, name_key):
                found[pk].add(DuplicateSign.NAME_ALIKE)


def _people(pks: set[int]) -> dict[int, Person]:
    ordered = sorted(pks)
    found: dict[int, Person] = {}
    for start in range(0, len(ordered), ROWS_PER_QUERY):
        found |= Person.objects.in_bulk(ordered[start : start + ROWS_PER_QUERY])
    return found
