"""Writes a records package that importing.records.readers has read and found whole. What is there already stays as it is."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from accounts.services.audit import record_change
from courses.importing.records.rules.packages import FILES, OnRows, Package
from courses.importing.records.selectors import held_records
from courses.importing.records.services.certificates import add_certificates
from courses.importing.records.services.cohorts import add_cohorts, add_sessions
from courses.importing.records.services.courses import add_courses, add_modules
from courses.importing.records.services.enrollments import add_enrollments
from courses.importing.records.services.jobs import Import
from courses.importing.records.services.mentors import add_mentors, add_visits
from courses.importing.records.services.people import add_people
from courses.importing.records.services.results import (
    add_assessments,
    add_attendance,
    add_completions,
    add_declarations,
)
from courses.importing.records.services.venues import add_venues

# In the order of FILES: nothing names what comes later.
WRITERS: tuple[Callable[[Import], None], ...] = (
    add_courses,
    add_modules,
    add_venues,
    add_people,
    add_cohorts,
    add_enrollments,
    add_sessions,
    add_attendance,
    add_completions,
    add_assessments,
    add_declarations,
    add_certificates,
    add_mentors,
    add_visits,
)


@transaction.atomic
def import_records(
    *,
    package: Package,
    by: Person | None,
    at: datetime | None = None,
    on_rows: OnRows = lambda rows: None,
) -> dict[str, int]:
    """Adds what is not there yet, all of it or nothing; gives how many rows of each file were new.

    Rows are known again by their codes, enrollments by person, cohort and which of theirs it is (the first, the second),
    visits by all they say. So a second run adds nothing. Each new enrollment gets one transition, each completed one a
    decided completion. Raises BadRecords when a cohort that stands already has too few seats for the new enrollments.
    """
    job = Import(package, held_records(package), by, at or timezone.now(), Counter(), on_rows)
    for write in WRITERS:
        write(job)
    new = {file.name: job.new[file.name] for file in FILES}
    if any(new.values()):
        record_change(by=by, action="records.import", detail={name: count for name, count in new.items() if count})
    return new
