"""What stands on file about the people and cohorts that a roster names, and about what it made."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import ForeignObjectRel, Model, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import PersonState
from accounts.models import AuditEntry, Person, SearchWord, SuspectedPair, UncomparedPerson
from accounts.rules.chunks import chunks
from accounts.rules.names import fold
from accounts.selectors import Sketch, duplicates_on_file_for
from courses.certifying.models import Certificate
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.importing.rosters.enums import RosterVerdict
from courses.importing.rosters.models import Roster
from courses.importing.rosters.rules import CohortFacts, Forecast, KnownPerson, RosterRow, cohort_key, forecast
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.models import Cohort
from courses.teaching.models import Attendance, ModuleResult

CHUNK = 5_000
# How long a worker may be silent before a page stops believing that it is at work.
SILENT_SECONDS = 60
GONE_OUT = (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)
# What is derived of people by itself, and goes with them.
DERIVED = (SearchWord, SuspectedPair, UncomparedPerson)
# What is written about somebody without changing anything of them.
HARMLESS_ACTIONS = ("person.create", "person.look", "enrollment.create", "message.hold", "message.release")


def cohorts_by_key() -> dict[str, CohortFacts]:
    """All cohorts by importing.rosters.rules.cohort_key of their code."""
    return {
        cohort_key(code): CohortFacts(pk, code, language, state in ENROLLING_STATES)
        for pk, code, language, state in Cohort.objects.values_list("pk", "code", "language", "state")
    }


def known_people(rows: Sequence[RosterRow]) -> dict[int, list[KnownPerson]]:
    """By row number, the people on file who may be the row's person; the likeliest first. Rows in error are not looked up."""
    asked = [row for row in rows if row.verdict not in (RosterVerdict.ERROR, RosterVerdict.BLANK)]
    sketches = [
        Sketch(
            first_name=row.values["first_name"],
            last_name=row.values["last_name"],
            birth_year=row.values["birth_year"],
            phone=row.values["phone"],
            email=row.values["email"],
        )
        for row in asked
    ]
    return {
        row.number: [_known(duplicate.person) for duplicate in found]
        for row, found in zip(asked, duplicates_on_file_for(sketches), strict=True)
        if found
    }


def _known(person: Person) -> KnownPerson:
    return KnownPerson(
        pk=person.pk,
        code=person.code,
        name_key=person.name_key,
        birth_year=person.birth_year,
        phone=person.phone,
        email=person.email,
        active=person.state == PersonState.ACTIVE,
    )


def first_names_among(words: Collection[str]) -> set[str]:
    """Which of the words are the first name of somebody on file, folded. A list may be all in capitals."""
    written = {form for word in words for form in (word, word.title())}
    return {fold(name) for name in Person.objects.filter(first_name__in=written).values_list("first_name", flat=True)}


def open_enrollments_of(people: Iterable[int]) -> set[tuple[int, int]]:
    """(person, cohort) of every open enrollment of these people."""
    found: set[tuple[int, int]] = set()
    for chunk in chunks(sorted(set(people)), CHUNK):
        rows = Enrollment.objects.filter(person__in=chunk, state__in=OPEN_STATES)
        found.update(rows.values_list("person_id", "cohort_id"))
    return found


def roster_forecast(rows: Iterable[RosterRow]) -> list[Forecast]:
    """How many would get a place and how many would wait, by cohort in the order of their codes. Two queries."""
    rows = list(rows)
    cohorts = {
        cohort.pk: cohort for cohort in Cohort.objects.filter(pk__in={row.cohort_id for row in rows if row.cohort_id})
    }
    waited_for = set(
        Enrollment.objects.filter(cohort__in=cohorts, state=EnrollmentState.WAITLISTED).values_list(
            "cohort_id", flat=True
        )
    )
    free = {pk: 0 if pk in waited_for else cohort.free_seats for pk, cohort in cohorts.items()}
    names = {pk: (cohort.code, cohort.name) for pk, cohort in cohorts.items()}
    return forecast(rows, free=free, names=names)


def rosters_list() -> QuerySet[Roster]:
    """The rosters of late, the newest first, without their rows."""
    return (
        Roster.objects.select_related("uploaded_by", "cohort")
        .defer("rows", "cells", "edits", "made")
        .order_by("-uploaded_at")
    )


# At work


@dataclass(frozen=True)
class Progress:
    done: int
    total: int


def progress_key(pk: int) -> str:
    return f"roster-progress-{pk}"


def progress_of(roster: Roster) -> Progress | None:
    """How far the worker is; None when none has said anything lately."""
    told = cache.get(progress_key(roster.pk))
    return Progress(*told) if told else None


# What it made, and what depends on that


def messages_on_hold(roster: Roster) -> list[QuerySet[Message]]:
    """What is held back of what the roster's people are to be told, in parts that a database takes."""
    return [
        Message.objects.filter(enrollment__in=chunk, state=MessageState.PENDING, held=True)
        for chunk in chunks(sorted(roster.made.get("enrollments", [])), CHUNK)
    ]


@dataclass(frozen=True)
class Obstacle:
    """Why the roster cannot be undone: what has come of one person since. `person` may be gone."""

    person: Person | None
    reasons: list[str]


def undo_obstacles(roster: Roster) -> list[Obstacle]:
    """What depends on the people and enrollments that the roster made, by person in the order of a Finnish list.

    Whatever table points to one of them counts, known here or not, but for what the roster itself wrote and messages that
    have not gone out. The number of queries grows with the tables, not with the people.
    """
    reasons: dict[int, list[str]] = defaultdict(list)
    for person, words in chain(_what_enrollments_became(roster), _what_people_became(roster)):
        if words not in reasons[person]:
            reasons[person].append(words)
    found = Person.objects.in_bulk([pk for pk in reasons if pk])
    obstacles = [Obstacle(found.get(pk), words) for pk, words in reasons.items()]
    return sorted(obstacles, key=lambda one: one.person.sort_key if one.person else "")


class Happened(NamedTuple):
    """What has come of somebody since, in words. `person`: the id, 0 for whoever is gone."""

    person: int
    words: str


def _what_enrollments_became(roster: Roster) -> Iterator[Happened]:
    enrollments = set(roster.made["enrollments"])
    for chunk in chunks(sorted(enrollments), CHUNK):
        owners: dict[int, int] = {}
        for pk, person, is_changed in _enrollments_as_they_are(roster, chunk):
            owners[pk] = person
            if is_changed:
                yield Happened(person, _("The enrollment has moved on since."))
        for relation in _relations(Enrollment):
            for pk in _pointing(relation, chunk, roster, enrollments):
                yield Happened(owners.get(pk, 0), _words(relation))
        edits = AuditEntry.objects.filter(object_type="enrollment", object_id__in=chunk)
        for changed in edits.exclude(action__in=HARMLESS_ACTIONS).values_list("object_id", flat=True):
            yield Happened(owners.get(changed or 0, 0), _("The enrollment has moved on since."))


def _what_people_became(roster: Roster) -> Iterator[Happened]:
    people, enrollments = set(roster.made["people"]), set(roster.made["enrollments"])
    there: set[int] = set()
    for chunk in chunks(sorted(people), CHUNK):
        there.update(Person.objects.filter(pk__in=chunk).values_list("pk", flat=True))
        for relation in _relations(Person):
            for pk in _pointing(relation, chunk, roster, enrollments):
                yield Happened(pk, _words(relation))
        edits = AuditEntry.objects.filter(subject__in=chunk).exclude(action__in=HARMLESS_ACTIONS)
        for subject in edits.exclude(object_type="enrollment").values_list("subject_id", flat=True):
            yield Happened(subject or 0, _("The details were changed since."))
    for pk in people - there:
        yield Happened(pk, _("The record was joined with another one, or erased."))


class MadeEnrollment(NamedTuple):
    pk: int
    person: int
    is_changed: bool


def _enrollments_as_they_are(roster: Roster, chunk: list[int]) -> Iterator[MadeEnrollment]:
    columns = ("pk", "person_id", "state_changed_at", "goal", "waiver", "party_id")
    for pk, person, changed_at, *later in Enrollment.objects.filter(pk__in=chunk).values_list(*columns):
        yield MadeEnrollment(pk, person, changed_at != roster.applied_at or any(later))


def _relations(model: type[Model]) -> list[ForeignObjectRel]:
    """Everything that may point to a row of `model`, also what the model itself does not name. Audit rows are read apart."""
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
        and not relation.many_to_many
        and relation.related_model not in DERIVED
        and not (relation.related_model is AuditEntry and relation.field.name == "subject")
    ]


def _pointing(relation: ForeignObjectRel, chunk: list[int], roster: Roster, enrollments: set[int]) -> list[int]:
    """Which of `chunk` something points to through `relation` that the roster has not written itself."""
    name = relation.field.name
    rows: QuerySet = relation.related_model._base_manager.filter(**{f"{name}__in": chunk})
    if relation.related_model is Enrollment:
        pairs = rows.values_list("pk", f"{name}_id")
        return [pk for enrollment, pk in pairs if enrollment not in enrollments]
    if relation.related_model is Message:
        rows = rows.filter(state__in=GONE_OUT)
    elif relation.related_model is Transition:
        rows = rows.exclude(at=roster.applied_at)
    return list(rows.order_by().values_list(f"{name}_id", flat=True).distinct())


def _words(relation: ForeignObjectRel) -> str:
    model = relation.related_model
    if model is Attendance:
        return _("Attendance is marked.")
    if model is Message:
        return _("A message has gone out.")
    if model is Enrollment:
        return _("The person is enrolled in another group too.")
    if model is Transition:
        return _("The enrollment has moved on since.")
    if model is ModuleResult:
        return _("There are results.")
    if model is Certificate:
        return _("There is a certificate.")
    return _("Something depends on it: %(things)s.") % {"things": model._meta.verbose_name}
