"""Finding people: by what somebody typed, by what makes two records one person, by who may sign in."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import DuplicateSign, PersonState
from accounts.models import Consent, ContactPerson, Person, PersonQuerySet, RoleGrant
from accounts.rules.codes import parse_person_code
from accounts.rules.likeness import alike, letters_of, may_be_alike
from accounts.rules.names import fold

# Nobody types more; a pasted novel must not become a query of a thousand words.
LONGEST_SEARCH = 100
MOST_WORDS = 8
# What SQLite takes in one query, with room to spare.
ROWS_PER_QUERY = 5_000

SIGN_IN_STATES = (PersonState.ACTIVE, PersonState.PAUSED, PersonState.MOVED)

DEMO_ADDRESSES = (
    "coordinator@demo.example",
    "trainer@demo.example",
    "learner@demo.example",
    "mentor@demo.example",
    "viewer@demo.example",
    "admin@demo.example",
)

_DIGITS_ONLY = re.compile(r"[\d\s()/+.-]+")


def search_people(text: str) -> PersonQuerySet:
    """People for whom each word of `text` is a part of name, code, phone or e-mail; everybody when it is empty.

    Spelling without å, ä, ö and accents finds the name too; an own code may be typed in any form, a phone number with
    or without country code, spaces and dashes. In the order of a Finnish list.
    """
    people = Person.objects.exclude(state=PersonState.ANONYMIZED)
    code = parse_person_code(text)
    if code:
        return people.filter(code=code)
    parts = _search_parts(text[:LONGEST_SEARCH])
    if not parts and text.strip():
        return people.none()
    for part in parts:
        people = people.filter(search_text__contains=part)
    return people


def _search_parts(text: str) -> list[str]:
    digits = re.sub(r"\D", "", text)
    if _DIGITS_ONLY.fullmatch(text) and len(digits) >= 4:
        # 0401234567, 00358401234567 and +358401234567 are one number; search_text holds it as 040… and +35840….
        return [digits.removeprefix("00")]
    return fold(text).split()[:MOST_WORDS]


@dataclass(frozen=True)
class Sketch:
    """What is known of somebody who may be in the records already. `phone` in E.164; what is not known is empty."""

    first_name: str = ""
    last_name: str = ""
    birth_year: int | None = None
    phone: str = ""
    email: str = ""

    @property
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


def people_who_may_sign_in() -> PersonQuerySet:
    return Person.objects.filter(is_active=True, state__in=SIGN_IN_STATES)


def may_sign_in(person: Person) -> bool:
    return person.is_active and person.state in SIGN_IN_STATES


def people_with_address(email: str) -> list[Person]:
    """Those who share this e-mail address and may sign in, in any case of its letters."""
    return list(people_who_may_sign_in().filter(email__iexact=email))


def person_with_code(text: str) -> Person | None:
    """The person whose own code was typed, in any form; who may sign in. Codes that came with old records count too."""
    code = parse_person_code(text)
    codes = Q(code=code) if code else Q(code__iexact=text.strip())
    return people_who_may_sign_in().filter(codes).first()


def staff() -> PersonQuerySet:
    """Everybody with a role now, with the grants at hand in `current_grants`."""
    current = RoleGrant.objects.filter(ended_at__isnull=True).order_by("role")
    return Person.objects.filter(Exists(current.filter(person=OuterRef("pk")))).prefetch_related(
        Prefetch("role_grants", queryset=current, to_attr="current_grants")
    )


def demo_people() -> list[Person]:
    """The invented people one can sign in as in the demo, in the order of DEMO_ADDRESSES."""
    people = people_who_may_sign_in().filter(email__in=DEMO_ADDRESSES).prefetch_related("role_grants")
    return sorted(people, key=lambda person: DEMO_ADDRESSES.index(person.email))


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


def current_contact_people(on: date) -> QuerySet[ContactPerson]:
    """Those who may be told something on that day: not ended, the last day not over, the consent not withdrawn."""
    return ContactPerson.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), ended_at__isnull=True, consent__withdrawn_at__isnull=True
    ).select_related("consent")


def contact_people_of(person: Person, on: date) -> QuerySet[ContactPerson]:
    """A person's current contact people, the latest first."""
    return current_contact_people(on).filter(person=person)


def consents_of(person: Person) -> QuerySet[Consent]:
    """What the person has said yes to and not taken back, the latest first."""
    return person.consents.filter(withdrawn_at__isnull=True).select_related("by", "contact_person")
