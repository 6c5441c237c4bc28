"""What the desk shows while somebody is on the phone: people found, groups side by side, the yes that stands already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.enums import ConsentPurpose, PersonState
from accounts.models import Consent, Person
from accounts.selectors import search_people
from courses.catalogue.models import Course
from courses.enrolling.rules.desk import Asked, Offered, fit, group_keys
from courses.enrolling.selectors.enrollments import cohorts_to_enroll_in
from courses.enrolling.selectors.prerequisites import Lack, asks_for, lacks_of
from courses.scheduling.models import Cohort, Session

MOST_FOUND = 8

# As many as stand beside each other on a screen of 1280 px; the others are listed below them.
MOST_COLUMNS = 4


@dataclass(frozen=True)
class GroupColumn:
    """A group as one column, with its key; a group of the list below has none.

    `seated`: seats taken without the `offered`. `sessions`: those that are held. `lacks`: what somebody of those who ask
    has not. `other_language`: not the language of one of them. `near`: it meets in the district of one of them.
    """

    cohort: Cohort
    key: str
    seated: int
    offered: int
    waiting: int
    sessions: Sequence[Session]
    lacks: Sequence[Lack]
    other_language: bool
    near: bool

    @property
    def has_seat(self) -> bool:
        return self.cohort.free_seats > 0 and not self.waiting


@dataclass(frozen=True)
class Groups:
    """Those side by side, further ones still to begin, and apart from them those that have begun."""

    columns: list[GroupColumn]
    more: list[GroupColumn]
    begun: list[GroupColumn]

    @property
    def everything(self) -> list[GroupColumn]:
        return [*self.columns, *self.more, *self.begun]

    @property
    def asks(self) -> bool:
        return any(column.lacks for column in self.columns)

    def chosen(self, code: str) -> GroupColumn | None:
        return next((column for column in self.everything if column.cohort.code == code), None)


def groups_side_by_side(*, people: Sequence[Person], new: bool, asked: Asked, chosen: str, today: date) -> Groups:
    """The groups that take people, those that fit best first.

    Side by side stand the chosen one and those still to begin; where none is, those that have begun. `people`: those on
    file who ask; `new`: somebody asks who is not, and so has completed nothing. Two queries, and three for each course
    that asks for something.
    """
    cohorts = list(
        cohorts_to_enroll_in(today).select_related("course__required_course", "course__required_certificate")
    )
    lacks = {course.pk: _lacks(course, people, new) for course in {cohort.course for cohort in cohorts}}
    cohorts.sort(key=lambda cohort: fit(_offered(cohort), asked, today))
    columns = _beside_each_other(cohorts, chosen, today)
    others = [cohort for cohort in cohorts if cohort not in columns]
    keys = group_keys([cohort.name for cohort in columns], [cohort.name for cohort in others])

    def column(cohort: Cohort, key: str = "") -> GroupColumn:
        return _column(cohort, key, lacks[cohort.course_id], asked)

    return Groups(
        columns=[column(cohort, key) for cohort, key in zip(columns, keys, strict=True)],
        more=[column(cohort) for cohort in others if cohort.starts_on >= today],
        begun=[column(cohort) for cohort in others if cohort.starts_on < today],
    )


def _column(cohort: Any, key: str, lacks: Sequence[Lack], asked: Asked) -> GroupColumn:
    """`cohort`: as cohorts_to_enroll_in annotates it."""
    return GroupColumn(
        cohort=cohort,
        key=key,
        seated=cohort.seated,
        offered=cohort.offered,
        waiting=cohort.waiting,
        sessions=cohort.held_sessions,
        lacks=lacks,
        other_language=bool(set(asked.languages) - {cohort.language}),
        near=_district(cohort) in asked.districts,
    )


def _offered(cohort: Any) -> Offered:
    """`cohort`: as cohorts_to_enroll_in annotates it."""
    return Offered(
        language=cohort.language,
        starts_on=cohort.starts_on,
        has_seat=cohort.free_seats > 0 and not cohort.waiting,
        district=_district(cohort),
    )


def _district(cohort: Cohort) -> int | None:
    return cohort.venue.district_id if cohort.venue else None


def _beside_each_other(cohorts: Sequence[Cohort], chosen: str, today: date) -> list[Cohort]:
    """In the order of `cohorts`, the chosen one always."""
    coming = [cohort for cohort in cohorts if cohort.starts_on >= today] or cohorts
    picked = [cohort for cohort in cohorts if cohort.code == chosen]
    picked += [cohort for cohort in coming if cohort not in picked]
    picked = picked[:MOST_COLUMNS]
    return [cohort for cohort in cohorts if cohort in picked]


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
