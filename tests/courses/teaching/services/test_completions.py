"""The worked examples of the sample course, from marks, visits and signatures as they are recorded to the decision."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from accounts.exceptions import RuleError
from courses.catalogue.models import Course
from courses.enrolling.enums import EnrollmentState
from courses.teaching.enums import AttendanceState, CompletionState, Result
from courses.teaching.models import Completion, Visit
from courses.teaching.selectors.completions import standings_of_cohort
from courses.teaching.services.attendance import save_register
from courses.teaching.services.completions import (
    decide_completions,
    propose_completions,
    revoke_completions,
)
from courses.teaching.services.grades import grade_assessment, grade_modules, sign_declarations
from tests.acts import act
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    ModuleFactory,
    SessionFactory,
)

SAMPLE = json.loads((Path(__file__).parents[3] / "data" / "course-aim.json").read_text(encoding="utf-8"))


@pytest.fixture
def course(db) -> Course:
    course = CourseFactory.create(code="AIM", completion_rule=SAMPLE["completion_rule"])
    for order, module in enumerate(SAMPLE["modules"], start=1):
        ModuleFactory.create(
            course=course,
            code=module["code"],
            order=order,
            kind=module["kind"],
            lessons=module["lessons"],
            mandatory=module["mandatory"],
            title_en=module["title"]["en"],
        )
    return course


@pytest.fixture
def cohort(course):
    cohort = CohortFactory.create(course=course)
    begin = timezone.now() - timedelta(weeks=12)
    for module in course.modules.exclude(code__in=["P", "M9"]):
        SessionFactory.create(
            cohort=cohort, number=module.order, starts_at=begin + timedelta(weeks=module.order), modules=[module]
        )
    return cohort


@pytest.fixture
def taking_part(cohort, trainer):
    """Records what one person did: lessons of each session, visits, and the rest unless told otherwise."""

    def record(*, lessons: dict[int, int], visits: list[tuple[int, int]], made_up: tuple[str, ...] = ()):
        enrollment = EnrollmentFactory.create(cohort=cohort)
        for session in cohort.sessions.all():
            given = lessons.get(session.number, 0)
            mark = (AttendanceState.LATE, given) if given else (AttendanceState.ABSENT, None)
            save_register(
                session=session,
                marks={enrollment.pk: mark},
                expected_version=session.register_version,
                act=act(trainer),
            )
        modules = cohort.course.modules.filter(code__in=made_up)
        grade_modules(
            cohort=cohort,
            results={(enrollment.pk, module.pk): (Result.PASSED, True) for module in modules},
            act=act(trainer),
        )
        grade_assessment(
            cohort=cohort, assessment="teach_back", results={enrollment.pk: Result.PASSED}, act=act(trainer)
        )
        for declaration in ("code_of_conduct", "confidentiality"):
            sign_declarations(cohort=cohort, declaration=declaration, signed={enrollment.pk: True}, act=act(trainer))
        for number, (minutes, people) in enumerate(visits):
            Visit.objects.create(
                person=enrollment.person,
                enrollment=enrollment,
                visited_on=timezone.localdate(),
                minutes=minutes,
                people_helped=people,
                supervised=number < 2,
            )
        return enrollment

    return record


EIGHT = dict.fromkeys(range(1, 9), 3)
FOUR_VISITS = [(60, 1), (60, 1), (60, 1), (60, 0)]
DONE = {"lessons": dict.fromkeys((1, 2, 3, 4, 5, 7), 3), "visits": FOUR_VISITS}
GIVEN = [
    DONE,
    {"lessons": {**DONE["lessons"], 1: 2}, "visits": FOUR_VISITS},
    {"lessons": {number: 3 for number in EIGHT if number != 5}, "visits": FOUR_VISITS},
    {**DONE, "visits": [(80, 2), (80, 2), (80, 1)]},
    {"lessons": dict.fromkeys((4, 5, 7, 6, 8), 3), "visits": FOUR_VISITS, "made_up": ("M1", "M2", "M3")},
    DONE,
]


@pytest.mark.parametrize(
    ("given", "example"),
    list(zip(GIVEN, SAMPLE["worked_examples"], strict=True)),
    ids=[example["given"][:40] for example in SAMPLE["worked_examples"]],
)
def test_worked_examples_from_what_is_recorded(cohort, taking_part, given, example):
    enrollment = taking_part(**given)

    [standing] = standings_of_cohort(cohort, timezone.now())
    enrollment.refresh_from_db()

    assert (not standing.missing) is example["done"]
    assert [thing.code for thing in standing.missing] == example.get("missing", [])
    assert enrollment.state == EnrollmentState.ACTIVE  # nothing is completed without a coordinator's decision


def test_progress_keeps_its_figures(cohort, taking_part):
    taking_part(**DONE)

    [standing] = standings_of_cohort(cohort, timezone.now())

    assert standing.progress.to_json() == {
        "lessons": 18,
        "lessons_counted": 24,
        "modules": ["M1", "M2", "M3", "M4", "M5", "M7"],
        "made_up": [],
        "assessments": ["teach_back"],
        "visits": 4,
        "minutes": 240,
        "people_helped": 3,
        "supervised_visits": 2,
        "declarations": ["code_of_conduct", "confidentiality"],
    }
    assert [cell.state for cell in standing.cells] == [
        "passed", "passed", "passed", "passed", "passed", "missing", "passed", "missing", "none", "none"
    ]  # fmt: skip


@pytest.mark.parametrize("people", [1, 30])
def test_standings_take_the_same_queries_for_any_number_of_people(cohort, people, django_assert_num_queries):
    for enrollment in EnrollmentFactory.create_batch(
        people, cohort=CohortFactory.create(course=cohort.course, capacity=50)
    ):
        last = enrollment.cohort
        AttendanceFactory.create(
            enrollment=enrollment, session=cohort.sessions.first(), state=AttendanceState.MADE_UP, lessons=3
        )

    with django_assert_num_queries(9):
        assert len(standings_of_cohort(last, timezone.now())) == people


def test_coordinator_decides_and_the_rule_is_kept_as_it_was(cohort, taking_part, trainer, coordinator):
    enrollment = taking_part(**DONE)
    propose_completions(enrollments=[enrollment], act=act(trainer))

    [completion] = decide_completions(enrollments=[enrollment], act=act(coordinator))
    cohort.course.completion_rule = {"lesson_share": 1}
    cohort.course.save()

    enrollment.refresh_from_db()
    completion.refresh_from_db()
    assert enrollment.state == EnrollmentState.COMPLETED
    assert (completion.state, completion.proposed_by, completion.decided_by) == (
        CompletionState.DECIDED,
        trainer,
        coordinator,
    )
    assert (completion.rule["lesson_share"], completion.figures["lessons"]) == (0.75, 18)
    assert Completion.objects.count() == 1


def test_deciding_refuses_all_when_one_is_unmet_and_says_what_is_missing(cohort, taking_part, coordinator):
    met, unmet = taking_part(**DONE), taking_part(lessons=DONE["lessons"], visits=FOUR_VISITS[:3])

    with pytest.raises(RuleError) as refused, override("en"):
        decide_completions(enrollments=[met, unmet], act=act(coordinator))

    name = unmet.person.list_name
    assert refused.value.reasons == [
        f"{name}: Guide 1 more time during the course (now 3).",
        f"{name}: Guide for 1 hour more.",
    ]
    assert Completion.objects.count() == 0


def test_proposing_needs_the_rule_to_be_met_too(cohort, trainer):
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)

    with pytest.raises(RuleError) as refused:
        propose_completions(enrollments=[enrollment], act=act(trainer))

    assert refused.value.code == "rule_unmet"


def test_decision_is_taken_back_with_a_reason(cohort, taking_part, coordinator):
    enrollment = taking_part(**DONE)
    [completion] = decide_completions(enrollments=[enrollment], act=act(coordinator))

    with pytest.raises(RuleError):
        revoke_completions(completions=[completion], act=act(coordinator), reason=" ")
    revoke_completions(completions=[completion], act=act(coordinator), reason="Wrong person")

    enrollment.refresh_from_db()
    completion.refresh_from_db()
    assert (enrollment.state, completion.state, completion.reason) == (
        EnrollmentState.ACTIVE,
        CompletionState.REVOKED,
        "Wrong person",
    )


def test_decided_once_though_pressed_twice(cohort, taking_part, coordinator):
    enrollment = taking_part(**DONE)
    decide_completions(enrollments=[enrollment], act=act(coordinator))

    assert decide_completions(enrollments=[enrollment], act=act(coordinator)) == []
    assert Completion.objects.count() == 1
