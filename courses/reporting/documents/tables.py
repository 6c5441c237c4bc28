"""Reports as named tables: what CSV, XLSX, PDF, text and the pages share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from courses.dates.words import day_range
from courses.enrolling.enums import EnrollmentState
from courses.reporting.rules.reports import AnyCohortReport, AnyProgramReport, CohortReport, sum_of_funnels
from courses.reporting.rules.rows import (
    FUNNEL,
    AgeRow,
    Ages,
    Figures,
    ModuleRow,
    SessionRow,
    ShownCounts,
    ShownModule,
    ShownSession,
    sum_of_bands,
)
from courses.reporting.wording.cells import NOTHING, Cell, Share, cell_words, share_cell
from courses.reporting.wording.names import age_names, figure_names, funnel_names, reason_name, session_day


@dataclass(frozen=True)
class Table:
    """`foot` is one row, the total, or nothing."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] = field(default=())

    def rows_in_words(self) -> list[list[str]]:
        return [[cell_words(cell) for cell in row] for row in self.rows]

    def foot_in_words(self) -> list[str]:
        return [cell_words(cell) for cell in self.foot]


def cohort_tables(report: AnyCohortReport) -> list[Table]:
    """Every table of one cohort's report, as far as the report has them: a viewer's has fewer."""
    tables = [figures_table(report), funnel_table(report)]
    if report.modules:
        tables.append(modules_table(report.modules))
    if report.sessions:
        tables.append(sessions_table(report.sessions))
    if report.withdrawal_reasons:
        tables.append(reasons_table(report.withdrawal_reasons, report.withdrawn))
    return [*tables, ages_table(report.ages)] if isinstance(report, CohortReport) else tables


def program_tables(report: AnyProgramReport) -> list[Table]:
    tables = [table for _cohorts, table in cohorts_tables(report)]
    if report.total.ages:
        tables.append(genders_table(report.total.ages))
    return tables


def figures_table(report: AnyCohortReport) -> Table:
    rows: list[Sequence[Cell]] = [
        (_("Group"), report.cohort),
        (_("Course"), report.course),
        (pgettext("span", "From"), report.starts_on.isoformat()),
        (pgettext("span", "To"), report.ends_on.isoformat()),
    ]
    figures = report.figures()
    rows += [(words, _figure(name, figures[name])) for name, words in figure_names().items() if name in figures]
    return Table(_("Figures"), (_("Figure"), _("Value")), rows)


def _figure(name: str, value: float | None) -> Cell:
    if not name.endswith("_rate"):
        return value
    return NOTHING if value is None else Share(value)


def funnel_table(report: AnyCohortReport) -> Table:
    names, figures = funnel_names(), report.figures()
    before, rows = None, []
    for name in FUNNEL:
        count = figures[name]
        rows.append((names[name], count, NOTHING if name == FUNNEL[0] else share_cell(count, before)))
        before = count
    return Table(_("From applying to mentoring"), (_("Step"), _("People"), _("Of the step before")), rows)


def modules_table(modules: Sequence[ShownModule]) -> Table:
    """What staff alone may see stands in the rows of their own reports only."""
    names = (_("Passed"), _("Made up"), _("Failed"), _("No result"))
    shown = names if isinstance(modules[0], ModuleRow) else names[:1]
    rows = [(f"{row.module} {row.title}", *_module_cells(row)) for row in modules]
    return Table(_("Modules"), (_("Module"), *shown), rows)


def _module_cells(row: ShownModule) -> Sequence[Cell]:
    return (row.passed, row.made_up, row.failed, row.no_result) if isinstance(row, ModuleRow) else (row.passed,)


def sessions_table(sessions: Sequence[ShownSession], *, year: bool = True) -> Table:
    """Held sessions alone. Who was absent, and of how many, stands in the reports for staff only."""
    found = [row for row in sessions if row.held]
    head = [_("Session"), _("Day"), pgettext("attendance", "Present")]
    if found and isinstance(found[0], SessionRow):
        head += [pgettext("attendance", "Absent"), _("In the group"), _("Share")]
    return Table(_("Attendance by session"), head, [_session_cells(row, year=year) for row in found])


def _session_cells(row: ShownSession, *, year: bool) -> list[Cell]:
    cells: list[Cell] = [str(row.number), session_day(row, year=year), row.present]
    if isinstance(row, SessionRow):
        cells += [row.absent, row.in_group, share_cell(row.present, row.in_group)]
    return cells


def reasons_table(reasons: Mapping[str, int], withdrawn: int | None) -> Table:
    rows = [(reason_name(reason), count) for reason, count in reasons.items()]
    return Table(_("Withdrawals by reason"), (_("Reason"), _("People")), rows, (_("Total"), withdrawn))


def ages_table(ages: Ages) -> Table:
    names = age_names()
    rows = [(names[band], row.started, row.completed) for band, row in ages.items() if row.started]
    total = sum_of_bands(ages)
    foot = (_("Total"), total.started, total.completed)
    return Table(_("Age"), (_("Age"), _("Started"), str(EnrollmentState.COMPLETED.label)), rows, foot)


def genders_table(ages: Ages) -> Table:
    names = age_names()
    rows = [(names[band], *_gender_cells(row)) for band, row in ages.items() if row.started]
    head = (_("Age"), _("Women"), _("Men"), _("Other or not told"), _("Total"))
    foot = (_("Total"), *_gender_cells(sum_of_bands(ages)))
    return Table(_("Those who started, by age and gender"), head, rows, foot)


def _gender_cells(row: AgeRow) -> Sequence[Cell]:
    return row.woman, row.man, row.other, row.started


def cohorts_tables(report: AnyProgramReport) -> list[tuple[Sequence[AnyCohortReport], Table]]:
    """The groups that are over, with the share that completed; apart from them the others, which have no such share yet.
    A table without rows is left out, unless there is no group at all."""
    parts: list[tuple[Sequence[AnyCohortReport], Table]] = [
        (report.over, _cohorts_table(report.over, _("Groups that are over"), with_rate=True)),
        (report.not_over, _cohorts_table(report.not_over, _("Running and other groups"), with_rate=False)),
    ]
    return [(cohorts, table) for cohorts, table in parts if cohorts] or parts[:1]


def _cohorts_table(cohorts: Sequence[AnyCohortReport], name: str, *, with_rate: bool) -> Table:
    names = funnel_names()
    head = (
        _("Group"),
        _("Course"),
        _("Days"),
        *(names[step] for step in FUNNEL[:4]),
        *([_("Completed of those who started")] if with_rate else []),
        *(names[step] for step in FUNNEL[4:]),
    )
    language = get_language() or "fi"
    rows = [
        (
            row.name,
            row.course,
            day_range(row.starts_on, row.ends_on, language),
            *_funnel_cells(row, with_rate=with_rate),
        )
        for row in cohorts
    ]
    return Table(name, head, rows, (_("Total"), "", "", *_funnel_cells(sum_of_funnels(cohorts), with_rate=with_rate)))


def _funnel_cells(counts: AnyCohortReport | ShownCounts, *, with_rate: bool) -> list[Cell]:
    figures: Figures = {name: getattr(counts, name) for name in FUNNEL}
    if not with_rate:
        return [figures[name] for name in FUNNEL]
    rate = counts.completion_rate
    share = share_cell(figures["completed"], figures["started"]) if rate is None else Share(rate)
    return [*(figures[name] for name in FUNNEL[:4]), share, *(figures[name] for name in FUNNEL[4:])]
