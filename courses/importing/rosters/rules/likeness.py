"""Whether two rows, or a row and somebody on file, are one person."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from accounts.rules.likeness import alike


@dataclasses.dataclass(frozen=True)
class KnownPerson:
    """What is compared of a person on file, or of an earlier row (then `pk` is its number)."""

    pk: int
    code: str
    name_key: str
    birth_year: int | None
    phone: str
    email: str
    active: bool = True

    @cached_property
    def words(self) -> list[str]:
        """Lists have the last name first or last."""
        return sorted(self.name_key.split())


LIKENESSES = ("same", "contact", "year", "name", "near")


def likeness(row: KnownPerson, person: KnownPerson) -> str:
    """One of LIKENESSES: "same" when there is no doubt, the others when a human must look; "" for two people.

    Two people may share a phone or an e-mail address, so a name must be alike too. A name only much alike does not
    count against contacts that differ: Kari and Mari of one family name and year are not one person.
    """
    contact, same_year = _share_contact(row, person), _same_year(row, person)
    if row.words == person.words:
        return _likeness_of_namesakes(contact, same_year)
    worth_looking = same_year is not False if contact else same_year and not _contacts_differ(row, person)
    return "near" if worth_looking and alike(row.name_key, person.name_key) else ""


def _likeness_of_namesakes(contact: bool, same_year: bool | None) -> str:
    if contact:
        return "contact" if same_year is False else "same"
    return {True: "year", False: "", None: "name"}[same_year]


def _share_contact(row: KnownPerson, person: KnownPerson) -> bool:
    same_phone = bool(row.phone) and row.phone == person.phone
    return same_phone or (bool(row.email) and row.email.casefold() == person.email.casefold())


def _contacts_differ(row: KnownPerson, person: KnownPerson) -> bool:
    """Of two who share none: whether both have one."""
    return bool(row.phone and person.phone) or bool(row.email and person.email)


def _same_year(row: KnownPerson, person: KnownPerson) -> bool | None:
    """None when a year is not known."""
    return row.birth_year == person.birth_year if row.birth_year and person.birth_year else None


class Likest(NamedTuple):
    """Who is most like a row; `how`: one of LIKENESSES."""

    person: KnownPerson
    how: str


def likest(row: KnownPerson, people: Iterable[KnownPerson]) -> Likest | None:
    """The first of `people` that is most like `row`, and how; None when nobody is."""
    found: dict[str, KnownPerson] = {}
    for person in people:
        if how := likeness(row, person):
            found.setdefault(how, person)
    return next((Likest(found[how], how) for how in LIKENESSES if how in found), None)


class EarlierRows:
    """The people of the rows above, found by what two records of one person share."""

    def __init__(self) -> None:
        self.by_key: dict[object, list[KnownPerson]] = defaultdict(list)

    def add(self, row: KnownPerson) -> None:
        for key in self.keys(row):
            self.by_key[key].append(row)

    def like(self, row: KnownPerson) -> list[KnownPerson]:
        found = {earlier.pk: earlier for key in self.keys(row) for earlier in self.by_key.get(key, ())}
        return list(found.values())

    @staticmethod
    def keys(row: KnownPerson) -> list[object]:
        keys: list[object] = [("name", *row.words)]
        keys += [row.phone] if row.phone else []
        keys += [row.email.casefold()] if row.email else []
        if row.birth_year:
            # A name misspelled once is right at its beginning or at its end.
            keys += [(row.birth_year, row.name_key[:5]), (row.birth_year, "", row.name_key[-5:])]
        return keys
