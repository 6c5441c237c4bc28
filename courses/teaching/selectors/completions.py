"""How far each enrollment has come, judged by its course's rule. A constant number of queries for any number of people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from courses.catalogue.models import Module
from courses.catalogue.rules import CompletionRule
from courses.enrolling.enums import REGISTER_STATES, EnrollmentState
from courses.enrolling.models import Enrollment
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort
from courses.teaching.enums import CompletionState, Result, ResultSource
from courses.teaching.models import AssessmentResult, Completion, ModuleResult, SignedDeclaration
from courses.teaching.rules.attendance import Mark, lessons_reached
from courses.teaching.rules.completion import Missing, Progress, judge
from courses.teaching.selectors.recorded import CoveredMark, Recorded, SessionModule, recorded_of


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
    recorded = recorded_of(enrollments)
    return [_standing(enrollment, recorded, at) for enrollment in enrollments]


@dataclass(frozen=True)
class _Own:
    """What belongs to one enrollment. `results` by module id; `covered`: session id to the codes of its modules."""

    modules: Sequence[Module]
    sessions: Sequence[SessionModule]
    marks: Sequence[Mark]
    covered: Mapping[int, set[str]]
    results: Mapping[int, ModuleResult]
    assessments: Mapping[str, AssessmentResult]
    declarations: Mapping[str, SignedDeclaration]
    practice: Mapping[str, int]

    def passed(self) -> dict[str, ModuleResult]:
        """By the module's code."""
        codes = {module.pk: module.code for module in self.modules}
        return {
            codes[pk]: result for pk, result in self.results.items() if pk in codes and result.result == Result.PASSED
        }

    def all_lessons(self) -> int:
        return sum({row.session: row.lessons for row in self.sessions}.values())


def _standing(enrollment: Enrollment, recorded: Recorded, at: datetime) -> Standing:
    own = _own(enrollment, recorded)
    rule = CompletionRule.from_json(
        enrollment.cohort.course.completion_rule, [module.code for module in own.modules if module.mandatory]
    )
    progress = _progress(rule, own)
    return Standing(
        enrollment=enrollment,
        rule=rule,
        progress=progress,
        missing=judge(rule, progress),
        cells=_cells(own, at),
        modules=own.modules,
        assessments=own.assessments,
        declarations=own.declarations,
        completion=recorded.completions.get(enrollment.pk),
    )


def _own(enrollment: Enrollment, recorded: Recorded) -> _Own:
    marks, covered = _marks(recorded.marks.get(enrollment.pk, ()))
    return _Own(
        modules=recorded.modules.get(enrollment.cohort.course_id, []),
        sessions=recorded.sessions.get(enrollment.cohort_id, []),
        marks=marks,
        covered=covered,
        results={result.module_id: result for result in recorded.results.get(enrollment.pk, ())},
        assessments={result.assessment: result for result in recorded.assessments.get(enrollment.pk, ())},
        declarations={signed.declaration: signed for signed in recorded.declarations.get(enrollment.pk, ())},
        practice=recorded.practice.get(enrollment.pk, {}),
    )


def _progress(rule: CompletionRule, own: _Own) -> Progress:
    passed = own.passed()
    counted = _counted(rule, own.modules)
    by_hand = {code for code, result in passed.items() if result.source != ResultSource.ATTENDANCE}
    return Progress(
        lessons=lessons_reached(counted=counted, covered=own.covered, marks=own.marks, passed_by_hand=by_hand),
        lessons_counted=sum(counted.values()) or own.all_lessons(),
        modules=frozenset(passed),
        made_up=frozenset(code for code, result in passed.items() if result.made_up),
        assessments=frozenset(name for name, row in own.assessments.items() if row.result == Result.PASSED),
        declarations=frozenset(own.declarations),
        **own.practice,
    )


def _cells(own: _Own, at: datetime) -> list[Cell]:
    attended = {code for mark in own.marks if mark.counts for code in own.covered.get(mark.session, ())}
    held = {row.module for row in own.sessions if _is_over(row.state, row.ends_at, at)}
    return [
        Cell(
            module,
            _cell_state(own.results.get(module.pk), module.code in attended, module.pk in held),
            own.results.get(module.pk),
        )
        for module in own.modules
    ]


def _marks(rows: Iterable[CoveredMark]) -> tuple[list[Mark], dict[int, set[str]]]:
    """The marks of one enrollment, and the codes of the modules that their sessions cover."""
    marks: dict[int, Mark] = {}
    covered: dict[int, set[str]] = {}
    for row in rows:
        marks[row.session] = Mark(row.session, row.state, row.lessons)
        covered.setdefault(row.session, set()).update({row.code} if row.code else ())
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
