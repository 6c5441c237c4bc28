"""What the desk shows while somebody is on the phone: people found, groups side by side, the yes that stands already."""

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.enums import ConsentPurpose, PersonState
from accounts.models import Consent, Person
from accounts.selectors import search_people
from courses.catalogue.models import Course
from courses.enrolling.selectors.enrollments import cohorts_to_enroll_in
from courses.enrolling.selectors.prerequisites import Lack, asks_for, lacks_of
from courses.scheduling.models import Cohort, Session

MOST_FOUND = 8

# As many as stand beside each other on a screen of 1280 px; the others are listed below them.
MOST_COLUMNS = 4
# Letters that are no group's: j, k and z on every page, the others on this one.
_OTHER_KEYS = set("jkz" + "fghlnpwy")
_KEYS = [letter for letter in string.ascii_lowercase if letter not in _OTHER_KEYS]


@dataclass(frozen=True)
class GroupColumn:
    """A group as one column, with its key; a group of the list below has none.

    `seated`: seats taken without the `offered`. `sessions`: those that are held. `lacks`: what somebody of those who ask
    has not. `other_language`: not the language of one of them.
    """

    cohort: Cohort
    key: str
    seated: int
    offered: int
    waiting: int
    sessions: Sequence[Session]
    lacks: Sequence[Lack]
    other_language: bool

    @property
    def has_seat(self) -> bool:
        return self.cohort.free_seats > 0 and not self.waiting


@dataclass(frozen=True)
class Groups:
    columns: list[GroupColumn]
    more: list[GroupColumn]

    @property
    def everything(self) -> list[GroupColumn]:
        return [*self.columns, *self.more]

    @property
    def asks(self) -> bool:
        return any(column.lacks for column in self.columns)

    def chosen(self, code: str) -> GroupColumn | None:
        return next((column for column in self.everything if column.cohort.code == code), None)


def groups_side_by_side(
    *, people: Sequence[Person], new: bool, languages: Iterable[str], chosen: str, today: date
) -> Groups:
    """The groups that take people, in the order of their beginning: some side by side, and the rest.

    `people`: those on file who ask; `new`: somebody asks who is not, and so has completed nothing. Two queries, and three
    for each course that asks for something.
    """
    cohorts = list(
        cohorts_to_enroll_in(today).select_related("course__required_course", "course__required_certificate")
    )
    lacks = {course.pk: _lacks(course, people, new) for course in {cohort.course for cohort in cohorts}}
    spoken = {language for language in languages if language}
    columns = _beside_each_other(cohorts, chosen, today)
    keys = group_keys([cohort.name for cohort in columns])

    def column(cohort: Cohort, key: str = "") -> GroupColumn:
        return _column(cohort, key, lacks[cohort.course_id], bool(spoken - {cohort.language}))

    return Groups(
        columns=[column(cohort, key) for cohort, key in zip(columns, keys, strict=True)],
        more=[column(cohort) for cohort in cohorts if cohort not in columns],
    )


def _column(cohort: Any, key: str, lacks: Sequence[Lack], other_language: bool) -> GroupColumn:
    """`cohort`: as cohorts_to_enroll_in annotates it."""
    return GroupColumn(
        cohort=cohort,
        key=key,
        seated=cohort.seated,
        offered=cohort.offered,
        waiting=cohort.waiting,
        sessions=cohort.held_sessions,
        lacks=lacks,
        other_language=other_language,
    )


def _beside_each_other(cohorts: Sequence[Cohort], chosen: str, today: date) -> list[Cohort]:
    """The chosen one always; then those that are still to begin, the soonest first; then those that began last."""

    def rank(cohort: Cohort) -> tuple[bool, bool, int]:
        days = (cohort.starts_on - today).days
        return cohort.code != chosen, days < 0, abs(days)

    picked = {cohort.pk for cohort in sorted(cohorts, key=rank)[:MOST_COLUMNS]}
    return [cohort for cohort in cohorts if cohort.pk in picked]


def group_keys(names: Sequence[str]) -> list[str]:
    """A letter for each: the last of its name where that is free, as in “Spring B”, else the first that is."""
    wanted = [name.split()[-1].lower() if name.split() else "" for name in names]
    keys: list[str] = []
    for place, letter in enumerate(wanted):
        if letter not in _KEYS or letter in keys:
            taken = {*keys, *wanted[place + 1 :]}
            letter = next(free for free in _KEYS if free not in taken)
        keys.append(letter)
    return keys


def people_on_file() -> QuerySet[Person]:
    """Whoever may be enrolled by their own code."""
    return Person.objects.exclude(state=PersonState.ANONYMIZED).select_related("district")


def found_at_desk(text: str) -> list[Person]:
    """As search_people, but nobody when nothing was looked for."""
    return list(search_people(text).select_related("district")[:MOST_FOUND]) if text.strip() else []


def consent_of(person: Person, purpose: ConsentPurpose = ConsentPurpose.COURSE) -> Consent | None:
    """The yes that stands, the newest."""
    given = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True)
    return given.order_by("-given_at", "-pk").first()


def _lacks(course: Course, people: Sequence[Person], new: bool) -> list[Lack]:
    if new or not people:
        return asks_for(course)
    found = lacks_of(people, course)
    return list({(lack.code, lack.course.pk): lack for lacks in found.values() for lack in lacks}.values())
