"""The completion rule of a course: done, or exactly what is still missing. Plain values, no query, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.catalogue.rules import CompletionRule


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

    def to_json(self) -> dict[str, object]:
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
