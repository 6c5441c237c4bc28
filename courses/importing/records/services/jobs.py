"""One import under way, and how its rows get into the database."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple, TypeVar, overload

from django.db import models
from django.utils import timezone

from accounts.models import Person
from accounts.rules.chunks import chunks
from accounts.services.bulk import insert_rows_with_ids, insert_values
from courses.importing.records.rules.enrollments import pick
from courses.importing.records.rules.packages import OnRows, Package
from courses.importing.records.rules.rows import EnrollmentPart
from courses.importing.records.selectors import Held

CHUNK = 2000

Given = TypeVar("Given")
Made = TypeVar("Made", bound=models.Model)


class Import(NamedTuple):
    """`held` grows by what is written; `new` counts it by file."""

    package: Package
    held: Held
    by: Person | None
    at: datetime
    new: Counter[str]
    on_rows: OnRows

    def wrote(self, file: str, rows: int) -> None:
        self.new[file] += rows
        self.on_rows(rows)


def create(
    job: Import,
    file: str,
    rows: Iterable[Given],
    make: Callable[[Given], Made],
    then: Callable[[list[tuple[Given, Made]]], object] = lambda made: None,
) -> None:
    """Makes a model of each row and writes them in bulk; `then` meets the rows of each chunk with what was written of them."""
    for chunk in chunks(rows, CHUNK):
        made = [make(row) for row in chunk]
        insert_rows_with_ids(type(made[0]), made)
        job.wrote(file, len(made))
        then(list(zip(chunk, made, strict=True)))


def insert(
    job: Import, file: str, model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Plain rows of `columns`, for the long tables."""
    for chunk in chunks(rows, CHUNK):
        insert_values(model, columns, chunk)
        job.wrote(file, len(chunk))


@overload
def noon(on: date) -> datetime: ...
@overload
def noon(on: None) -> None: ...
def noon(on: date | None) -> datetime | None:
    """The time that stands for a day of which records know no more."""
    return timezone.make_aware(datetime.combine(on, time(12))) if on else None


def enrollment_pk(job: Import, cohort: str, row: EnrollmentPart) -> int:
    found = pick(job.held.enrollments, (cohort, row.person), row.enrollment)
    assert found is not None, "importing.records.readers.checks lets no such row through"
    return found.pk
