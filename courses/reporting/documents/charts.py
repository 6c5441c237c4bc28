"""Reports as charts for a page: each with the sentence that says what it shows, and its table (components/_figure.html)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from courses.certifying.selectors import MentorNumbers
from courses.dates.words import month_short
from courses.reporting.documents.tables import (
    Table,
    cohorts_tables,
    funnel_table,
    genders_table,
    reasons_table,
    sessions_table,
)
from courses.reporting.rules.reports import AnyCohortReport, AnyProgramReport, CohortReport, sum_of_funnels
from courses.reporting.rules.rows import FUNNEL, Ages, SessionRow, ShownSession
from courses.reporting.selectors.learner_maps import MapRow
from courses.reporting.selectors.mentors import MentorCount
from courses.reporting.wording.cells import cell_words, percent
from courses.reporting.wording.names import funnel_names, reason_name, session_day
from courses.reporting.wording.sentences import (
    ages_say,
    changes_say,
    funnel_says,
    map_says,
    rates_say,
    reasons_say,
    retention_says,
    sessions_say,
    target_says,
)
from courses.scheduling.enums import CohortState

# More learners than this are told by the table alone: no eye takes in a longer map.
MOST_ON_MAP = 120
MOST_MULTIPLES = 24


class Bar(NamedTuple):
    """`value` is None where it is hidden; `rest`: what the value is part of, if anything."""

    label: str
    value: float | None
    rest: float | None
    text: str


class Point(NamedTuple):
    label: str
    value: float
    text: str


class Mark(NamedTuple):
    """One learner on the map, by number, with a state for each module."""

    label: str
    states: Sequence[str]


@dataclass(frozen=True)
class Figure:
    """What components/_figure.html shows: which of the last ones are set goes by the kind."""

    table: Table
    kind: str = ""
    says: str = ""
    size: str = ""
    bars: Sequence[Bar] = ()
    points: Sequence[Point] = ()
    maximum: float = 100
    names: Sequence[str] = ()
    columns: Sequence[str] = ()
    marks: Sequence[Mark] = ()

    @property
    def title(self) -> str:
        return self.table.name

    @property
    def head(self) -> Sequence[str]:
        return self.table.head

    @property
    def rows(self) -> list[list[str]]:
        return self.table.rows_in_words()

    @property
    def foot(self) -> list[str]:
        return self.table.foot_in_words()


class Headline(NamedTuple):
    figure: str
    words: str


@dataclass(frozen=True)
class Multiple:
    """One of the small charts. `top`: the end of the scale that all of them have."""

    cohort: str
    name: str
    completed: str
    started: str
    share: str
    bars: Sequence[Bar]
    top: float


class LinkedRow(NamedTuple):
    cohort: str
    cells: Sequence[str]


@dataclass(frozen=True)
class LinkedTable:
    """The table of cohorts for a page: each row with the code of its cohort."""

    title: str
    head: Sequence[str]
    rows: Sequence[LinkedRow]
    foot: Sequence[str]


def headline(report: AnyCohortReport) -> list[Headline]:
    """The few large numbers at the head of a cohort's report."""
    completed, started = cell_words(report.completed), cell_words(report.started)
    share = percent(report.completion_rate)
    figures = [
        Headline(f"{completed}/{started}", _("completed of those who started, %(share)s") % {"share": share}),
        Headline(cell_words(report.lessons_held), ngettext("lesson held", "lessons held", report.lessons_held)),
    ]
    if isinstance(report, CohortReport):
        lessons = report.participant_lessons
        figures.append(Headline(cell_words(lessons), ngettext("participant lesson", "participant lessons", lessons)))
    return [*figures, Headline(cell_words(report.active_mentors), _("active as mentors now"))]


def program_headline(report: AnyProgramReport) -> list[Headline]:
    """How many of those who started completed, in the groups that are over; and beside it who is on a course now."""
    over = sum_of_funnels(report.over)
    running = sum_of_funnels([cohort for cohort in report.not_over if cohort.state == CohortState.RUNNING])
    share = percent(over.completion_rate)
    return [
        Headline(
            f"{cell_words(over.completed)}/{cell_words(over.started)}",
            _("completed of those who started in the groups that are over, %(share)s") % {"share": share},
        ),
        Headline(cell_words(running.started), _("started in the groups that are running")),
    ]


def funnel_figure(report: AnyCohortReport) -> Figure:
    names, figures = funnel_names(), report.figures()
    before, bars = None, []
    for name in FUNNEL:
        count = figures[name]
        bars.append(Bar(names[name], count, before, cell_words(count)))
        before = count
    return Figure(funnel_table(report), kind="horizontal", bars=bars, says=funnel_says(report))


def map_figure(report: CohortReport, learners: Sequence[MapRow]) -> Figure:
    """Who has which module; for staff only. Learners are numbered in the order of their names."""
    lacked = [[state in ("missing", "failed") for state in learner.states] for learner in learners]
    table = Table(
        _("Learners and modules"),
        (_("Module"), _("Passed"), _("Made up"), _("Missing")),
        [
            (f"{row.module} {row.title}", row.passed, row.made_up, sum(learner[place] for learner in lacked))
            for place, row in enumerate(report.modules)
        ],
    )
    marks = [Mark(str(number), learner.states) for number, learner in enumerate(learners, start=1)]
    drawn = marks if len(marks) <= MOST_ON_MAP else []
    return Figure(
        table,
        kind="map" if drawn else "",
        columns=[row.module for row in report.modules],
        marks=drawn,
        says=map_says(sum(any(learner) for learner in lacked)),
    )


def sessions_figure(report: AnyCohortReport) -> Figure:
    table = sessions_table(report.sessions, year=False)
    held = [row for row in report.sessions if row.held]
    return Figure(table, kind="vertical", bars=[_session_bar(row) for row in held], says=sessions_say(held))


def _session_bar(row: ShownSession) -> Bar:
    in_group = row.in_group if isinstance(row, SessionRow) else None
    return Bar(session_day(row), row.present, in_group, cell_words(row.present))


def retention_figure(report: CohortReport) -> Figure | None:
    """Who was still in the group at each session that was held, of those who started; None before the second one."""
    held = [row for row in report.sessions if row.held]
    if len(held) < 2 or not report.started:
        return None
    shares = [(row, row.in_group / report.started) for row in held]
    table = Table(
        _("Who stayed"),
        (_("Session"), _("In the group"), _("Share")),
        [(str(row.number), row.in_group, percent(share)) for row, share in shares],
    )
    points = [Point(str(row.number), share * 100, percent(share)) for row, share in shares]
    _last, stayed = shares[-1]
    return Figure(table, kind="curve", points=points, names=(_("this group"), ""), says=retention_says(stayed))


def reasons_figure(report: AnyCohortReport) -> Figure | None:
    """None without withdrawals, and where a reason is hidden."""
    reasons, withdrawn = report.withdrawal_reasons, report.withdrawn
    if not reasons or withdrawn is None:
        return None
    bars = [Bar(reason_name(reason), count, None, cell_words(count)) for reason, count in reasons.items()]
    table = reasons_table(reasons, withdrawn)
    return Figure(table, kind="horizontal", size="half", bars=bars, says=reasons_say(reasons, withdrawn))


def multiples(report: AnyProgramReport) -> list[Multiple]:
    """Small charts of the cohorts that are over, highest completion rate first, all to one scale."""
    names = {**funnel_names(), "active_mentors": pgettext("funnel", "Active now")}
    found = sorted(
        (row for row in report.over if row.started),
        key=lambda row: (-(row.completion_rate or 0), row.starts_on, row.cohort),
    )[:MOST_MULTIPLES]
    steps = (*FUNNEL[:4], FUNNEL[5])
    top = max((row.figures()[name] or 0 for row in found for name in steps), default=0)
    return [
        Multiple(
            cohort=row.cohort,
            name=row.name,
            completed=cell_words(row.completed),
            started=cell_words(row.started),
            share=percent(row.completion_rate),
            bars=[Bar(names[name], count := row.figures()[name], None, cell_words(count)) for name in steps],
            top=top,
        )
        for row in found
    ]


def multiples_say(report: AnyProgramReport) -> str:
    """What the small charts show together, from the cohorts that are over."""
    return rates_say(row.completion_rate for row in report.over if row.completion_rate)


def linked_tables(report: AnyProgramReport) -> list[LinkedTable]:
    return [_linked(table, cohorts) for cohorts, table in cohorts_tables(report)]


def _linked(table: Table, cohorts: Sequence[AnyCohortReport]) -> LinkedTable:
    rows = [LinkedRow(cohort.cohort, row) for cohort, row in zip(cohorts, table.rows_in_words(), strict=True)]
    return LinkedTable(table.name, table.head, rows, table.foot_in_words())


def target_figure(months: Sequence[MentorCount], numbers: MentorNumbers, target: int) -> Figure | None:
    """The way to the number of mentors aimed at, by the last day of each month, and why it rises and falls."""
    if len(months) < 2:
        return None
    language = get_language() or "fi"
    year = months[-12:]
    head = (
        _("Month"),
        pgettext("count", "Mentors"),
        pgettext("count", "New"),
        pgettext("mentors", "Expired"),
        pgettext("mentors", "Revoked"),
    )
    table = Table(
        _("The way to the target"),
        head,
        [(month_short(row.day, language), row.mentors, row.came, row.expired, row.revoked) for row in year],
    )
    return Figure(
        table,
        kind="curve",
        points=[Point(month_short(row.day, language), row.mentors, str(row.mentors)) for row in months],
        maximum=max(target, *(row.mentors for row in months)),
        names=(_("mentors"), ""),
        says=f"{target_says(numbers, target)} {changes_say(year)}",
    )


def genders_figure(ages: Ages) -> Figure:
    return Figure(genders_table(ages), says=ages_say(ages))
