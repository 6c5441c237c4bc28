"""What the demo's learners did: attendance, results of modules, practice, completions."""

from django.utils import timezone

from accounts.enums import HowAsked
from courses.catalogue.enums import Assessment, Declaration
from courses.catalogue.models import Module
from courses.catalogue.rules import CompletionRule
from courses.demo.plans import CohortPlan
from courses.demo.world import DAY, Demo, Rows
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.scheduling.models import Session
from courses.teaching.enums import ATTENDED_STATES, AttendanceState, CompletionState, Result, ResultSource
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit


def make_marks(
    demo: Demo,
    plan: CohortPlan,
    enrollment: Enrollment,
    sessions: list[Session],
    states: list[AttendanceState | None],
    rows: Rows,
) -> None:
    modules = demo.taught_modules(plan.course)
    # A completed person may have made one module up.
    may_make_up = enrollment.state == EnrollmentState.COMPLETED
    for session, module, state in zip(sessions, modules, states, strict=False):
        if state is None:
            continue
        rows.attendances.append(_attendance(enrollment, session, state))
        came = state in ATTENDED_STATES
        if came or (may_make_up and not module.mandatory):
            rows.results.append(_result(enrollment, session, module, made_up=not came))
            may_make_up = may_make_up and came
    if enrollment.state == EnrollmentState.COMPLETED and states:
        _completion(demo, plan, enrollment, rows)


def _attendance(enrollment: Enrollment, session: Session, state: AttendanceState) -> Attendance:
    return Attendance(
        enrollment=enrollment,
        session=session,
        state=state,
        lessons=_lessons(state, session.lessons),
        marked_at=session.ends_at,
        marked_by=session.marked_by,
    )


def _result(enrollment: Enrollment, session: Session, module: Module, *, made_up: bool) -> ModuleResult:
    return ModuleResult(
        enrollment=enrollment,
        module=module,
        result=Result.PASSED,
        made_up=made_up,
        source=ResultSource.HAND if made_up else ResultSource.ATTENDANCE,
        recorded_on=timezone.localdate(session.ends_at),
        recorded_at=session.ends_at,
        recorded_by=session.marked_by,
    )


def _lessons(state: AttendanceState, lessons: int) -> int:
    if state not in ATTENDED_STATES:
        return 0
    return lessons if state == AttendanceState.PRESENT else max(0, lessons - 1)


def _completion(demo: Demo, plan: CohortPlan, enrollment: Enrollment, rows: Rows) -> None:
    last = plan.meetings[-1].ends_at
    assert enrollment.ended_at is not None
    recorded = {"recorded_on": timezone.localdate(last), "recorded_at": last, "recorded_by": demo.staff["trainer"]}
    course = demo.courses[plan.course]
    rule = CompletionRule.from_json(course.completion_rule)
    rows.assessments += [
        AssessmentResult(enrollment=enrollment, assessment=Assessment(code), result=Result.PASSED, **recorded)
        for code in rule.assessments
    ]
    rows.declarations += [
        SignedDeclaration(enrollment=enrollment, declaration=Declaration(code), **recorded)
        for code in rule.declarations
    ]
    for number in range(rule.practice.visits):
        rows.visits.append(
            Visit(
                person=enrollment.person,
                enrollment=enrollment,
                visited_on=timezone.localdate(last) - (number + 1) * 5 * DAY,
                minutes=max(45, -(-rule.practice.minutes // rule.practice.visits)),
                people_helped=demo.random.randint(1, 3),
                place=demo.venues[number % len(demo.venues)].name_fi,
                supervised=number >= rule.practice.visits - rule.practice.supervised_visits,
                how_asked=HowAsked.DESK,
                recorded_at=last,
                recorded_by=demo.staff["trainer"],
            )
        )
    rows.completions.append(
        Completion(
            enrollment=enrollment,
            state=CompletionState.DECIDED,
            proposed_at=last + DAY,
            proposed_by=demo.staff["trainer"],
            decided_at=enrollment.ended_at,
            decided_by=demo.staff["coordinator"],
            rule=course.completion_rule,
            figures={},
        )
    )
