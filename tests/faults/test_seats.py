"""Races for seats with real processes on the real database. The control shows that the race can be lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from accounts.enums import HowAsked
from courses.enrolling.enums import SEAT_STATES, EnrollmentState
from courses.enrolling.services.enrollments import enroll_person, withdraw_enrollment
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import CohortFactory, PersonFactory
from tests.processes import site_environment

ROOT = Path(__file__).parents[2]


def race(how: str, cohort: Cohort, people: list, processes: int, go: Path) -> list[str]:
    """What each attempt printed. All processes start at once, when the file `go` appears."""
    shares = [people[start::processes] for start in range(processes)]
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.seats_client",
                how,
                str(cohort.pk),
                str(go),
                *[str(person.pk) for person in share],
            ],
            cwd=ROOT,
            env=site_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for share in shares
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    go.touch()
    outputs = [process.communicate(timeout=120)[0] for process in running]
    return [line for output in outputs for line in output.splitlines()]


def check_seats(cohort: Cohort, answers: list[str], clients: int, seats: int) -> None:
    cohort.refresh_from_db()
    taken = cohort.enrollments.filter(state__in=SEAT_STATES).count()
    numbers = list(
        cohort.enrollments.filter(state=EnrollmentState.WAITLISTED)
        .order_by("queue_number")
        .values_list("queue_number", flat=True)
    )
    assert [answer for answer in answers if answer != "ok"] == []
    assert (taken, cohort.seats_taken) == (seats, seats)
    assert numbers == list(range(1, clients - seats + 1))
    # The numbers were given in the order in which the transactions committed, under the lock.
    waiting = cohort.enrollments.filter(state=EnrollmentState.WAITLISTED)
    assert list(waiting.order_by("queue_number")) == list(waiting.order_by("pk"))


@pytest.mark.django_db(transaction=True)
def test_race_for_seats_gives_exactly_the_seats(tmp_path):
    cohort = CohortFactory.create(capacity=6)
    people = PersonFactory.create_batch(30)

    answers = race("enroll", cohort, people, processes=3, go=tmp_path / "go")

    check_seats(cohort, answers, clients=30, seats=6)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(20))
def test_two_hundred_clients_for_twenty_seats(tmp_path, round_number):
    cohort = CohortFactory.create(capacity=20)
    people = PersonFactory.create_batch(200)

    answers = race("enroll", cohort, people, processes=4, go=tmp_path / "go")

    check_seats(cohort, answers, clients=200, seats=20)


def check_after_anything(cohort: Cohort, answers: list[str]) -> None:
    cohort.refresh_from_db()
    counted = cohort.enrollments.filter(state__in=SEAT_STATES).count()
    waiting = cohort.enrollments.filter(state=EnrollmentState.WAITLISTED)
    assert [answer for answer in answers if answer not in ("ok", "refused")] == []
    assert counted == cohort.seats_taken
    assert counted <= cohort.capacity
    if waiting.exists():
        assert counted == cohort.capacity
    numbers = list(waiting.values_list("queue_number", flat=True))
    assert len(numbers) == len(set(numbers))


def full_cohort_with_queue() -> Cohort:
    """Twenty seats taken, ten people waiting, five offers going on."""
    cohort = CohortFactory.create(capacity=20)
    for person in PersonFactory.create_batch(35):
        enroll_person(person=person, cohort=cohort, act=act(via=HowAsked.WEB))
    for enrollment in cohort.enrollments.filter(state=EnrollmentState.ENROLLED)[:5]:
        withdraw_enrollment(enrollment=enrollment, act=act(via=HowAsked.WEB), reason="time")
    return cohort


@pytest.mark.django_db(transaction=True)
def test_race_of_every_kind_of_move(tmp_path):
    cohort = full_cohort_with_queue()

    answers = race("mixed", cohort, PersonFactory.create_batch(32), processes=3, go=tmp_path / "go")

    check_after_anything(cohort, answers)
    assert answers.count("ok") > 8


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", range(20))
def test_fifty_at_once_cancel_join_accept_lapse_and_change_the_capacity(tmp_path, round_number):
    cohort = full_cohort_with_queue()

    answers = race("mixed", cohort, PersonFactory.create_batch(400), processes=5, go=tmp_path / "go")

    check_after_anything(cohort, answers)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_oversells(tmp_path):
    oversold = []
    for number in range(5):
        cohort = CohortFactory.create(capacity=5)
        race("control", cohort, PersonFactory.create_batch(60), processes=4, go=tmp_path / f"go{number}")
        oversold.append(cohort.enrollments.count() - cohort.capacity)

    print(f"seats sold too many without the lock, five races for five seats: {oversold}")
    assert max(oversold) > 0
