from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from accounts.models import AuditEntry
from courses.enums import AttendanceState, EnrollmentState, Result, ResultSource, SessionState
from courses.exceptions import RuleError, StaleEdit
from courses.models import Attendance, ModuleResult, Session, Transition
from courses.services.attendance import mark_all_present, mark_made_up, save_register, undo_register
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, ModuleFactory, PersonFactory, SessionFactory

PRESENT, LATE, ABSENT = AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.ABSENT


def held_session(cohort, number=1, **kwargs) -> Session:
    begins = timezone.now() - timedelta(hours=2, days=20 - number)
    return SessionFactory.create(cohort=cohort, number=number, starts_at=begins, **kwargs)


@pytest.fixture
def cohort(db):
    cohort = CohortFactory.create(capacity=200)
    ModuleFactory.create(course=cohort.course, order=1)
    ModuleFactory.create(course=cohort.course, order=2)
    return cohort


@pytest.fixture
def first_module(cohort):
    return cohort.course.modules.get(order=1)


@pytest.fixture
def session(cohort, first_module):
    return held_session(cohort, modules=[first_module])


def current(session) -> dict[int, tuple[str, int]]:
    marks = session.attendances.filter(revoked_at__isnull=True)
    return {mark.enrollment_id: (mark.state, mark.lessons) for mark in marks}


def results(enrollment) -> list[tuple[str, str, bool, str]]:
    rows = enrollment.module_results.filter(revoked_at__isnull=True).select_related("module")
    return [(row.module.code, row.result, row.made_up, row.source) for row in rows]


PASSED_BY_ATTENDANCE = ("M1", Result.PASSED, False, ResultSource.ATTENDANCE)


def test_each_state_brings_its_lessons(session, trainer):
    people = EnrollmentFactory.create_batch(7, cohort=session.cohort)
    given = [
        (PRESENT, None),
        (LATE, None),
        (LATE, 1),
        (AttendanceState.LEFT_EARLY, None),
        (ABSENT, 3),
        (AttendanceState.ABSENT_TOLD, None),
        (AttendanceState.MADE_UP, None),
    ]

    save_register(session=session, marks=dict(zip([p.pk for p in people], given)), expected_version=0, by=trainer)

    assert [current(session)[person.pk][1] for person in people] == [3, 2, 1, 2, 0, 0, 3]


def test_first_attendance_begins_the_enrollment_and_passes_the_module(session, trainer):
    came, missed = EnrollmentFactory.create_batch(2, cohort=session.cohort)

    save_register(
        session=session,
        marks={came.pk: (PRESENT, None), missed.pk: (ABSENT, None)},
        expected_version=0,
        by=trainer,
    )

    came.refresh_from_db()
    missed.refresh_from_db()
    session.refresh_from_db()
    assert (came.state, missed.state) == (EnrollmentState.ACTIVE, EnrollmentState.ENROLLED)
    assert came.started_at is not None
    assert Transition.objects.get(enrollment=came).to_state == EnrollmentState.ACTIVE
    assert (results(came), results(missed)) == ([PASSED_BY_ATTENDANCE], [])
    assert (session.state, session.register_version, session.marked_by) == (SessionState.HELD, 1, trainer)


def test_only_changed_cells_become_rows(session, trainer):
    one, two = EnrollmentFactory.create_batch(2, cohort=session.cohort)
    save_register(session=session, marks={one.pk: (PRESENT, None), two.pk: (PRESENT, None)}, expected_version=0, by=trainer)

    save_register(session=session, marks={one.pk: (PRESENT, None), two.pk: (LATE, None)}, expected_version=1, by=trainer)

    assert Attendance.objects.filter(enrollment=one).count() == 1
    assert list(Attendance.objects.filter(enrollment=two).values_list("state", "revoked_by")) == [
        (PRESENT, trainer.pk),
        (LATE, None),
    ]


def test_stale_form_merges_what_does_not_clash_and_shows_what_does(session, trainer, coordinator):
    one, two, three = EnrollmentFactory.create_batch(3, cohort=session.cohort)
    save_register(session=session, marks={one.pk: (ABSENT, None), two.pk: (LATE, None)}, expected_version=0, by=trainer)

    with pytest.raises(StaleEdit) as stale:
        save_register(
            session=session,
            marks={one.pk: (PRESENT, None), two.pk: (LATE, None), three.pk: (PRESENT, None)},
            expected_version=0,
            by=coordinator,
        )

    assert [(clash.enrollment_id, clash.mine, clash.theirs, clash.by) for clash in stale.value.conflicts] == [
        (one.pk, (PRESENT, 3), (ABSENT, 0), trainer)
    ]
    assert current(session) == {one.pk: (ABSENT, 0), two.pk: (LATE, 2), three.pk: (PRESENT, 3)}


def test_mark_taken_back_meanwhile_is_a_conflict_too(session, trainer, coordinator):
    one = EnrollmentFactory.create(cohort=session.cohort)
    save_register(session=session, marks={one.pk: (PRESENT, None)}, expected_version=0, by=trainer)
    save_register(session=session, marks={one.pk: None}, expected_version=1, by=trainer)

    with pytest.raises(StaleEdit) as stale:
        save_register(session=session, marks={one.pk: (LATE, None)}, expected_version=1, by=coordinator)

    assert [(clash.theirs, clash.by) for clash in stale.value.conflicts] == [(None, trainer)]


def test_all_present_leaves_told_absences_alone(session, trainer):
    here, told = EnrollmentFactory.create_batch(2, cohort=session.cohort)
    save_register(session=session, marks={told.pk: (AttendanceState.ABSENT_TOLD, None)}, expected_version=0, by=trainer)

    mark_all_present(session=session, expected_version=1, by=trainer)

    assert current(session) == {here.pk: (PRESENT, 3), told.pk: (AttendanceState.ABSENT_TOLD, 0)}


def test_marking_a_hundred_people_takes_at_most_fifteen_queries_with_audit_rows(session, trainer):
    EnrollmentFactory.create_batch(100, cohort=session.cohort)

    with CaptureQueriesContext(connection) as queries:
        mark_all_present(session=session, expected_version=0, by=trainer)

    assert len(queries) <= 15, "\n".join(query["sql"][:150] for query in queries)
    assert AuditEntry.objects.filter(action="attendance.mark").count() == 100
    assert ModuleResult.objects.count() == 100
