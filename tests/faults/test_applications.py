"""Two hundred who apply at once for twenty seats, over the real pages of a running server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from courses.enrolling.enums import SEAT_STATES, EnrollmentState
from courses.messaging.models import Message
from courses.scheduling.models import Cohort
from tests.factories import CentreFactory, CohortFactory
from tests.faults.test_run_site import ok, until
from tests.processes import free_port, site_environment

ROOT = Path(__file__).parents[2]
NO_LIMITS = {"APPLICATIONS_PER_HOUR": "0", "APPLICATIONS_PER_HOUR_IN_ALL": "0"}


@pytest.fixture
def server(transactional_db, tmp_path):
    """The site in production's server on the database of the test; its address."""
    CentreFactory.create()
    port = free_port()
    environment = site_environment() | NO_LIMITS | {"ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path)}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "gunicorn", "mentors_site.wsgi", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--workers", "3", "--threads", "8", "--no-control-socket"], cwd=ROOT, env=environment
    )
    try:
        until(lambda: ok(port) or process.poll() is not None, seconds=60)
        assert process.poll() is None, "the server ended at once"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def apply_at_once(address: str, cohort: Cohort, *, clients: int, processes: int, go: Path) -> list[str]:
    """What each was answered."""
    root = address + reverse("public:applications-start", args=[cohort.code])
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.applications_client", root, str(go)]
            + [str(number) for number in range(start, clients, processes)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for start in range(processes)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    go.touch()
    return [line for process in running for line in process.communicate(timeout=300)[0].splitlines()]


def check(cohort: Cohort, answers: list[str], *, clients: int, seats: int) -> None:
    cohort.refresh_from_db()
    assert [answer for answer in answers if answer != "ok"] == []
    assert len(answers) == clients
    assert (cohort.enrollments.filter(state__in=SEAT_STATES).count(), cohort.seats_taken) == (seats, seats)
    waiting = cohort.enrollments.filter(state=EnrollmentState.WAITLISTED)
    numbers = list(waiting.order_by("queue_number").values_list("queue_number", flat=True))
    assert numbers == list(range(1, clients - seats + 1))
    # The numbers were given in the order in which the transactions committed, under the lock.
    assert list(waiting.order_by("queue_number")) == list(waiting.order_by("pk"))
    assert cohort.enrollments.values("person").distinct().count() == clients
    assert cohort.enrollments.exclude(application_code="").values("application_code").distinct().count() == clients
    told = Message.objects.filter(enrollment__cohort=cohort).values("enrollment").distinct().count()
    assert told == clients


def test_a_few_who_apply_at_once_over_the_real_pages(server, tmp_path):
    cohort = CohortFactory.create(capacity=3)

    answers = apply_at_once(server, cohort, clients=12, processes=2, go=tmp_path / "go")

    check(cohort, answers, clients=12, seats=3)


@pytest.mark.faults
def test_two_hundred_who_apply_at_once_for_twenty_seats(server, tmp_path):
    for number in range(20):
        cohort = CohortFactory.create(capacity=20)

        answers = apply_at_once(server, cohort, clients=200, processes=3, go=tmp_path / f"go{number}")

        check(cohort, answers, clients=200, seats=20)
