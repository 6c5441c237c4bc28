from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.exceptions import RuleError, StaleEdit
from accounts.models import AuditEntry
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Transition
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Session
from courses.teaching.enums import AttendanceState, Result, ResultSource
from courses.teaching.models import Attendance, ModuleResult
from courses.teaching.services.attendance import mark_made_up, save_register, undo_register
from tests.acts import act
from tests.examples import examples
from tests.factories import CohortFactory, EnrollmentFactory, ModuleFactory, SessionFactory

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

    save_register(
        session=session,
        marks={person.pk: mark for person, mark in zip(people, given, strict=True)},
        expected_version=0,
        act=act(trainer),
    )

    assert [current(session)[person.pk][1] for person in people] == [3, 2, 1, 2, 0, 0, 3]


def test_first_attendance_begins_the_enrollment_and_passes_the_module(session, trainer):
    came, missed = EnrollmentFactory.create_batch(2, cohort=session.cohort)

    save_register(
        session=session,
        marks={came.pk: (PRESENT, None), missed.pk: (ABSENT, None)},
        expected_version=0,
        act=act(trainer),
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
    save_register(
        session=session, marks={one.pk: (PRESENT, None), two.pk: (PRESENT, None)}, expected_version=0, act=act(trainer)
    )

    save_register(
        session=session, marks={one.pk: (PRESENT, None), two.pk: (LATE, None)}, expected_version=1, act=act(trainer)
    )

    assert Attendance.objects.filter(enrollment=one).count() == 1
    assert list(Attendance.objects.filter(enrollment=two).values_list("state", "revoked_by")) == [
        (PRESENT, trainer.pk),
        (LATE, None),
    ]


def test_stale_form_merges_what_does_not_clash_and_shows_what_does(session, trainer, coordinator):
    one, two, three = EnrollmentFactory.create_batch(3, cohort=session.cohort)
    save_register(
        session=session, marks={one.pk: (ABSENT, None), two.pk: (LATE, None)}, expected_version=0, act=act(trainer)
    )

    with pytest.raises(StaleEdit) as stale:
        save_register(
            session=session,
            marks={one.pk: (PRESENT, None), two.pk: (LATE, None), three.pk: (PRESENT, None)},
            expected_version=0,
            act=act(coordinator),
        )

    assert [(clash.enrollment_id, clash.mine, clash.theirs, clash.by) for clash in stale.value.conflicts] == [
        (one.pk, (PRESENT, 3), (ABSENT, 0), trainer)
    ]
    assert current(session) == {one.pk: (ABSENT, 0), two.pk: (LATE, 2), three.pk: (PRESENT, 3)}


def test_mark_taken_back_meanwhile_is_a_conflict_too(session, trainer, coordinator):
    one = EnrollmentFactory.create(cohort=session.cohort)
    save_register(session=session, marks={one.pk: (PRESENT, None)}, expected_version=0, act=act(trainer))
    save_register(session=session, marks={one.pk: None}, expected_version=1, act=act(trainer))

    with pytest.raises(StaleEdit) as stale:
        save_register(session=session, marks={one.pk: (LATE, None)}, expected_version=1, act=act(coordinator))

    assert [(clash.theirs, clash.by) for clash in stale.value.conflicts] == [(None, trainer)]


def test_all_present_leaves_told_absences_alone(session, trainer):
    here, told = EnrollmentFactory.create_batch(2, cohort=session.cohort)
    save_register(
        session=session, marks={told.pk: (AttendanceState.ABSENT_TOLD, None)}, expected_version=0, act=act(trainer)
    )

    save_register(session=session, marks={}, expected_version=1, act=act(trainer), rest_present=True)

    assert current(session) == {here.pk: (PRESENT, 3), told.pk: (AttendanceState.ABSENT_TOLD, 0)}


def test_marking_a_hundred_people_takes_at_most_fifteen_queries_with_audit_rows(session, trainer):
    EnrollmentFactory.create_batch(100, cohort=session.cohort)

    with CaptureQueriesContext(connection) as queries:
        save_register(session=session, marks={}, expected_version=0, act=act(trainer), rest_present=True)

    assert len(queries) <= 15, "\n".join(query["sql"][:150] for query in queries)
    assert AuditEntry.objects.filter(action="attendance.mark").count() == 100
    assert ModuleResult.objects.count() == 100


def test_undo_brings_back_what_stood_before_and_the_enrollment_waits_again(session, trainer):
    began, late = EnrollmentFactory.create_batch(2, cohort=session.cohort)
    save_register(session=session, marks={late.pk: (LATE, 1)}, expected_version=0, act=act(trainer))
    save_register(
        session=session, marks={began.pk: (PRESENT, None), late.pk: None}, expected_version=1, act=act(trainer)
    )

    undo_register(session=session, version=2, act=act(trainer))

    began.refresh_from_db()
    late.refresh_from_db()
    assert current(session) == {late.pk: (LATE, 1)}
    assert (began.state, late.state) == (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)
    assert (results(began), results(late)) == ([], [PASSED_BY_ATTENDANCE])


def test_undo_is_refused_after_a_day_and_after_another_save(session, trainer):
    one = EnrollmentFactory.create(cohort=session.cohort)
    yesterday = timezone.now() - timedelta(hours=25)
    save_register(session=session, marks={one.pk: (PRESENT, None)}, expected_version=0, act=act(trainer, at=yesterday))

    with pytest.raises(RuleError) as late:
        undo_register(session=session, version=1, act=act(trainer))
    save_register(session=session, marks={one.pk: (LATE, None)}, expected_version=1, act=act(trainer))
    with pytest.raises(StaleEdit):
        undo_register(session=session, version=1, act=act(trainer))

    assert late.value.code == "too_late"
    assert current(session) == {one.pk: (LATE, 2)}


def test_module_of_two_sessions_passes_when_both_are_attended(cohort, first_module, session, trainer):
    second = held_session(cohort, number=2, modules=[first_module])
    one = EnrollmentFactory.create(cohort=cohort)

    save_register(session=session, marks={one.pk: (PRESENT, None)}, expected_version=0, act=act(trainer))
    after_one = results(one)
    save_register(session=second, marks={one.pk: (LATE, None)}, expected_version=0, act=act(trainer))

    assert (after_one, results(one)) == ([], [PASSED_BY_ATTENDANCE])


def test_attendance_corrected_takes_the_derived_result_back(session, trainer):
    one = EnrollmentFactory.create(cohort=session.cohort)
    save_register(session=session, marks={one.pk: (PRESENT, None)}, expected_version=0, act=act(trainer))

    save_register(session=session, marks={one.pk: (ABSENT, None)}, expected_version=1, act=act(trainer))

    assert results(one) == []
    assert ModuleResult.objects.get(enrollment=one).revoked_by == trainer


def test_missed_module_is_made_up_in_another_cohort(session, first_module, trainer):
    elsewhere = held_session(CohortFactory.create(course=session.cohort.course), modules=[first_module])
    one = EnrollmentFactory.create(cohort=session.cohort)
    save_register(session=session, marks={one.pk: (ABSENT, None)}, expected_version=0, act=act(trainer))

    mark_made_up(session=elsewhere, enrollment=one, lessons=None, act=act(trainer))

    one.refresh_from_db()
    assert current(elsewhere) == {one.pk: (AttendanceState.MADE_UP, 3)}
    assert results(one) == [("M1", Result.PASSED, True, ResultSource.ATTENDANCE)]
    assert one.state == EnrollmentState.ACTIVE


def test_guest_of_another_course_is_refused(session, trainer):
    stranger = EnrollmentFactory.create()

    with pytest.raises(RuleError) as refused:
        mark_made_up(session=session, enrollment=stranger, lessons=None, act=act(trainer))

    assert refused.value.code == "other_course"


def test_session_to_come_takes_told_absences_only(cohort, trainer):
    tomorrow = SessionFactory.create(cohort=cohort, starts_at=timezone.now() + timedelta(days=1), number=1)
    one = EnrollmentFactory.create(cohort=cohort)

    with pytest.raises(RuleError):
        save_register(session=tomorrow, marks={one.pk: (PRESENT, None)}, expected_version=0, act=act(trainer))
    save_register(
        session=tomorrow, marks={one.pk: (AttendanceState.ABSENT_TOLD, None)}, expected_version=0, act=act(trainer)
    )

    tomorrow.refresh_from_db()
    assert current(tomorrow) == {one.pk: (AttendanceState.ABSENT_TOLD, 0)}
    assert tomorrow.state == SessionState.PLANNED


@pytest.mark.parametrize("marks", [{0: (PRESENT, None)}, {None: ("asleep", None)}], ids=["stranger", "unknown state"])
def test_senseless_marks_are_refused_and_nothing_is_saved(session, trainer, marks):
    one = EnrollmentFactory.create(cohort=session.cohort)
    given = {one.pk: (PRESENT, None)} | {pk if pk is not None else one.pk: mark for pk, mark in marks.items()}

    with pytest.raises(RuleError):
        save_register(session=session, marks=given, expected_version=0, act=act(trainer))

    assert current(session) == {}


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["look", "save"]),
        st.integers(0, 1),  # the editor
        st.dictionaries(st.integers(0, 3), st.sampled_from([PRESENT, LATE, ABSENT, None]), min_size=1),
    ),
    max_size=12,
)


@pytest.fixture
def register_of_four(db):
    """A session and its people. Made once: each example takes back what it wrote."""
    session = held_session(CohortFactory.create())
    return session, EnrollmentFactory.create_batch(4, cohort=session.cohort)


@settings(max_examples=examples(500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=EDITS)
def test_two_editors_never_lose_an_acknowledged_edit(register_of_four, trainer, coordinator, steps):
    """What was acknowledged stands until somebody who has seen it changes it; whoever has not seen it is told."""
    session, people = register_of_four
    mine = Session.objects.get(pk=session.pk)
    with transaction.atomic():
        seen = [0, 0]
        acknowledged = dict.fromkeys((person.pk for person in people), (0, None))  # version it came with, state

        for action, editor, cells in steps:
            if action == "look":
                seen[editor] = mine.register_version
                continue
            wanted = {people[cell].pk: state for cell, state in cells.items()}
            told = save_as((trainer, coordinator)[editor], mine, wanted, seen[editor])
            mine.refresh_from_db()
            for pk, state in wanted.items():
                version, stands = acknowledged[pk]
                assert (pk in told) is (version > seen[editor] and stands != state)
                if pk not in told and stands != state:
                    acknowledged[pk] = (mine.register_version, state)

            stands = {pk: state for pk, (state, _lessons) in current(mine).items()}
            assert stands == {pk: state for pk, (_version, state) in acknowledged.items() if state}
        transaction.set_rollback(True)


def save_as(editor, session, wanted, version) -> set[int]:
    """Whom the editor was told about."""
    marks = {pk: (state, None) if state else None for pk, state in wanted.items()}
    try:
        save_register(session=session, marks=marks, expected_version=version, act=act(editor))
    except StaleEdit as stale:
        return {clash.enrollment_id for clash in stale.conflicts}
    return set()
