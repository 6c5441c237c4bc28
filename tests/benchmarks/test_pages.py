"""The pages and the bulk action that coordinators use most, each beside the raw SQL that gives the same answer."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.scheduling.enums import CohortState
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Attendance
from courses.teaching.services.attendance import save_register
from tests.acts import act
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, ModuleFactory, SessionFactory

pytestmark = [pytest.mark.bench, pytest.mark.django_db]


@pytest.fixture
def office(client, coordinator, centre):
    client.force_login(coordinator)
    client.get("/en/coordinator/courses/")
    return client


@pytest.fixture
def cohort():
    """A hundred people on a course of nine modules; one session lies ahead of each of the next nine weeks."""
    course = CourseFactory.create(capacity=100)
    cohort = CohortFactory.create(course=course, capacity=100, state=CohortState.RUNNING)
    for number in range(1, 10):
        module = ModuleFactory.create(course=course, order=number)
        SessionFactory.create(cohort=cohort, number=number, modules=[module])
    EnrollmentFactory.create_batch(100, cohort=cohort)
    return cohort


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_cohort_page_with_100_people(office, cohort, measured, best):
    url = f"/en/coordinator/cohorts/{cohort.code}/learners/"
    with CaptureQueriesContext(connection) as captured:
        assert office.get(url).status_code == 200
    queries = len(captured)

    def raw():
        return ask(
            "SELECT p.id, p.code, p.first_name, p.last_name, p.phone, p.email, e.state, e.applied_at, e.queue_number"
            " FROM courses_enrollment e JOIN accounts_person p ON p.id = e.person_id"
            " WHERE e.cohort_id = %s ORDER BY p.sort_key LIMIT 50",
            cohort.pk,
        )

    assert len(raw()) == 50
    measured.note("cohort page, 100 people", best(lambda: office.get(url)), best(raw))
    measured.say(f"    {queries} queries, at most 15 wanted")
    assert queries <= 15


def test_marking_100_present(coordinator, measured, best):
    """Each run marks another group: marks are never overwritten."""
    course = CourseFactory.create(capacity=100)
    module = ModuleFactory.create(course=course)
    sessions = []
    for _run in range(5):
        cohort = CohortFactory.create(
            course=course, capacity=100, state=CohortState.RUNNING, starts_on=datetime.date.today()
        )
        sessions.append(
            SessionFactory.create(
                cohort=cohort, modules=[module], starts_at=timezone.now() - datetime.timedelta(hours=4)
            )
        )
        EnrollmentFactory.create_batch(100, cohort=cohort, state=EnrollmentState.ACTIVE)
    waiting = iter(sessions)

    def mark():
        return save_register(
            session=next(waiting), marks={}, expected_version=0, act=act(coordinator), rest_present=True
        )

    with CaptureQueriesContext(connection) as captured:
        session = mark()
    queries = len(captured)
    assert Attendance.objects.filter(session=session, state=AttendanceState.PRESENT).count() == 100
    product = best(mark, runs=4)

    another = SessionFactory.create(cohort=session.cohort, number=90)
    people = list(session.cohort.enrollments.values_list("pk", "person_id"))
    raw = best(lambda: raw_marks(another, module, coordinator, people))
    measured.note("marking 100 present", product, raw)
    measured.say(f"    {queries} queries, at most 15 wanted")
    assert queries <= 15


def raw_marks(session, module, by, people):
    """The same rows: of each person a mark, a module result and an audit entry. Taken back afterwards."""
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO courses_attendance"
            " (enrollment_id, session_id, state, lessons, marked_at, marked_by_id, register_version)"
            " VALUES (%s, %s, 'present', 3, %s, %s, 1)",
            [(enrollment, session.pk, now, by.pk) for enrollment, _person in people],
        )
        cursor.executemany(
            "INSERT INTO courses_moduleresult"
            " (enrollment_id, module_id, result, made_up, source, recorded_on, recorded_at, recorded_by_id, revoked_at)"
            " VALUES (%s, %s, 'passed', %s, 'attendance', %s, %s, %s, %s)",
            [(enrollment, module.pk, False, now.date(), now, by.pk, now) for enrollment, _person in people],
        )
        cursor.executemany(
            "INSERT INTO accounts_auditentry (at, by_id, action, subject_id, object_type, object_id, detail)"
            " VALUES (%s, %s, 'attendance.mark', %s, 'session', %s, '{}')",
            [(now, by.pk, person, session.pk) for _enrollment, person in people],
        )
        transaction.set_rollback(True)
