from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.exceptions import RuleError, StaleEdit
from courses.enrolling.enums import EnrollmentState
from courses.teaching.enums import AttendanceState, Result, ResultSource
from courses.teaching.models import AssessmentResult, ModuleResult, SignedDeclaration
from courses.teaching.services.attendance import save_register
from courses.teaching.services.grades import (
    grade_assessment,
    grade_modules,
    sign_declarations,
    undo_grades,
)
from tests.acts import act
from tests.factories import CohortFactory, EnrollmentFactory, ModuleFactory, SessionFactory

PASSED, FAILED = Result.PASSED, Result.FAILED


@pytest.fixture
def module(db):
    return ModuleFactory.create(order=1)


@pytest.fixture
def cohort(module):
    return CohortFactory.create(course=module.course)


@pytest.fixture
def session(cohort, module):
    return SessionFactory.create(
        cohort=cohort, starts_at=timezone.now() - timedelta(days=1), modules=[module], number=1
    )


def current(model=ModuleResult) -> list[tuple]:
    names = {
        ModuleResult: ("enrollment_id", "result", "made_up", "source"),
        AssessmentResult: ("enrollment_id", "result"),
    }
    rows = model.objects.filter(revoked_at__isnull=True).order_by("enrollment_id")
    return list(rows.values_list(*names.get(model, ("enrollment_id", "declaration"))))


def test_a_whole_group_is_recorded_at_once_and_begins(cohort, module, trainer):
    one, two = EnrollmentFactory.create_batch(2, cohort=cohort)

    grade_modules(
        cohort=cohort,
        results={(one.pk, module.pk): (PASSED, False), (two.pk, module.pk): (FAILED, False)},
        act=act(trainer),
    )

    one.refresh_from_db()
    assert current() == [
        (one.pk, PASSED, False, ResultSource.HAND),
        (two.pk, FAILED, False, ResultSource.HAND),
    ]
    assert one.state == EnrollmentState.ACTIVE


def test_result_made_by_hand_is_never_overwritten_by_attendance(cohort, module, session, trainer):
    one = EnrollmentFactory.create(cohort=cohort)
    grade_modules(cohort=cohort, results={(one.pk, module.pk): (FAILED, False)}, act=act(trainer))

    save_register(
        session=session, marks={one.pk: (AttendanceState.PRESENT, None)}, expected_version=0, act=act(trainer)
    )

    assert current() == [(one.pk, FAILED, False, ResultSource.HAND)]


def test_taking_a_result_back_lets_attendance_speak_again(cohort, module, session, trainer):
    one = EnrollmentFactory.create(cohort=cohort)
    save_register(
        session=session, marks={one.pk: (AttendanceState.PRESENT, None)}, expected_version=0, act=act(trainer)
    )
    grade_modules(cohort=cohort, results={(one.pk, module.pk): (FAILED, False)}, act=act(trainer))

    grade_modules(cohort=cohort, results={(one.pk, module.pk): None}, act=act(trainer))

    assert current() == [(one.pk, PASSED, False, ResultSource.ATTENDANCE)]


def test_result_from_attendance_is_not_taken_back_here(cohort, module, session, trainer):
    one = EnrollmentFactory.create(cohort=cohort)
    save_register(
        session=session, marks={one.pk: (AttendanceState.PRESENT, None)}, expected_version=0, act=act(trainer)
    )

    with pytest.raises(RuleError) as refused:
        grade_modules(cohort=cohort, results={(one.pk, module.pk): None}, act=act(trainer))

    assert refused.value.code == "recording_refused"


def test_stale_cell_comes_back_with_the_others_value_and_the_rest_is_saved(cohort, module, trainer, coordinator):
    one, two = EnrollmentFactory.create_batch(2, cohort=cohort)
    grade_modules(cohort=cohort, results={(one.pk, module.pk): (FAILED, False)}, act=act(trainer))

    with pytest.raises(StaleEdit) as stale:
        grade_modules(
            cohort=cohort,
            results={(one.pk, module.pk): (PASSED, False), (two.pk, module.pk): (PASSED, False)},
            seen={(one.pk, module.pk): None, (two.pk, module.pk): None},
            act=act(coordinator),
        )

    assert [(clash.mine, clash.theirs, clash.by) for clash in stale.value.conflicts] == [
        ((PASSED, False), (FAILED, False), trainer)
    ]
    assert current() == [(one.pk, FAILED, False, ResultSource.HAND), (two.pk, PASSED, False, ResultSource.HAND)]


def test_undo_brings_back_what_stood_before(cohort, module, trainer):
    one, two = EnrollmentFactory.create_batch(2, cohort=cohort)
    now = timezone.now()
    grade_modules(
        cohort=cohort, results={(one.pk, module.pk): (FAILED, False)}, act=act(trainer, at=now - timedelta(hours=2))
    )
    saved_at = grade_modules(
        cohort=cohort,
        results={(one.pk, module.pk): (PASSED, True), (two.pk, module.pk): (PASSED, False)},
        act=act(trainer, at=now - timedelta(hours=1)),
    )

    assert undo_grades(cohort=cohort, kind="module", saved_at=saved_at, act=act(trainer)) == 2

    two.refresh_from_db()
    assert current() == [(one.pk, FAILED, False, ResultSource.HAND)]
    assert two.state == EnrollmentState.ENROLLED


def test_undo_refuses_after_a_day_and_after_somebody_elses_change(cohort, module, trainer, coordinator):
    one = EnrollmentFactory.create(cohort=cohort)
    yesterday = timezone.now() - timedelta(hours=25)
    grade_modules(cohort=cohort, results={(one.pk, module.pk): (FAILED, False)}, act=act(trainer, at=yesterday))
    with pytest.raises(RuleError) as late:
        undo_grades(cohort=cohort, kind="module", saved_at=yesterday, act=act(trainer))
    saved_at = grade_modules(cohort=cohort, results={(one.pk, module.pk): (PASSED, False)}, act=act(trainer))
    grade_modules(cohort=cohort, results={(one.pk, module.pk): (PASSED, True)}, act=act(coordinator))

    with pytest.raises(StaleEdit):
        undo_grades(cohort=cohort, kind="module", saved_at=saved_at, act=act(trainer))

    assert late.value.code == "too_late"


def test_assessments_and_declarations_are_kept_as_events_too(cohort, trainer):
    one, two = EnrollmentFactory.create_batch(2, cohort=cohort)

    grade_assessment(cohort=cohort, assessment="teach_back", results={one.pk: FAILED, two.pk: PASSED}, act=act(trainer))
    grade_assessment(cohort=cohort, assessment="teach_back", results={one.pk: PASSED}, act=act(trainer))
    sign_declarations(
        cohort=cohort, declaration="confidentiality", signed={one.pk: True, two.pk: False}, act=act(trainer)
    )

    assert current(AssessmentResult) == [(one.pk, PASSED), (two.pk, PASSED)]
    assert AssessmentResult.objects.count() == 3
    assert current(SignedDeclaration) == [(one.pk, "confidentiality")]


def test_somebody_of_another_group_cannot_be_recorded_here(cohort, module, trainer):
    elsewhere = EnrollmentFactory.create()

    with pytest.raises(RuleError):
        grade_modules(cohort=cohort, results={(elsewhere.pk, module.pk): (PASSED, False)}, act=act(trainer))

    assert current() == []
