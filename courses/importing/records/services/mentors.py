"""Mentors and the visits they made."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from accounts.rules.chunks import chunks
from courses.certifying.models import Mentor
from courses.importing.records.rules.rows import MentorRow, VisitRow
from courses.importing.records.services.jobs import CHUNK, Import, create, enrollment_pk
from courses.teaching.models import Visit


class VisitKey(NamedTuple):
    """All that tells one visit from another: it has no code. The names are those of the model's fields."""

    person_id: int
    visited_on: date
    minutes: int
    people_helped: int
    place: str
    supervised: bool


def add_mentors(job: Import) -> None:
    def make(row: MentorRow) -> Mentor:
        return Mentor(
            person_id=job.held.people[row.person],
            state=row.state,
            agreement_signed_on=row.agreement_signed_on,
            state_changed_at=job.at,
        )

    create(job, "mentors", [row for row in job.package.mentors if row.person not in job.held.mentors], make)


def add_visits(job: Import) -> None:
    """As many alike ones as the package has are there afterwards, and no more."""
    held = _held_visits(job)

    def is_new(row: VisitRow) -> bool:
        key = _key(job, row)
        held[key] -= 1
        return held[key] < 0

    def make(row: VisitRow) -> Visit:
        return Visit(
            **_key(job, row)._asdict(),
            enrollment_id=enrollment_pk(job, row.cohort, row) if row.cohort else None,
            how_asked=row.how_asked,
            recorded_at=job.at,
        )

    create(job, "visits", filter(is_new, job.package.visits), make)


def _held_visits(job: Import) -> Counter[VisitKey]:
    held: Counter[VisitKey] = Counter()
    current = Visit.objects.filter(revoked_at__isnull=True)
    for pks in chunks(sorted({job.held.people[row.person] for row in job.package.visits}), CHUNK):
        held.update(VisitKey(*found) for found in current.filter(person__in=pks).values_list(*VisitKey._fields))
    return held


def _key(job: Import, row: VisitRow) -> VisitKey:
    return VisitKey(
        person_id=job.held.people[row.person],
        visited_on=row.visited_on,
        minutes=row.minutes,
        people_helped=row.people_helped,
        place=row.place,
        supervised=row.supervised,
    )
