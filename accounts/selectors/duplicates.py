"""Who may be in the records already: what makes two records one person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Q

from accounts.enums import DuplicateSign, PersonState
from accounts.models import Person
from accounts.rules.likeness import BY_NAME, alike, keys_to_look_up
from accounts.rules.names import fold

# Each row asks for some twenty values; SQLite takes 30,000 in one query.
ROWS_PER_QUERY = 1_000
PEOPLE_PER_QUERY = 5_000
# A key that more people share says little: the beginning of Virtanen, the end of Anna, in the years when most were born.
MOST_SHARE = 200


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
        last, first = self._folded
        return f"{last} {first}".strip()[:200], f"{first} {last}".strip()[:200]

    @cached_property
    def looked_up(self) -> dict[str, set[str]]:
        """The values to look for, by column of Person."""
        last, first = self._folded
        # Two words at least: a single name is like half the city's.
        both = [
            keys_to_look_up(one, other, self.birth_year)
            for one, other in ((last, first), (first, last))
            if one and other
        ]
        heads, middles, tails = (set().union(*parts) for parts in zip(*both, strict=True)) if both else ((), (), ())
        return {
            "name_key": {*self.name_keys} - {""},
            "phone": {self.phone} - {""},
            "email": {self.email.lower()} - {""},
            "alike_head": set(heads),
            "alike_middle": set(middles),
            "alike_tail": set(tails),
        }

    @cached_property
    def _folded(self) -> tuple[str, str]:
        return fold(self.last_name), fold(self.first_name)


@dataclass(frozen=True)
class DuplicateOnFile:
    person: Person
    why: tuple[DuplicateSign, ...]

    @property
    def by_name(self) -> bool:
        """Whether the name speaks for it: a phone or an e-mail alone may be a spouse's."""
        return any(sign in self.why for sign in BY_NAME)


def duplicates_on_file(
    *,
    first_name: str = "",
    last_name: str = "",
    birth_year: int | None = None,
    phone: str = "",
    email: str = "",
    exclude: Person | None = None,
) -> list[DuplicateOnFile]:
    """People who may be the one described, the likeliest first, each with why. Four queries."""
    sketch = Sketch(first_name, last_name, birth_year, phone, email)
    found = duplicates_on_file_for([sketch])[0]
    return [duplicate for duplicate in found if exclude is None or duplicate.person.pk != exclude.pk]


def duplicates_on_file_for(rows: Sequence[Sketch]) -> list[list[DuplicateOnFile]]:
    """duplicates_on_file for many rows at once, in their order: three queries for each 1,000 rows, one for each 5,000
    people found."""
    found = known_like(rows)
    people = _people({known.pk for of_row in found for known, _why in of_row})
    return [[DuplicateOnFile(people[known.pk], why) for known, why in of_row if known.pk in people] for of_row in found]


class Known(NamedTuple):
    """What is compared of a person on file."""

    pk: int
    name_key: str
    birth_year: int | None
    phone: str
    email: str


def known_like(rows: Sequence[Sketch]) -> list[list[tuple[Known, tuple[DuplicateSign, ...]]]]:
    """For each row the people on file who may be the same, the likeliest first, with why; three queries for
    each 1,000 rows.

    Nobody's record is loaded whole, and only of those who share a key with a row is anything read.
    """
    found: list[list[tuple[Known, tuple[DuplicateSign, ...]]]] = [[] for _row in rows]
    # Rows of one year are near the same people, who are then read once.
    order = sorted(range(len(rows)), key=lambda number: rows[number].birth_year or 0)
    for start in range(0, len(order), ROWS_PER_QUERY):
        part = order[start : start + ROWS_PER_QUERY]
        by_value = _candidates([rows[number] for number in part])
        for number in part:
            found[number] = _judged(rows[number], _near(rows[number], by_value))
    return found


_ORDER = {sign: place for place, sign in enumerate(DuplicateSign)}


def _candidates(rows: Sequence[Sketch]) -> dict[str, dict[str, list[Known]]]:
    """Everybody who shares a value with one of the rows, by column and value."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for column, values in row.looked_up.items():
            wanted[column] |= values
    by_value: dict[str, dict[str, list[Known]]] = {column: defaultdict(list) for column in wanted}
    same = _sharing(wanted)
    if not same:
        return by_value
    people = Person.objects.exclude(state=PersonState.ANONYMIZED).filter(same).order_by()
    for pk, birth_year, *keys in people.values_list("pk", "birth_year", *wanted).iterator():
        told = dict(zip(wanted, keys, strict=True))
        known = Known(pk, told["name_key"], birth_year, told["phone"], told["email"])
        for column, key in told.items():
            if key in wanted[column]:
                by_value[column][key].append(known)
    return by_value


def _sharing(wanted: Mapping[str, set[str]]) -> Q:
    """Who shares a value in one of the columns; of a beginning and of an end that very many share, in both.

    In a register of a hundred thousand hardly any are shared by so many. In one of a million a common name with one
    mistake is still found: one mistake leaves two of the three keys. With two it is found when they leave the middle.
    """
    heads, tails = (_shared_by_many(column, wanted[column]) for column in ("alike_head", "alike_tail"))
    many = {"alike_head": heads, "alike_tail": tails}
    same = Q()
    for column, values in wanted.items():
        few = values - many.get(column, set())
        if few:
            # The indexes of phone and e-mail leave out the empty ones, and serve only who says so.
            same |= Q(**{f"{column}__in": few}) & ~Q(**{column: ""})
    if heads and tails:
        same |= Q(alike_head__in=heads, alike_tail__in=tails)
    return same


def _shared_by_many(column: str, values: set[str]) -> set[str]:
    shared = Person.objects.filter(**{f"{column}__in": values}).order_by().values_list(column)
    return {value for value, _count in shared.annotate(count=Count("pk")).filter(count__gt=MOST_SHARE)}


def _near(row: Sketch, by_value: dict[str, dict[str, list[Known]]]) -> Iterable[Known]:
    return {
        known.pk: known
        for column, values in row.looked_up.items()
        for value in values
        for known in by_value[column].get(value, ())
    }.values()


def _judged(row: Sketch, people: Iterable[Known]) -> list[tuple[Known, tuple[DuplicateSign, ...]]]:
    judged = [(known, why) for known in people if (why := _signs(row, known))]
    return sorted(judged, key=lambda pair: (_ORDER[pair[1][0]], -len(pair[1]), pair[0].pk))


def _signs(row: Sketch, known: Known) -> tuple[DuplicateSign, ...]:
    """In the order of DuplicateSign."""
    name = _sign_of_name(row, known)
    signs = [name] if name else []
    if row.phone and row.phone == known.phone:
        signs.append(DuplicateSign.PHONE)
    if row.email and row.email.lower() == known.email:
        signs.append(DuplicateSign.EMAIL)
    return tuple(signs)


def _sign_of_name(row: Sketch, known: Known) -> DuplicateSign | None:
    """A name counts only where the year is the same or missing: a wider look would call half the city alike."""
    year, other = row.birth_year, known.birth_year
    if not (row.name_keys[0] and known.name_key) or (None not in (year, other) and year != other):
        return None
    if known.name_key in row.name_keys:
        return DuplicateSign.NAME_AND_YEAR if year and other else DuplicateSign.NAME
    return DuplicateSign.NAME_ALIKE if any(alike(key, known.name_key) for key in row.name_keys) else None


def _people(pks: set[int]) -> dict[int, Person]:
    ordered = sorted(pks)
    found: dict[int, Person] = {}
    for start in range(0, len(ordered), PEOPLE_PER_QUERY):
        found |= Person.objects.in_bulk(ordered[start : start + PEOPLE_PER_QUERY])
    return found
