"""Races for certificate numbers and for one register, each attempt on a database connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.exceptions import RuleError, StaleEdit
from courses.certifying.models import Certificate
from courses.certifying.services import issue_certificates
from courses.enrolling.enums import EnrollmentState
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Completion
from courses.teaching.services.attendance import save_register
from tests.acts import act
from tests.factories import CohortFactory, CompletionFactory, CourseFactory, EnrollmentFactory, SessionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def race(act: Callable[[Any], object], things: Iterable[Any]) -> list[str]:
    """`ok` or the name of the error of each attempt; all start together."""
    things = list(things)
    together = Barrier(len(things))

    def attempt(thing: Any) -> str:
        try:
            together.wait(timeout=30)
            act(thing)
        except (RuleError, StaleEdit) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(max_workers=len(things)) as pool:
        return list(pool.map(attempt, things))


def completions(count: int) -> list[Completion]:
    cohort = CohortFactory.create(course=CourseFactory.create(code="AIM"))
    return [
        CompletionFactory.create(
            enrollment=EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.COMPLETED),
        )
        for _ in range(count)
    ]


def test_numbers_have_neither_doubles_nor_gaps(centre):
    answers = race(lambda one: issue_certificates(completions=[one], act=act()), completions(12))

    numbers = sorted(int(number[-4:]) for number in Certificate.objects.values_list("number", flat=True))
    assert (answers, numbers) == (["ok"] * 12, list(range(1, 13)))


def test_one_person_gets_one_certificate_however_often_it_is_pressed(centre):
    answers = race(lambda one: issue_certificates(completions=[one], act=act()), completions(1) * 6)

    assert (sorted(answers), Certificate.objects.count()) == (["RuleError"] * 5 + ["ok"], 1)


def test_two_who_mark_the_same_person_differently_are_told_apart():
    session = SessionFactory.create(starts_at=timezone.now() - timedelta(hours=3), number=1)
    person = EnrollmentFactory.create(cohort=session.cohort)
    states = [AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.ABSENT]

    def mark(state: AttendanceState) -> None:
        save_register(session=session, marks={person.pk: (state, None)}, expected_version=0, act=act())

    answers = race(mark, states)

    [stands] = session.attendances.filter(revoked_at__isnull=True)
    assert sorted(answers) == ["StaleEdit", "StaleEdit", "ok"]
    assert stands.state == states[answers.index("ok")]


def test_two_who_mark_different_people_both_get_through():
    session = SessionFactory.create(starts_at=timezone.now() - timedelta(hours=3), number=1)
    people = EnrollmentFactory.create_batch(6, cohort=session.cohort)

    def mark(enrollment: Any) -> None:
        save_register(session=session, marks={enrollment.pk: ("present", None)}, expected_version=0, act=act())

    answers = race(mark, people)

    session.refresh_from_db()
    assert answers == ["ok"] * 6
    assert (session.register_version, session.attendances.filter(revoked_at__isnull=True).count()) == (6, 6)
