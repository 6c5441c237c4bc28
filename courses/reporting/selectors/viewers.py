"""Reports for people who may not tell anyone from them: rules.disclosure says what is hidden, and why."""

from datetime import date

from courses.reporting.rules.disclosure import hidden, shown, shown_breakdown, shown_rate
from courses.reporting.rules.reports import (
    CohortReport,
    ViewerCohortReport,
    ViewerProgramReport,
    ViewerTotal,
    sum_of_funnels,
)
from courses.reporting.rules.rows import FUNNEL, Ages, ShownModule, ShownSession
from courses.reporting.selectors.cohorts import cohort_report
from courses.reporting.selectors.programs import program_report
from courses.scheduling.models import Cohort


def viewer_cohort_report(cohort: Cohort, *, today: date | None = None) -> ViewerCohortReport:
    return _without_small_counts(cohort_report(cohort, today=today))


def viewer_program_report(
    course: str | None = None, first: date | None = None, last: date | None = None, *, today: date | None = None
) -> ViewerProgramReport:
    """Cohorts as viewer_cohort_report has them; the totals add up what is shown.

    Ages and gender only when no filter is set: two filters that differ by one cohort would tell its people apart.
    """
    report = program_report(course, first, last, today=today)
    cohorts = [_without_small_counts(cohort) for cohort in report.cohorts]
    unfiltered = not any(report.limits)
    total = ViewerTotal(
        **vars(sum_of_funnels(cohorts)),
        ages=_shown_ages(report.total.ages) if unfiltered else None,
        ages_asked=unfiltered,
    )
    return ViewerProgramReport(report.limits, cohorts, total)


def _shown_ages(ages: Ages) -> Ages | None:
    cells = {
        (band, gender): count
        for band, row in ages.items()
        for gender, count in (("woman", row.woman), ("man", row.man), ("other", row.other))
    }
    return ages if shown_breakdown(cells) else None


def _without_small_counts(report: CohortReport) -> ViewerCohortReport:
    """Counts of one to four are None; breakdowns with such a cell are None; what only staff may see is left out."""
    people = None if hidden(report.enrollments - report.unique_people) else report.unique_people
    funnel = {name: shown(getattr(report, name)) for name in FUNNEL}
    return ViewerCohortReport(
        cohort=report.cohort,
        name=report.name,
        course=report.course,
        language=report.language,
        state=report.state,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        lessons_held=report.lessons_held,
        **funnel,
        withdrawn=shown(report.withdrawn),
        unique_people=shown(people),
        completion_rate=shown_rate(funnel["completed"], funnel["started"]),
        modules=[ShownModule(module=row.module, title=row.title, passed=shown(row.passed)) for row in report.modules],
        sessions=[
            ShownSession(number=row.number, starts_at=row.starts_at, held=row.held, present=shown(row.present))
            for row in report.sessions
        ],
        withdrawal_reasons=shown_breakdown(report.withdrawal_reasons),
    )
