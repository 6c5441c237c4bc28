"""A roster applied by real processes: killed in the middle, begun by several at once, without a broker."""

import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from accounts.models import AuditEntry, District, Person
from courses.enrolling.models import Enrollment, Transition
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import read_roster
from courses.importing.rosters.services.jobs import apply_queued_rosters, queue_roster
from courses.importing.rosters.services.rosters import upload_roster
from courses.messaging.models import Message
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import CohortFactory
from tests.faults.outbox import ROOT
from tests.processes import site_environment

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PEOPLE = 1_500
SEATS = 1_000
WORK = "import django; django.setup(); from courses.importing.rosters.services.jobs import apply_queued_rosters; "
WORKER = WORK + "apply_queued_rosters()"
CANCEL = """
import django, sys
django.setup()
from courses.importing.rosters.models import Roster
from courses.importing.rosters.services.jobs import cancel_roster
from tests.acts import act
cancel_roster(roster=Roster.objects.get(pk=sys.argv[1]), act=act())
"""
# Dies without a word at a statement that begins so, the third time that it comes.
DYING = (
    "import os, signal, sys\n"
    + WORK
    + """
from django.db import connection
seen = 0
def kill(execute, sql, params, many, context):
    global seen
    seen += sql.startswith(sys.argv[1])
    if seen == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(kill):
    apply_queued_rosters()
"""
)


def queued_roster() -> Roster:
    lines = "".join(f"Sukunimi{n};Etunimi{n};{1930 + n % 40};040 {1000000 + n};Alue {n % 5}\n" for n in range(PEOPLE))
    read = read_roster(("Sukunimi;Etunimi;Syntymävuosi;Puhelin;Alue\n" + lines).encode())
    roster = upload_roster(
        file_name="pitka.csv",
        read=read,
        cohort=CohortFactory.create(capacity=SEATS),
        act=act(),
    )
    return queue_roster(roster=roster, act=act(), skip_errors=False)


def everything() -> list[object]:
    models = (Person, District, Enrollment, Transition, Message, AuditEntry)
    return [*(model.objects.count() for model in models), list(Cohort.objects.values_list("seats_taken", "queue_last"))]


def process(code: str, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=site_environment() | {"DJANGO_SETTINGS_MODULE": "mentors_site.settings"} | environment,
        stdout=subprocess.DEVNULL,
    )


def applied_once() -> list[object]:
    roster = Roster.objects.get()
    return [roster.state, Enrollment.objects.count(), Cohort.objects.get().seats_taken, Cohort.objects.get().queue_last]


ONCE = ["applied", PEOPLE, SEATS, PEOPLE - SEATS]


@pytest.mark.parametrize(
    "statement",
    ['INSERT INTO "accounts_person"', 'INSERT INTO "courses_enrollment"', 'INSERT INTO "courses_message"'],
)
def test_a_worker_killed_halfway_leaves_nothing_and_the_next_one_does_it(statement):
    queued_roster()
    before = everything()

    assert process(DYING, statement).wait(timeout=120) == -signal.SIGKILL

    assert (everything(), Roster.objects.get().state) == (before, "queued")
    assert apply_queued_rosters() == 1
    assert (applied_once(), Roster.objects.get().attempts) == (ONCE, 2)


def test_a_worker_killed_at_any_moment_leaves_nothing_or_all(tmp_path):
    queued_roster()
    before, delay, deaths = everything(), 0.3, 0
    while applied_once() != ONCE:
        worker = process(WORKER)
        time.sleep(delay)
        worker.kill()
        worker.wait()
        connection.close()
        if applied_once() != ONCE:
            assert (everything(), Roster.objects.get().state) == (before, "queued")
            # Each attempt counts; whoever looks at the list would ask for it anew.
            Roster.objects.update(attempts=0)
            deaths += 1
        delay += 0.4
    print(f"killed {deaths} times before it was done")
    assert deaths > 0


def test_begun_by_four_workers_at_once_it_is_applied_once():
    queued_roster()

    workers = [process(WORKER) for _number in range(4)]
    for worker in workers:
        worker.wait(timeout=180)

    assert applied_once() == ONCE
    assert Person.objects.filter(last_name__startswith="Sukunimi").count() == PEOPLE


def test_cancelled_while_a_process_works_it_is_nothing_or_all():
    roster = queued_roster()
    before = everything()
    worker = process(WORKER)
    time.sleep(1.5)
    cancelled = process(CANCEL, str(roster.pk)).wait(timeout=120) == 0
    worker.wait(timeout=120)

    if cancelled:
        # The row of the cancelling itself.
        assert Roster.objects.get().state == "preview"
        assert everything()[:5] == before[:5]
    else:
        assert applied_once() == ONCE


def test_a_broker_that_is_away_does_not_keep_a_page_from_answering():
    wake = (
        "import django; django.setup(); "
        "from courses.importing.rosters.tasks import wake_roster_worker; wake_roster_worker()"
    )

    assert process(wake, CELERY_BROKER_URL="redis://127.0.0.1:1/0").wait(timeout=60) == 0
