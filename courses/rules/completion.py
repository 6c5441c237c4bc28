"""The completion rule of a course: done, or exactly what is still missing. Plain values, no query, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from typing import Any


@dataclass(frozen=True)
class Practice:
    """What practice the rule asks for; 0 asks for nothing. People helped are head-counts, never names."""

    visits: int = 0
    minutes: int = 0
    people_helped: int = 0
    supervised_visits: int = 0


@dataclass(frozen=True)
class CompletionRule:
    """`lesson_share` between 0 and 1, of the lessons of `counted_modules`. Modules are named by their codes.

    `most_made_up_modules` None: no limit.
    """

    lesson_share: Decimal = Decimal(0)
    counted_modules: tuple[str, ...] = ()
    mandatory_modules: tuple[str, ...] = ()
    most_made_up_modules: int | None = None
    assessments: tuple[str, ...] = ()
    practice: Practice = field(default_factory=Practice)
    declarations: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any], mandatory_modules: Iterable[str] = ()) -> "CompletionRule":
        """Reads the stored form. A course without a rule of its own asks for each of `mandatory_modules`."""
        practice = data.get("practice") or {}
        return cls(
            lesson_share=Decimal(str(data.get("lesson_share", 0))),
            counted_modules=tuple(data.get("counted_modules", ())),
            mandatory_modules=tuple(data.get("mandatory_modules", mandatory_modules)),
            most_made_up_modules=data.get("most_made_up_modules"),
            assessments=tuple(data.get("assessments", ())),
            practice=Practice(
                visits=practice.get("visits", 0),
                minutes=practice.get("minutes", 0),
                people_helped=practice.get("people_helped", 0),
                supervised_visits=practice.get("supervised_visits", 0),
            ),
            declarations=tuple(data.get("declarations", ())),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "lesson_share": float(self.lesson_share),
            "counted_modules": list(self.counted_modules),
            "mandatory_modules": list(self.mandatory_modules),
            "most_made_up_modules": self.most_made_up_modules,
            "assessments": list(self.assessments),
            "practice": {
                "visits": self.practice.visits,
                "minutes": self.practice.minutes,
                "people_helped": self.practice.people_helped,
                "supervised_visits": self.practice.supervised_visits,
            },
            "declarations": list(self.declarations),
        }

    def lessons_needed(self, lessons_counted: int) -> int:
        """How many of `lessons_counted` lessons the share asks for, rounded up to whole lessons."""
        return int((self.lesson_share * lessons_counted).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Progress:
    """What one enrollment has reached: the figures a completion is judged on and kept with.

    `lessons` of `lessons_counted` lessons in the counted modules, made up ones included; `modules` passed (made up ones
    included), `made_up` those of them that were made up; `visits`, `minutes`, `people_helped`, `supervised_visits` of
    practice; codes of `assessments` passed and `declarations` signed.
    """

    lessons: int = 0
    lessons_counted: int = 0
    modules: frozenset[str] = frozenset()
    made_up: frozenset[str] = frozenset()
    assessments: frozenset[str] = frozenset()
    visits: int = 0
    minutes: int = 0
    people_helped: int = 0
    supervised_visits: int = 0
    declarations: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in self.__dict__.items()}


@dataclass(frozen=True)
class Missing:
    """One thing the rule still asks for. `code` as in the rule (`practice.visits`); `items` are codes, where it has any."""

    code: str
    have: int = 0
    need: int = 0
    items: tuple[str, ...] = ()


def judge(rule: CompletionRule, progress: Progress) -> list[Missing]:
    """What is missing, in the order of the rule; empty when the rule is met."""
    return [*_attendance_missing(rule, progress), *_rest_missing(rule, progress)]


def _attendance_missing(rule: CompletionRule, progress: Progress) -> list[Missing]:
    missing = []
    needed = rule.lessons_needed(progress.lessons_counted)
    if progress.lessons < needed:
        missing.append(Missing("lesson_share", progress.lessons, needed))
    if items := _not_in(rule.mandatory_modules, progress.modules):
        missing.append(
            Missing("mandatory_modules", len(rule.mandatory_modules) - len(items), len(rule.mandatory_modules), items)
        )
    most = rule.most_made_up_modules
    if most is not None and len(progress.made_up) > most:
        missing.append(Missing("most_made_up_modules", len(progress.made_up), most, tuple(sorted(progress.made_up))))
    return missing


def _rest_missing(rule: CompletionRule, progress: Progress) -> list[Missing]:
    missing = []
    if items := _not_in(rule.assessments, progress.assessments):
        missing.append(Missing("assessments", len(rule.assessments) - len(items), len(rule.assessments), items))
    for name in ("visits", "minutes", "people_helped", "supervised_visits"):
        have, need = getattr(progress, name), getattr(rule.practice, name)
        if have < need:
            missing.append(Missing(f"practice.{name}", have, need))
    if items := _not_in(rule.declarations, progress.declarations):
        missing.append(Missing("declarations", len(rule.declarations) - len(items), len(rule.declarations), items))
    return missing


def _not_in(wanted: Iterable[str], reached: frozenset[str]) -> tuple[str, ...]:
    return tuple(item for item in wanted if item not in reached)
