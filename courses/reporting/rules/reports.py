"""Reports as values: what the selectors reckon, and what pages, charts, tables and files read. docs/records.md has the JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

from courses.reporting.rules.disclosure import sum_of_shown
from courses.reporting.rules.figures import rate
from courses.reporting.rules.rows import (
    FUNNEL,
    AgeRow,
    Ages,
    Counts,
    Figures,
    Json,
    ModuleRow,
    ProgramModule,
    SessionRow,
    ShownCounts,
    ShownModule,
    ShownSession,
    ages_to_json,
    no_ages,
    plain,
)
from courses.scheduling.enums import CohortState

# The rate of those who completed is told of groups that are over: in one that is running nobody can have completed yet.
OVER = (CohortState.FINISHED, CohortState.CLOSED)


@dataclass(frozen=True, kw_only=True)
class CohortFacts:
    """Which cohort a report is about. `cohort` and `course` are codes."""

    cohort: str
    name: str
    course: str
    language: str
    state: str
    starts_on: date
    ends_on: date

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    def facts_to_json(self) -> dict[str, Json]:
        return {name: plain(getattr(self, name)) for name in _FACTS}


_FACTS = tuple(field.name for field in fields(CohortFacts))


@dataclass(frozen=True, kw_only=True)
class CohortReport(CohortFacts, Counts):
    modules: Sequence[ModuleRow]
    sessions: Sequence[SessionRow]
    withdrawal_reasons: Mapping[str, int]
    ages: Ages

    def to_json(self) -> dict[str, Json]:
        return {
            **self.facts_to_json(),
            **self.figures(),
            "modules": [row.to_json() for row in self.modules],
            "sessions": [row.to_json() for row in self.sessions],
            "withdrawal_reasons": self.withdrawal_reasons,
            "ages": ages_to_json(self.ages),
        }


@dataclass(frozen=True, kw_only=True)
class ViewerCohortReport(CohortFacts, ShownCounts):
    """A hidden count is None, and so is a breakdown with a cell that would be hidden."""

    lessons_held: int
    withdrawn: int | None
    unique_people: int | None
    modules: Sequence[ShownModule]
    sessions: Sequence[ShownSession]
    withdrawal_reasons: Mapping[str, int] | None

    def figures(self) -> Figures:
        names = ("withdrawn", "unique_people", "completion_rate")
        return {
            "lessons_held": self.lessons_held,
            **self.funnel(),
            **{name: getattr(self, name) for name in names},
        }

    def to_json(self) -> dict[str, Json]:
        return {
            **self.facts_to_json(),
            **self.figures(),
            "modules": [row.to_json() for row in self.modules],
            "sessions": [row.to_json() for row in self.sessions],
            "withdrawal_reasons": self.withdrawal_reasons,
        }


@dataclass(frozen=True, kw_only=True)
class Total(Counts):
    """All cohorts of a program together. `sessions`: how many were held."""

    modules: Sequence[ProgramModule]
    sessions: int
    withdrawal_reasons: Mapping[str, int]
    ages: Ages

    def to_json(self) -> dict[str, Json]:
        return {
            **self.figures(),
            "modules": [row.to_json() for row in self.modules],
            "sessions": self.sessions,
            "withdrawal_reasons": self.withdrawal_reasons,
            "ages": ages_to_json(self.ages),
        }


@dataclass(frozen=True, kw_only=True)
class ViewerTotal(ShownCounts):
    """Ages are asked of all cohorts together alone; then they are None when one of their cells would be hidden."""

    ages: Ages | None
    ages_asked: bool

    def figures(self) -> Figures:
        return {**self.funnel(), "completion_rate": self.completion_rate}

    def to_json(self) -> dict[str, Json]:
        ages = {"ages": ages_to_json(self.ages) if self.ages else None}
        return {**self.figures(), **(ages if self.ages_asked else {})}


class Limits(NamedTuple):
    """Which cohorts a report of the program is about: those of one course, by its code, and by the day they start."""

    course: str | None = None
    first: date | None = None
    last: date | None = None

    def to_json(self) -> dict[str, Json]:
        return {"course": self.course, "from": plain(self.first), "to": plain(self.last)}


@dataclass(frozen=True)
class ProgramReport:
    """The cohorts within the limits, oldest first, and the total of them."""

    limits: Limits
    cohorts: Sequence[CohortReport]
    total: Total

    @property
    def over(self) -> list[CohortReport]:
        return [cohort for cohort in self.cohorts if cohort.is_over]

    @property
    def not_over(self) -> list[CohortReport]:
        return [cohort for cohort in self.cohorts if not cohort.is_over]

    def to_json(self) -> dict[str, Json]:
        return _program_to_json(self)


@dataclass(frozen=True)
class ViewerProgramReport:
    limits: Limits
    cohorts: Sequence[ViewerCohortReport]
    total: ViewerTotal

    @property
    def over(self) -> list[ViewerCohortReport]:
        return [cohort for cohort in self.cohorts if cohort.is_over]

    @property
    def not_over(self) -> list[ViewerCohortReport]:
        return [cohort for cohort in self.cohorts if not cohort.is_over]

    def to_json(self) -> dict[str, Json]:
        return _program_to_json(self)


AnyCohortReport = CohortReport | ViewerCohortReport
AnyProgramReport = ProgramReport | ViewerProgramReport


def _program_to_json(report: AnyProgramReport) -> dict[str, Json]:
    return {
        **report.limits.to_json(),
        "cohorts": [cohort.to_json() for cohort in report.cohorts],
        "total": report.total.to_json(),
        "finished": _funnel_to_json(report.over),
        "other": _funnel_to_json(report.not_over),
    }


def _funnel_to_json(cohorts: Sequence[AnyCohortReport]) -> dict[str, Json]:
    total = sum_of_funnels(cohorts)
    return {"cohorts": len(cohorts), **total.funnel(), "completion_rate": total.completion_rate}


def sum_of_funnels(cohorts: Sequence[AnyCohortReport]) -> ShownCounts:
    """The steps of some cohorts, added up as far as they are shown; the rate is of the cohorts that show both its parts."""
    both = [cohort for cohort in cohorts if cohort.completed is not None and cohort.started is not None]
    return ShownCounts(
        **{name: sum_of_shown(getattr(cohort, name) for cohort in cohorts) for name in FUNNEL},
        completion_rate=rate(
            sum_of_shown(cohort.completed for cohort in both), sum_of_shown(cohort.started for cohort in both)
        ),
    )


def sum_of_modules(reports: Iterable[CohortReport]) -> list[ProgramModule]:
    """Modules of one code of one course are one; its title is that of the first cohort."""
    rows: dict[tuple[str, str], list[ModuleRow]] = {}
    for report in reports:
        for row in report.modules:
            rows.setdefault((report.course, row.module), []).append(row)
    return [
        ProgramModule(
            course=course,
            module=module,
            title=found[0].title,
            passed=sum(row.passed for row in found),
            made_up=sum(row.made_up for row in found),
            failed=sum(row.failed for row in found),
            no_result=sum(row.no_result for row in found),
        )
        for (course, module), found in rows.items()
    ]


def sum_of_ages(reports: Iterable[CohortReport]) -> dict[str, AgeRow]:
    ages = no_ages()
    for report in reports:
        for band, row in report.ages.items():
            ages[band] = ages[band].plus(row)
    return ages
