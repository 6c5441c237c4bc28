import re
from collections import Counter
from collections.abc import Sequence

from accounts.models import Person
from courses.certifying.models import Certificate, CertificateSeries
from courses.certifying.rules import new_check_code
from courses.importing.records.rules.rows import CertificateRow
from courses.importing.records.services.jobs import Import, create, enrollment_pk, noon
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion


def add_certificates(job: Import) -> None:
    """Certificates as they were issued; where the package is silent, with the person's name and language of today."""
    held = job.held
    new = [row for row in job.package.certificates if row.number not in held.certificates]
    people = Person.objects.in_bulk([held.people[row.person] for row in new if not (row.name and row.language)])
    completions = _completions(job, new)

    def make(row: CertificateRow) -> Certificate:
        person = held.people[row.person]
        return Certificate(
            person_id=person,
            course_id=held.courses[row.course],
            completion_id=completions.get(row.line),
            number=row.number,
            name=row.name or people[person].full_name,
            language=row.language or people[person].language,
            check_code=row.check_code or new_check_code(),
            issued_on=row.issued_on,
            issued_at=noon(row.issued_on),
            valid_until=row.valid_until,
            replaced_at=noon(row.replaced_on),
            revoked_at=noon(row.revoked_on),
            revoked_reason=row.revoked_reason,
            words=row.words,
        )

    def keep(made: list[tuple[CertificateRow, Certificate]]) -> None:
        held.certificates.update((row.number, certificate.pk) for row, certificate in made)

    create(job, "certificates", new, make, keep)
    _set_renewals(job, new)
    _continue_numbers(job, new)


def _completions(job: Import, rows: Sequence[CertificateRow]) -> dict[int, int]:
    """The completion that each certificate was issued for, by line, where the package names an enrollment."""
    enrollments = {row.line: enrollment_pk(job, row.cohort, row) for row in rows if row.cohort}
    completions = dict(
        Completion.objects.exclude(state=CompletionState.REVOKED)
        .filter(enrollment__in=enrollments.values())
        .values_list("enrollment_id", "pk")
    )
    return {line: completions[pk] for line, pk in enrollments.items() if pk in completions}


def _set_renewals(job: Import, rows: Sequence[CertificateRow]) -> None:
    """When all are there: a certificate may stand before the one that it renews."""
    for row in rows:
        if row.renews:
            Certificate.objects.filter(number=row.number).update(renews=job.held.certificates[row.renews])


def _continue_numbers(job: Import, rows: Sequence[CertificateRow]) -> None:
    """The next certificate of a course and year gets a number above the imported ones."""
    last: Counter[tuple[int, int]] = Counter()
    for row in rows:
        if found := re.search(r"-(\d{1,9})$", row.number):
            key = job.held.courses[row.course], row.issued_on.year
            last[key] = max(last[key], int(found[1]))
    for (course, year), number in sorted(last.items()):
        series, _made = CertificateSeries.objects.select_for_update().get_or_create(course_id=course, year=year)
        if series.last < number:
            CertificateSeries.objects.filter(pk=series.pk).update(last=number)
