"""Writes everything as a records package. Rights to sign in, messages and the audit trail do not travel.

Of what was recorded and taken back only what holds now is written.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from accounts.models import Person
from courses.catalogue.models import Course, Module
from courses.certifying.models import Certificate, Mentor
from courses.enrolling.models import Enrollment
from courses.importing.records.rules.enrollments import ordinals
from courses.importing.records.rules.packages import FILES, File, OnRows
from courses.importing.records.rules.rows import CertificateRow, EnrollmentRow, SessionRow
from courses.paper.formulas import quote_formula
from courses.scheduling.models import Cohort, Session, Venue
from courses.teaching.enums import CompletionState
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit

CHUNK = 2000

# The columns of one row of a file, in their order: a row without its line.
Values: TypeAlias = tuple[object, ...]
NO_LINE = 0


def export_records(folder: Path, *, on_rows: OnRows = lambda rows: None) -> dict[str, int]:
    """Writes every file of the package into `folder`, which is made when it is not there; gives the rows of each.

    All files show one moment: they are read in one transaction, which on SQLite lets no other writer in meanwhile.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with transaction.atomic():
        numbers = _enrollment_numbers()
        return {file.name: _write(folder, file, ROWS[file.name](numbers), on_rows) for file in FILES}


def count_records() -> int:
    """How many rows an export has, for a progress bar."""
    models = (Course, Module, Venue, Person, Cohort, Enrollment, Session, Attendance, ModuleResult, Certificate, Visit)
    return sum(model.objects.count() for model in models)


def _write(folder: Path, file: File, rows: Iterable[Values], on_rows: OnRows) -> int:
    count = 0
    with (folder / file.file_name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(file.all_columns)
        for row in rows:
            writer.writerow(map(_cell, row))
            count += 1
            if count % CHUNK == 0:
                on_rows(CHUNK)
    on_rows(count % CHUNK)
    return count


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return timezone.localtime(value).isoformat()
        case date():
            return value.isoformat()
        case dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case list() | tuple():
            return " ".join(value)
        case _:
            return quote_formula(str(value))


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _enrollment_numbers() -> dict[int, int]:
    """1 for the first enrollment of a person in a cohort, 2 for the second; only where there are several."""
    pairs = list(Enrollment.objects.order_by("pk").values_list("pk", "cohort", "person"))
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for _pk, cohort, person in pairs:
        counts[cohort, person] += 1
    numbered = zip(pairs, ordinals((cohort, person) for _pk, cohort, person in pairs), strict=True)
    return {pk: number for (pk, cohort, person), number in numbered if counts[cohort, person] > 1}


def _plain(query: QuerySet, file: str, **sources: str) -> Iterator[tuple[Any, ...]]:
    """The columns of `file` from fields of the same name, or from `sources` (column to field)."""
    columns = next(found for found in FILES if found.name == file).all_columns
    return query.values_list(*(sources.get(column, column) for column in columns)).iterator(chunk_size=CHUNK)


def _courses(numbers: dict[int, int]) -> Iterator[Values]:
    return _plain(Course.objects.order_by("code"), "courses")


def _modules(numbers: dict[int, int]) -> Iterator[Values]:
    return _plain(Module.objects.order_by("course__code", "order"), "modules", course="course__code")


def _venues(numbers: dict[int, int]) -> Iterator[Values]:
    return _plain(Venue.objects.order_by("name_fi"), "venues", name="name_fi", district="district__name")


def _people(numbers: dict[int, int]) -> Iterator[Values]:
    return _plain(Person.objects.order_by("pk"), "people", district="district__name")


def _cohorts(numbers: dict[int, int]) -> Iterator[Values]:
    trainers = defaultdict(list)
    for cohort, code in Cohort.trainers.through.objects.order_by("person__code").values_list(
        "cohort__code", "person__code"
    ):
        trainers[cohort].append(code)
    rows = _plain(
        Cohort.objects.order_by("starts_on", "code"),
        "cohorts",
        course="course__code",
        venue="venue__name_fi",
        trainers="code",
    )
    return ((*row[:-1], trainers[row[-1]]) for row in rows)


def _enrollments(numbers: dict[int, int]) -> Iterator[Values]:
    """In the order in which they were made, so that the first stays the first; queue numbers as places from 1."""
    completions = {
        row[0]: row[1:]
        for row in Completion.objects.exclude(state=CompletionState.REVOKED).values_list(
            "enrollment", "state", "decided_at", "proposed_at", "rule", "figures"
        )
    }
    waiting = Enrollment.objects.filter(queue_number__isnull=False)
    places = dict(
        waiting.annotate(place=Window(RowNumber(), partition_by="cohort", order_by=["queue_number", "pk"])).values_list(
            "pk", "place"
        )
    )
    for enrollment in Enrollment.objects.select_related("cohort", "person").order_by("pk").iterator(chunk_size=CHUNK):
        state, decided_at, proposed_at, rule, figures = completions.get(enrollment.pk, ("", None, None, None, None))
        yield EnrollmentRow(
            line=NO_LINE,
            cohort=enrollment.cohort.code,
            person=enrollment.person.code,
            state=enrollment.state,
            applied_on=timezone.localdate(enrollment.applied_at),
            ended_on=_day(enrollment.ended_at),
            reason=enrollment.reason,
            how_asked=enrollment.how_asked,
            admitted_on=_day(enrollment.admitted_at),
            started_on=_day(enrollment.started_at),
            queue_number=places.get(enrollment.pk),
            offer_expires_at=enrollment.offer_expires_at,
            completion=state,
            completion_on=_day(decided_at or proposed_at),
            completion_rule=rule,
            completion_figures=figures,
        )[1:]


def _sessions(numbers: dict[int, int]) -> Iterator[Values]:
    for session in (
        Session.objects.select_related("cohort", "venue")
        .prefetch_related("modules")
        .order_by("cohort__code", "number")
        .iterator(chunk_size=CHUNK)
    ):
        yield SessionRow(
            line=NO_LINE,
            cohort=session.cohort.code,
            number=session.number,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            lessons=session.lessons,
            state=session.state,
            modules=tuple(module.code for module in session.modules.all()),
            venue=session.venue.name_fi if session.venue else "",
            remote_link=session.remote_link,
            marked_at=session.marked_at,
        )[1:]


def _attendance(numbers: dict[int, int]) -> Iterator[Values]:
    rows = Attendance.objects.filter(revoked_at__isnull=True).order_by("session__cohort__code", "session__number", "pk")
    fields = ("session__cohort__code", "session__number", "enrollment__person__code", "state", "lessons")
    more = ("enrollment__cohort__code", "enrollment", "marked_at")
    for *first, enrolled_in, enrollment, marked_at in rows.values_list(*fields, *more).iterator(chunk_size=CHUNK):
        elsewhere = "" if enrolled_in == first[0] else enrolled_in
        yield (*first, elsewhere, numbers.get(enrollment), _day(marked_at))


def _recorded(
    model: type[ModuleResult | AssessmentResult | SignedDeclaration],
    numbers: dict[int, int],
    *fields: str,
    extra: tuple[str, ...] = (),
) -> Iterator[Values]:
    """What is recorded about enrollments: cohort, person, `fields`, the number of the enrollment, `extra`."""
    rows = model._default_manager.filter(revoked_at__isnull=True).order_by("enrollment_id", "pk")
    place = 2 + len(fields)
    names = ("enrollment__cohort__code", "enrollment__person__code", *fields, "enrollment", *extra)
    for row in rows.values_list(*names).iterator(chunk_size=CHUNK):
        yield (*row[:place], numbers.get(row[place]), *row[place + 1 :])


def _completions(numbers: dict[int, int]) -> Iterator[Values]:
    return _recorded(ModuleResult, numbers, "module__code", "result", "recorded_on", extra=("made_up", "source"))


def _assessments(numbers: dict[int, int]) -> Iterator[Values]:
    return _recorded(AssessmentResult, numbers, "assessment", "result", "recorded_on")


def _declarations(numbers: dict[int, int]) -> Iterator[Values]:
    return _recorded(SignedDeclaration, numbers, "declaration", "recorded_on")


def _certificates(numbers: dict[int, int]) -> Iterator[Values]:
    rows = Certificate.objects.select_related("person", "course", "completion__enrollment__cohort", "renews").order_by(
        "pk"
    )
    for certificate in rows.iterator(chunk_size=CHUNK):
        completion = certificate.completion
        yield CertificateRow(
            line=NO_LINE,
            number=certificate.number,
            person=certificate.person.code,
            course=certificate.course.code,
            issued_on=certificate.issued_on,
            valid_until=certificate.valid_until,
            cohort=completion.enrollment.cohort.code if completion else "",
            enrollment=numbers.get(completion.enrollment_id) if completion else None,
            name=certificate.name,
            language=certificate.language,
            check_code=certificate.check_code,
            renews=certificate.renews.number if certificate.renews else "",
            replaced_on=_day(certificate.replaced_at),
            revoked_on=_day(certificate.revoked_at),
            revoked_reason=certificate.revoked_reason,
            words=certificate.words,
        )[1:]


def _mentors(numbers: dict[int, int]) -> Iterator[Values]:
    return _plain(Mentor.objects.order_by("person__code"), "mentors", person="person__code")


def _visits(numbers: dict[int, int]) -> Iterator[Values]:
    rows = _plain(
        Visit.objects.filter(revoked_at__isnull=True).order_by("visited_on", "pk"),
        "visits",
        person="person__code",
        cohort="enrollment__cohort__code",
        enrollment="enrollment_id",
    )
    return ((*row[:-2], numbers.get(row[-2]), row[-1]) for row in rows)


ROWS: dict[str, Callable[[dict[int, int]], Iterator[Values]]] = {
    "courses": _courses,
    "modules": _modules,
    "venues": _venues,
    "people": _people,
    "cohorts": _cohorts,
    "enrollments": _enrollments,
    "sessions": _sessions,
    "attendance": _attendance,
    "completions": _completions,
    "assessments": _assessments,
    "declarations": _declarations,
    "certificates": _certificates,
    "mentors": _mentors,
    "visits": _visits,
}
