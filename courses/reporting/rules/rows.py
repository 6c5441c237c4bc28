"""The rows of a report as values: counts, modules, sessions, ages. A row that a viewer may see has fewer fields."""

from collections.abc import Mapping, Sequence
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


def sum_of_bands(ages: Ages) -> AgeRow:
    return reduce(AgeRow.plus, ages.values(), AgeRow())


def _fields_of(row: ShownModule | ShownSession) -> dict[str, Json]:
    return {field.name: plain(getattr(row, field.name)) for field in fields(row)}


def plain(value: Json | date) -> Json:
    return value.isoformat() if isinstance(value, date) else value


def ages_to_json(ages: Ages) -> dict[str, Json]:
    return {band: row._asdict() for band, row in ages.items()}
