"""Two records side by side: what each holds, what they hold twice, and a mark of all of it as it was seen."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Generic, NamedTuple, Protocol, TypeVar

from django.db.models import Count, Max, QuerySet

from accounts.enums import RoleName
from accounts.models import AuditEntry, ContactPerson, Person, RoleGrant, ToldApart
from accounts.rules.fingerprints import fingerprint
from courses.certifying.models import Certificate, Mentor
from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.models import Enrollment
from courses.messaging.models import Message
from courses.registry.rules import GROUPS, Known, record_to_keep, standing
from courses.registry.selectors.people import LOOK
from courses.teaching.models import Visit

# What changes by itself, or is no part of what one looks at.
_UNSEEN = ("password", "last_login")

Row = TypeVar("Row")
# By what rows are put in order: the same parts for all of them.
Order = tuple[object, ...]


class Twice(NamedTuple, Generic[Row]):
    """Two rows of which one is enough."""

    stays: Row
    goes: Row


class OfPerson(Protocol):
    @property
    def person_id(self) -> int: ...


Owned = TypeVar("Owned", bound=OfPerson)


@dataclass(frozen=True)
class Side:
    """One of the two records. `last_at`: when something last happened to it."""

    person: Person
    roles: frozenset[str]
    enrollments: Sequence[Enrollment]
    certificates: Sequence[Certificate]
    contact_people: Sequence[ContactPerson]
    messages: int
    visits: int
    is_mentor: bool
    last_at: datetime

    @property
    def role_words(self) -> str:
        return ", ".join(str(role.label) for role in RoleName if role in self.roles)

    @property
    def weight(self) -> int:
        """How much has happened under this record."""
        return len(self.enrollments) + len(self.certificates) + len(self.contact_people) + self.messages + self.visits

    @property
    def known(self) -> Known:
        details = sum(bool(getattr(self.person, name)) for names in GROUPS.values() for name in names)
        return Known(self.person.full_name, bool(self.roles), self.weight, details)


@dataclass(frozen=True)
class Comparison:
    """Always in the same order: the record that was made first is the first side, whichever way one came."""

    sides: tuple[Side, Side]
    told_apart: ToldApart | None

    @property
    def default(self) -> Side:
        """Which record stays when nobody chooses otherwise."""
        return self.sides[self._to_keep[0]]

    @property
    def why_default(self) -> str:
        """A word of rules.record_to_keep."""
        return self._to_keep[1]

    @cached_property
    def _to_keep(self) -> tuple[int, str]:
        return record_to_keep(self.sides[0].known, self.sides[1].known)

    def side_of(self, code: str) -> Side:
        return next(side for side in self.sides if side.person.code == code)

    def other(self, side: Side) -> Side:
        return self.sides[1] if side is self.sides[0] else self.sides[0]

    @cached_property
    def open_twice(self) -> list[Twice[Enrollment]]:
        """For each group in which both records have an open enrollment; the one that goes is withdrawn."""
        rows = [row for side in self.sides for row in side.enrollments if row.state in OPEN_STATES]
        return _twice(rows, lambda row: row.cohort_id, _standing)

    @cached_property
    def certificates_twice(self) -> list[Twice[Certificate]]:
        """For each course of which both hold a current certificate; the one that goes is marked as replaced."""
        rows = [row for side in self.sides for row in side.certificates if not (row.revoked_at or row.replaced_at)]
        return _twice(rows, lambda row: row.course_id, _holds_longest)

    @cached_property
    def seen(self) -> str:
        """The same text as long as neither record has changed in anything that the page shows."""
        return fingerprint(
            {
                str(side.person.pk): [
                    [
                        getattr(side.person, column.attname)
                        for column in Person._meta.concrete_fields
                        if column.name not in _UNSEEN
                    ],
                    sorted(side.roles),
                    [[row.pk, row.state, row.queue_number, row.party_id] for row in side.enrollments],
                    [[row.pk, row.revoked_at, row.replaced_at] for row in side.certificates],
                    [[row.pk, row.ended_at] for row in side.contact_people],
                ]
                for side in self.sides
            }
        )


def compare(one: Person, another: Person) -> Comparison:
    """Both records with what they hold. Nine queries, however much that is."""
    people = sorted((one, another), key=lambda person: person.pk)
    enrollments = _of_each(
        Enrollment.objects.filter(person__in=people)
        .select_related("cohort__course", "party")
        .order_by("cohort__starts_on", "pk")
    )
    certificates = _of_each(
        Certificate.objects.filter(person__in=people).select_related("course").order_by("issued_on", "pk")
    )
    contacts = _of_each(ContactPerson.objects.filter(person__in=people, ended_at__isnull=True).order_by("pk"))
    roles = _of_each(RoleGrant.objects.filter(person__in=people, ended_at__isnull=True))
    messages = _counted(Message.objects.filter(person__in=people))
    visits = _counted(Visit.objects.filter(person__in=people, revoked_at__isnull=True))
    mentors = set(Mentor.objects.filter(person__in=people).values_list("person_id", flat=True))
    last = dict(
        AuditEntry.objects.filter(subject__in=people)
        .exclude(action=LOOK)
        .order_by()
        .values_list("subject_id")
        .annotate(last=Max("at"))
    )
    sides = [
        Side(
            person=person,
            roles=frozenset(grant.role for grant in roles[person.pk]),
            enrollments=enrollments[person.pk],
            certificates=certificates[person.pk],
            contact_people=contacts[person.pk],
            messages=messages.get(person.pk, 0),
            visits=visits.get(person.pk, 0),
            is_mentor=person.pk in mentors,
            last_at=last.get(person.pk, person.created_at),
        )
        for person in people
    ]
    told = ToldApart.objects.filter(first=people[0], second=people[1]).select_related("by").first()
    return Comparison((sides[0], sides[1]), told)


def candidates_told_apart() -> QuerySet[ToldApart]:
    """Every pair that somebody has told apart, the last first."""
    return ToldApart.objects.select_related("first", "second", "by").order_by("-at", "-pk")


def _of_each(rows: Iterable[Owned]) -> dict[int, list[Owned]]:
    found: dict[int, list[Owned]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _counted(rows: QuerySet[Message] | QuerySet[Visit]) -> dict[int, int]:
    return dict(rows.order_by().values_list("person_id").annotate(Count("pk")))


def _twice(rows: Iterable[Row], of: Callable[[Row], int], order: Callable[[Row], Order]) -> list[Twice[Row]]:
    """The rows that stand twice under one key, each pair with the one that stays first."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[of(row)].append(row)
    return [Twice(*sorted(same, key=order)) for _key, same in sorted(found.items()) if len(same) == 2]


def _standing(row: Enrollment) -> Order:
    return standing(state=row.state, queue_number=row.queue_number, applied_at=row.applied_at, pk=row.pk)


def _holds_longest(row: Certificate) -> Order:
    """The one valid longest first: without a last day it holds for good."""
    return -(row.valid_until or date.max).toordinal(), -row.issued_on.toordinal(), -row.pk
