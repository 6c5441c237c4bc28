"""What was recorded about enrollments: attendance, results of modules and assessments, signed declarations."""

from collections.abc import Iterator

from django.db import models

from accounts.rules.chunks import chunks
from courses.importing.records.rules.rows import AssessmentRow, DeclarationRow
from courses.importing.records.services.jobs import CHUNK, Import, create, enrollment_pk, insert, noon
from courses.teaching.models import AssessmentResult, Attendance, ModuleResult, SignedDeclaration


def add_attendance(job: Import) -> None:
    held = _current(job, Attendance, "session_id")

    def new_rows() -> Iterator[tuple[object, ...]]:
        for row in job.package.attendance:
            enrollment = enrollment_pk(job, row.enrolled_in or row.cohort, row)
            session = job.held.sessions[row.cohort, row.session]
            if (enrollment, session) not in held:
                yield enrollment, session, row.state, row.lessons, noon(row.marked_on) or job.at

    insert(job, "attendance", Attendance, ("enrollment", "session", "state", "lessons", "marked_at"), new_rows())


def add_completions(job: Import) -> None:
    held = _current(job, ModuleResult, "module_id")
    columns = ("enrollment", "module", "result", "recorded_on", "made_up", "source", "recorded_at")

    def new_rows() -> Iterator[tuple[object, ...]]:
        for row in job.package.completions:
            enrollment = enrollment_pk(job, row.cohort, row)
            module = job.held.modules[job.held.cohorts[row.cohort].course, row.module]
            if (enrollment, module) not in held:
                yield enrollment, module, row.result, row.recorded_on, row.made_up, row.source, job.at

    insert(job, "completions", ModuleResult, columns, new_rows())


def add_assessments(job: Import) -> None:
    held = _current(job, AssessmentResult, "assessment")

    def make(row: AssessmentRow) -> AssessmentResult:
        return AssessmentResult(
            enrollment_id=enrollment_pk(job, row.cohort, row),
            assessment=row.assessment,
            result=row.result,
            recorded_on=row.recorded_on,
            recorded_at=job.at,
        )

    rows = job.package.assessments
    new = [row for row in rows if (enrollment_pk(job, row.cohort, row), row.assessment) not in held]
    create(job, "assessments", new, make)


def add_declarations(job: Import) -> None:
    held = _current(job, SignedDeclaration, "declaration")

    def make(row: DeclarationRow) -> SignedDeclaration:
        return SignedDeclaration(
            enrollment_id=enrollment_pk(job, row.cohort, row),
            declaration=row.declaration,
            recorded_on=row.recorded_on,
            recorded_at=job.at,
        )

    rows = job.package.declarations
    new = [row for row in rows if (enrollment_pk(job, row.cohort, row), row.declaration) not in held]
    create(job, "declarations", new, make)


def _current(job: Import, model: type[models.Model], about: str) -> set[tuple[int, object]]:
    """(enrollment, `about`) of what is recorded and not revoked in the cohorts of the package."""
    pks = sorted({job.held.cohorts[cohort].pk for cohort, _person in job.held.enrollments})
    current = model._default_manager.filter(revoked_at__isnull=True)
    return {
        pair
        for chunk in chunks(pks, CHUNK)
        for pair in current.filter(enrollment__cohort__in=chunk).values_list("enrollment_id", about)
    }
