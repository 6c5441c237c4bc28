"""Reports as named tables: what CSV, XLSX, PDF, text and the pages share.

A cell is text, a number, a Share, or None where it is hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from courses.dates.words import day_range, day_short
from courses.enrolling.enums import EnrollmentState, WithdrawalReason
from courses.reporting.rules.disclosure import HIDDEN_WORDS
from courses.reporting.selectors import FUNNEL

NOTHING = "–"


class Share(float):
    """A part of one, written as a percentage."""


Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """`foot` is one row, the total, or nothing."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    foot: Sequence[Cell] = field(default=())


def cell_words(cell: Cell) -> str:
    """A cell as people read it, in the reader's language."""
    match cell:
        case None:
            return HIDDEN_WORDS
        case Share():
            return percent(cell)
        case int():
            return number_format(cell, use_l10n=True, force_grouping=cell >= 10_000)
        case float():
            return number_format(cell)
        case _:
            return str(cell)


def file_words(cell: Cell) -> str:
    """A cell in a file: without the marks that keep a line from breaking, which only searching would stumble over."""
    return cell_words(cell).replace("\u2060", "").replace("\u00a0", " ")


def percent(share: float | None, decimals: int = 0) -> str:
    if share is None:
        return NOTHING
    return _("%(number)s %%") % {"number": number_format(f"{share * 100:.{decimals}f}")}


def share_cell(part: int | None, whole: int | None) -> Cell:
    """The share; a dash of nothing, and when one of the two is hidden."""
    return Share(part / whole) if whole and part is not None else NOTHING


def figure_names() -> dict[str, str]:
    """What each figure of a report is called, in the order in which they are read."""
    return {
        "enrollments": _("Enrollments"),
        "unique_people": _("People"),
        **{
            state: str(EnrollmentState(state).label)
            for state in ("applied", "waitlisted", "offered", "enrolled", "active")
        },
        "admitted": _("Got a place"),
        "started": _("Started"),
        **{state: str(EnrollmentState(state).label) for state in ("completed", "not_completed", "withdrawn")},
        "withdrawn_before_start": _("Withdrew before the start"),
        **{state: str(EnrollmentState(state).label) for state in ("no_show", "declined", "cohort_cancelled")},
        "certified": _("Got a certificate"),
        "active_mentors": _("Active mentors"),
        "completion_rate": _("Completed of those who started"),
        "show_up_rate": _("Started of those who had a place"),
        "lessons_held": _("Lessons held"),
        "participant_lessons": _("Participant lessons"),
    }


def funnel_names() -> dict[str, str]:
    return {
        "enrollments": pgettext("funnel", "Applied"),
        "admitted": pgettext("funnel", "Got a place"),
        "started": pgettext("funnel", "Started"),
        "completed": pgettext("funnel", "Completed"),
        "certified": pgettext("funnel", "Got a certificate"),
        "active_mentors": pgettext("funnel", "Active as mentors"),
    }


def age_names() -> dict[str, str]:
    return {
        "under_55": _("Under 55"),
        **{band: band.replace("_", "–") for band in ("55_64", "65_69", "70_74", "75_79", "80_84")},
        "85_over": _("85 or over"),
        "unknown": pgettext("age", "Not known"),
    }


def reason_name(reason: str) -> str:
    return str(WithdrawalReason(reason).label)


def cohort_tables(report: Mapping[str, Any]) -> list[Table]:
    """Every table of one cohort's report, as far as the report has them: a viewer's has fewer."""
    tables = [figures_table(report), funnel_table(report)]
    if report["modules"]:
        tables.append(modules_table(report["modules"]))
    if report["sessions"]:
        tables.append(sessions_table(report["sessions"]))
    if report.get("withdrawal_reasons"):
        tables.append(reasons_table(report))
    return [*tables, ages_table(report["ages"])] if report.get("ages") else tables


def program_tables(report: Mapping[str, Any]) -> list[Table]:
    tables = [cohorts_table(report)]
    if report["total"].get("ages"):
        tables.append(genders_table(report["total"]["ages"]))
    return tables


def figures_table(report: Mapping[str, Any]) -> Table:
    rows: list[Sequence[Cell]] = [
        (_("Group"), report["cohort"]),
        (_("Course"), report["course"]),
        (pgettext("span", "From"), report["starts_on"]),
        (pgettext("span", "To"), report["ends_on"]),
    ]
    names = figure_names()
    rows += [(words, _figure(report, name)) for name, words in names.items() if name in report]
    return Table(_("Figures"), (_("Figure"), _("Value")), rows)


def _figure(report: Mapping[str, Any], name: str) -> Cell:
    value = report[name]
    if not name.endswith("_rate"):
        return value
    return NOTHING if value is None else Share(value)


def funnel_table(report: Mapping[str, Any]) -> Table:
    names, before, rows = funnel_names(), None, []
    for name in FUNNEL:
        count = report[name]
        rows.append((names[name], count, NOTHING if name == FUNNEL[0] else share_cell(count, before)))
        before = count
    return Table(_("From applying to mentoring"), (_("Step"), _("People"), _("Of the step before")), rows)


def modules_table(modules: Iterable[Mapping[str, Any]]) -> Table:
    columns = {
        "passed": _("Passed"),
        "made_up": _("Made up"),
        "failed": _("Failed"),
        "no_result": _("No result"),
    }
    found = list(modules)
    shown = [name for name in columns if name in found[0]]
    rows = [(f"{row['module']} {row['title']}", *(row[name] for name in shown)) for row in found]
    return Table(_("Modules"), (_("Module"), *(columns[name] for name in shown)), rows)


def sessions_table(sessions: Iterable[Mapping[str, Any]], *, year: bool = True) -> Table:
    """Held sessions alone. Who was absent, and of how many, stands in the reports for staff only."""
    found = [row for row in sessions if row["held"]]
    staff = bool(found) and "in_group" in found[0]
    head = [_("Session"), _("Day"), pgettext("attendance", "Present")]
    head += [pgettext("attendance", "Absent"), _("In the group"), _("Share")] if staff else []
    rows = []
    for row in found:
        cells: list[Cell] = [str(row["number"]), session_day(row, year=year), row["present"]]
        if staff:
            cells += [row["absent"], row["in_group"], share_cell(row["present"], row["in_group"])]
        rows.append(cells)
    return Table(_("Attendance by session"), head, rows)


def session_day(row: Mapping[str, Any], *, year: bool = False) -> str:
    starts_at = parse_datetime(row["starts_at"])
    return day_short(localtime(starts_at).date(), get_language() or "fi", year=year) if starts_at else NOTHING


def reasons_table(report: Mapping[str, Any]) -> Table:
    rows = [(reason_name(reason), count) for reason, count in report["withdrawal_reasons"].items()]
    return Table(
        _("Withdrawals by reason"),
        (_("Reason"), _("People")),
        rows,
        (_("Total"), report["withdrawn"]),
    )


def ages_table(ages: Mapping[str, Mapping[str, int]]) -> Table:
    names = age_names()
    rows = [(names[band], row["started"], row["completed"]) for band, row in ages.items() if row["started"]]
    foot: Sequence[Cell] = (_("Total"), *(sum(row[name] for row in ages.values()) for name in ("started", "completed")))
    return Table(_("Age"), (_("Age"), _("Started"), str(EnrollmentState.COMPLETED.label)), rows, foot)


def genders_table(ages: Mapping[str, Mapping[str, int]]) -> Table:
    names = age_names()
    columns = ("woman", "man", "other", "started")
    rows: list[Sequence[Cell]] = [
        (names[band], *(row[name] for name in columns)) for band, row in ages.items() if row["started"]
    ]
    foot: Sequence[Cell] = (_("Total"), *(sum(row[name] for row in ages.values()) for name in columns))
    head = (_("Age"), _("Women"), _("Men"), _("Other or not told"), _("Total"))
    return Table(_("Those who started, by age and gender"), head, rows, foot)


def cohorts_table(report: Mapping[str, Any]) -> Table:
    names = funnel_names()
    head = (
        _("Group"),
        _("Course"),
        _("Days"),
        *(names[name] for name in FUNNEL[:4]),
        _("Completed of those who started"),
        *(names[name] for name in FUNNEL[4:]),
    )
    language = get_language() or "fi"
    rows = [
        (
            row["name"],
            row["course"],
            day_range(date.fromisoformat(row["starts_on"]), date.fromisoformat(row["ends_on"]), language),
            *_funnel_cells(row),
        )
        for row in report["cohorts"]
    ]
    return Table(_("Groups side by side"), head, rows, (_("Total"), "", "", *_funnel_cells(report["total"])))


def _funnel_cells(row: Mapping[str, Any]) -> list[Cell]:
    rate = row["completion_rate"]
    share = share_cell(row["completed"], row["started"]) if rate is None else Share(rate)
    return [*(row[name] for name in FUNNEL[:4]), share, *(row[name] for name in FUNNEL[4:])]
