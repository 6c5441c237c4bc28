"""How far each enrollment has come, judged by its course's rule. A constant number of queries for any number of people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum

from courses.catalogue.models import Module
from courses.catalogue.rules import CompletionRule
from courses.enrolling.enums import REGISTER_STATES, EnrollmentState
from courses.enrolling.models import Enrollment
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import CompletionState, Result, ResultSource
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit
from courses.teaching.rules.attendance import Mark, lessons_reached
from courses.teaching.rules.completion import Missing, Progress, judge


@dataclass(frozen=True)
class Cell:
    """One person and one module. `state`: passed, made_up, failed, attended (not judged), missing, none (not held yet)."""

    module: Module
    state: str
    result: ModuleResult | None = None


@dataclass(frozen=True)
class Standing:
    """One enrollment judged. `missing` is empty when the rule is met; `completion` is the current one, if any."""

    enrollment: Enrollment
    rule: CompletionRule
    progress: Progress
    missing: Sequence[Missing]
    cells: Sequence[Cell]
    modules: Sequence[Module]
    assessments: Mapping[str, AssessmentResult] = field(default_factory=dict)
    declarations: Mapping[str, SignedDeclaration] = field(default_factory=dict)
    completion: Completion | None = None

    @property
    def titles(self) -> dict[str, str]:
        return {module.code: module.title for module in self.modules}

    @property
    def is_open(self) -> bool:
        return self.enrollment.state == EnrollmentState.ACTIVE

    @property
    def proposed(self) -> bool:
        return self.completion is not None and self.completion.state == CompletionState.PROPOSED

    @property
    def decided(self) -> bool:
        return self.completion is not None and self.completion.state == CompletionState.DECIDED

    @property
    def may_be_decided(self) -> bool:
        return self.is_open and not self.missing

    @property
    def behind(self) -> list[str]:
        """Codes of the modules that were held and are not passed."""
        return [cell.module.code for cell in self.cells if cell.state in ("missing", "failed")]


def standings_of_cohort(cohort: Cohort, at: datetime) -> list[Standing]:
    """Everyone who takes or took part in a cohort, by name."""
    enrollments = (
        cohort.enrollments.filter(state__in=REGISTER_STATES)
        .select_related("person", "cohort__course")
        .order_by("person__sort_key", "pk")
    )
    return standings(list(enrollments), at)


def standings(enrollments: Sequence[Enrollment], at: datetime) -> list[Standing]:
    """Each of `enrollments` (their cohort and course at hand) judged, in their order. Eight queries."""
    facts = _gather(enrollments)
    return [_standing(enrollment, facts, at) for enrollment in enrollments]


@dataclass(frozen=True)
class _Facts:
    modules: Mapping[int, list[Module]]
    sessions: Mapping[int, list[tuple[Any, ...]]]
    marks: Mapping[int, list[tuple[Any, ...]]]
    results: Mapping[int, list[ModuleResult]]
    assessments: Mapping[int, list[AssessmentResult]]
    declarations: Mapping[int, list[SignedDeclaration]]
    practice: Mapping[int, dict[str, int]]
    completions: Mapping[int, Completion]


def _gather(enrollments: Sequence[Enrollment]) -> _Facts:
    ids = [enrollment.pk for enrollment in enrollments]
    courses = {enrollment.cohort.course_id for enrollment in enrollments}
    cohorts = {enrollment.cohort_id for enrollment in enrollments}
    current = {"enrollment__in": ids, "revoked_at__isnull": True}
    sessions = (
        Session.objects.filter(cohort__in=cohorts)
        .exclude(state=SessionState.CANCELLED)
        .values_list("cohort_id", "pk", "lessons", "state", "ends_at", "modules")
    )
    marks = Attendance.objects.filter(**current).values_list(
        "enrollment_id", "session_id", "state", "lessons", "session__modules__code"
    )
    return _Facts(
        modules=_by(Module.objects.filter(course__in=courses).order_by("order"), "course_id"),
        sessions=_by_first(sessions),
        marks=_by_first(marks),
        results=_by(ModuleResult.objects.filter(**current).select_related("recorded_by"), "enrollment_id"),
        assessments=_by(AssessmentResult.objects.filter(**current), "enrollment_id"),
        declarations=_by(SignedDeclaration.objects.filter(**current), "enrollment_id"),
        practice=_practice(ids),
        completions={
            completion.enrollment_id: completion
            for completion in Completion.objects.filter(enrollment__in=ids)
            .exclude(state=CompletionState.REVOKED)
            .select_related("proposed_by", "decided_by")
        },
    )


def _practice(ids: Collection[int]) -> dict[int, dict[str, int]]:
    rows = (
        Visit.objects.filter(enrollment__in=ids, revoked_at__isnull=True)
        .order_by("enrollment_id")
        .values("enrollment_id")
        .annotate(
            visits=Count("pk"),
            all_minutes=Sum("minutes"),
            helped=Sum("people_helped"),
            supervised_visits=Count("pk", filter=Q(supervised=True)),
        )
    )
    return {
        row["enrollment_id"]: {
            "visits": row["visits"],
            "minutes": row["all_minutes"],
            "people_helped": row["helped"],
            "supervised_visits": row["supervised_visits"],
        }
        for row in rows
    }


def _standing(enrollment: Enrollment, facts: _Facts, at: datetime) -> Standing:
    modules = facts.modules.get(enrollment.cohort.course_id, [])
    results = {result.module_id: result for result in facts.results.get(enrollment.pk, ())}
    assessments = {thing.assessment: thing for thing in facts.assessments.get(enrollment.pk, ())}
    declarations = {thing.declaration: thing for thing in facts.declarations.get(enrollment.pk, ())}
    rule = CompletionRule.from_json(
        enrollment.cohort.course.completion_rule, [module.code for module in modules if module.mandatory]
    )
    sessions = facts.sessions.get(enrollment.cohort_id, [])
    marks, covered = _marks(facts.marks.get(enrollment.pk, ()))
    codes = {module.pk: module.code for module in modules}
    passed = {codes[pk]: result for pk, result in results.items() if pk in codes and result.result == Result.PASSED}
    counted = _counted(rule, modules)
    progress = Progress(
        lessons=lessons_reached(
            counted=counted,
            covered=covered,
            marks=marks,
            passed_by_hand={code for code, result in passed.items() if result.source != ResultSource.ATTENDANCE},
        ),
        lessons_counted=sum(counted.values())
        or sum({pk: lessons for _cohort, pk, lessons, *_rest in sessions}.values()),
        modules=frozenset(passed),
        made_up=frozenset(code for code, result in passed.items() if result.made_up),
        assessments=frozenset(name for name, thing in assessments.items() if thing.result == Result.PASSED),
        declarations=frozenset(declarations),
        **facts.practice.get(enrollment.pk, {}),
    )
    attended = {code for mark in marks if mark.counts for code in covered.get(mark.session, ())}
    held = {module for _cohort, _pk, _lessons, state, ends_at, module in sessions if _is_over(state, ends_at, at)}
    return Standing(
        enrollment=enrollment,
        rule=rule,
        progress=progress,
        missing=judge(rule, progress),
        cells=[
            Cell(
                module,
                _cell_state(results.get(module.pk), module.code in attended, module.pk in held),
                results.get(module.pk),
            )
            for module in modules
        ],
        modules=modules,
        assessments=assessments,
        declarations=declarations,
        completion=facts.completions.get(enrollment.pk),
    )


def _marks(rows: Iterable[tuple[Any, ...]]) -> tuple[list[Mark], dict[int, set[str]]]:
    """The marks of one enrollment, and the codes of the modules that their sessions cover."""
    marks: dict[int, Mark] = {}
    covered: dict[int, set[str]] = {}
    for _enrollment, session, state, lessons, code in rows:
        marks[session] = Mark(session, state, lessons)
        covered.setdefault(session, set()).update({code} - {None})
    return list(marks.values()), covered


def _counted(rule: CompletionRule, modules: Iterable[Module]) -> dict[str, int]:
    """Module code to lessons, for the modules that the share is reckoned on: all with lessons, where the rule names none."""
    return {
        module.code: module.lessons
        for module in modules
        if module.lessons and (not rule.counted_modules or module.code in rule.counted_modules)
    }


def _is_over(state: str, ends_at: datetime, at: datetime) -> bool:
    return state == SessionState.HELD or ends_at < at


def _cell_state(result: ModuleResult | None, attended: bool, held: bool) -> str:
    if result and result.result == Result.FAILED:
        return "failed"
    if result:
        return "made_up" if result.made_up else "passed"
    if attended:
        return "attended"
    return "missing" if held else "none"


def _by(things: Iterable[Any], name: str) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for thing in things:
        grouped.setdefault(getattr(thing, name), []).append(thing)
    return grouped


def _by_first(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    grouped: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return grouped
