"""The report of the program: every cohort within limits, and the total of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Count, QuerySet
from django.utils import timezone

from courses.reporting.rules.figures import add_up
from courses.reporting.rules.reports import (
    CohortReport,
    Limits,
    ProgramReport,
    Total,
    sum_of_ages,
    sum_of_modules,
)
from courses.reporting.rules.rows import COUNTS
from courses.reporting.selectors.cohorts import cohort_reports, counted_enrollments, reported_cohorts
from courses.scheduling.models import Cohort


def program_report(
    course: str | None = None, first: date | None = None, last: date | None = None, *, today: date | None = None
) -> ProgramReport:
    """Each cohort that starts from `first` to `last`, of one course or of all, oldest first, and the total of them."""
    limits = Limits(course, first, last)
    cohorts = reported_cohorts(limits)
    reports = cohort_reports(cohorts, today=today)
    return ProgramReport(limits, reports, _total(cohorts, reports, today or timezone.localdate()))


def _total(cohorts: QuerySet[Cohort], reports: Sequence[CohortReport], today: date) -> Total:
    """Sums of the cohorts, but each person once in `unique_people`. Modules of one name of one course are one."""
    people = counted_enrollments(cohorts, today).aggregate(unique_people=Count("person", distinct=True))
    return Total(
        **{**add_up((report.counts() for report in reports), COUNTS), **people},
        modules=sum_of_modules(reports),
        sessions=sum(session.held for report in reports for session in report.sessions),
        withdrawal_reasons=_sum_of_reasons(report.withdrawal_reasons for report in reports),
        ages=sum_of_ages(reports),
    )


def _sum_of_reasons(each: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The most common first, then by name."""
    reasons: Counter[str] = Counter()
    for counts in each:
        reasons.update(counts)
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
