"""Reports as values: what the selectors reckon, and what pages, charts, tables and files read. docs/records.md has the JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import reduce
from typing import NamedTuple

from courses.reporting.rules.figures import AGE_BANDS, rate

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
# A figure of a viewer's report is None where it is hidden; a rate also where it is one of nothing.
Figures = dict[str, int | float | None]
FUNNEL = ("enrollments", "admitted", "started", "completed", "certified", "active_mentors")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What is counted of one cohort, or of many together, in the order of the report."""

    enrollments: int = 0
    unique_people: int = 0
    applied: int = 0
    waitlisted: int = 0
    offered: int = 0
    enrolled: int = 0
    active: int = 0
    admitted: int = 0
    started: int = 0
    completed: int = 0
    not_completed: int = 0
    withdrawn: int = 0
    withdrawn_before_start: int = 0
    no_show: int = 0
    declined: int = 0
    cohort_cancelled: int = 0
    certified: int = 0
    active_mentors: int = 0
    lessons_held: int = 0
    participant_lessons: int = 0

    @property
    def completion_rate(self) -> float | None:
        return rate(self.completed, self.started)

    @property
    def show_up_rate(self) -> float | None:
        return rate(self.started, self.admitted - self.withdrawn_before_start)

    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in COUNTS}

    def figures(self) -> Figures:
        counts: Figures = {**self.counts()}
        lessons = {name: counts.pop(name) for name in ("lessons_held", "participant_lessons")}
        rates = {"completion_rate": self.completion_rate, "show_up_rate": self.show_up_rate}
        return {**counts, **rates, **lessons}


COUNTS = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, kw_only=True)
class ShownCounts:
    """The steps from applying to mentoring as a viewer may see them: None is hidden."""

    enrollments: int | None
    admitted: int | None
    started: int | None
    completed: int | None
    certified: int | None
    active_mentors: int | None
    completion_rate: float | None

    def funnel(self) -> Figures:
        return {name: getattr(self, name) for name in FUNNEL}


@dataclass(frozen=True, kw_only=True)
class ShownModule:
    module: str
    title: str
    passed: int | None

    def to_json(self) -> dict[str, Json]:
        return _fields_of(self)


@dataclass(frozen=True, kw_only=True)
class ModuleRow(ShownModule):
    """`no_result` is every enrollment without one, also of those who never came."""

    passed: int
    made_up: int
    failed: int
    no_result: int


@dataclass(frozen=True, kw_only=True)
class ProgramModule(ModuleRow):
    """One module over all cohorts of its course."""

    course: str

    def to_json(self) -> dict[str, Json]:
        return {"course": self.course, **_fields_of(self)}


@dataclass(frozen=True, kw_only=True)
class ShownSession:
    """`starts_at` is local time."""

    number: int
    starts_at: datetime
    held: bool
    present: int | None

    def to_json(self) -> dict[str, Json]:
        return _fields_of(self)


@dataclass(frozen=True, kw_only=True)
class SessionRow(ShownSession):
    """`in_group`: those who started and had not withdrawn before the day."""

    present: int
    absent: int
    in_group: int


class AgeRow(NamedTuple):
    """One age band: who started and who completed, and the gender of those who started."""

    started: int = 0
    completed: int = 0
    woman: int = 0
    man: int = 0
    other: int = 0

    def plus(self, more: "AgeRow") -> "AgeRow":
        return AgeRow(*(one + another for one, another in zip(self, more, strict=True)))


Ages = Mapping[str, AgeRow]


def no_ages() -> dict[str, AgeRow]:
    return {band: AgeRow() for band in AGE_BANDS}


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

    def facts_to_json(self) -> dict[str, Json]:
        return {name: _plain(getattr(self, name)) for name in _FACTS}


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
            "ages": _ages_to_json(self.ages),
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
            "ages": _ages_to_json(self.ages),
        }


@dataclass(frozen=True, kw_only=True)
class ViewerTotal(ShownCounts):
    """Ages are asked of all cohorts together alone; then they are None when one of their cells would be hidden."""

    ages: Ages | None
    ages_asked: bool

    def figures(self) -> Figures:
        return {**self.funnel(), "completion_rate": self.completion_rate}

    def to_json(self) -> dict[str, Json]:
        ages = {"ages": _ages_to_json(self.ages) if self.ages else None}
        return {**self.figures(), **(ages if self.ages_asked else {})}


class Limits(NamedTuple):
    """Which cohorts a report of the program is about: those of one course, by its code, and by the day they start."""

    course: str | None = None
    first: date | None = None
    last: date | None = None

    def to_json(self) -> dict[str, Json]:
        return {"course": self.course, "from": _plain(self.first), "to": _plain(self.last)}


@dataclass(frozen=True)
class ProgramReport:
    """The cohorts within the limits, oldest first, and the total of them."""

    limits: Limits
    cohorts: Sequence[CohortReport]
    total: Total

    def to_json(self) -> dict[str, Json]:
        return _program_to_json(self)


@dataclass(frozen=True)
class ViewerProgramReport:
    limits: Limits
    cohorts: Sequence[ViewerCohortReport]
    total: ViewerTotal

    def to_json(self) -> dict[str, Json]:
        return _program_to_json(self)


AnyCohortReport = CohortReport | ViewerCohortReport
AnyProgramReport = ProgramReport | ViewerProgramReport


def _program_to_json(report: AnyProgramReport) -> dict[str, Json]:
    return {
        **report.limits.to_json(),
        "cohorts": [cohort.to_json() for cohort in report.cohorts],
        "total": report.total.to_json(),
    }


def _fields_of(row: ShownModule | ShownSession) -> dict[str, Json]:
    return {field.name: _plain(getattr(row, field.name)) for field in fields(row)}


def _plain(value: Json | date) -> Json:
    return value.isoformat() if isinstance(value, date) else value


def _ages_to_json(ages: Ages) -> dict[str, Json]:
    return {band: row._asdict() for band, row in ages.items()}


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


def sum_of_bands(ages: Ages) -> AgeRow:
    return reduce(AgeRow.plus, ages.values(), AgeRow())
