"""PostgreSQL crashes three times while messages go out. Its own server, so both passes of `make faults` may run it."""

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.faults.killing_mail_server import KillingMailServer, killing_mail_server
from tests.postgres import PostgresServer, postgres

ROOT = Path(__file__).parents[2]
PEOPLE = 120


def environment(database: PostgresServer, server: KillingMailServer) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database.url,
        "EMAIL_URL": f"smtp://{server.host}:{server.port}",
        "DEMO": "1",
        "ENV_FILE": os.devnull,
    }


def run(program: str, *arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *program.split(), *arguments], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def client(how: str, *options: object, env: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.outbox_client", how, "--clock", NOW.isoformat(), *map(str, options)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def states(env: dict[str, str]) -> dict[str, int]:
    script = "from courses.messaging.models import Message; print(*Message.objects.values_list('state', flat=True))"
    return dict(Counter(run("manage.py shell --no-imports -c", script, env=env).split()))


@pytest.mark.faults
def test_database_crashes_lose_and_double_nothing():
    with postgres("synchronous_commit=on") as database, killing_mail_server() as server:
        env = environment(database, server)
        run("manage.py migrate", "--verbosity=0", env=env)
        run(
            "manage.py shell --no-imports -c",
            f"from tests.faults.outbox import plan_mails; plan_mails({PEOPLE})",
            env=env,
        )
        server.at_data = lambda _address: time.sleep(0.05)
        senders = [client("send", "--seconds", 150, env=env) for _number in range(3)]

        seen = []
        for _crash in range(3):
            wait_until_sent(server, sum(server.copies.values()) + 15)
            seen.append(sum(server.copies.values()))
            database.stop("immediate")
            time.sleep(0.5)
            database.start()
        back = time.monotonic()
        for sender in senders:
            _output, errors = sender.communicate(timeout=200)
            assert sender.returncode == 0, errors
        drained = time.monotonic() - back

        print(f"crashed after {seen} of {PEOPLE}; drained {drained:.0f} s after the last")
        assert states(env) == {"sent": PEOPLE}
        assert (len(server.copies), set(server.copies.values())) == (PEOPLE, {1})
        assert drained < 60


def wait_until_sent(server: KillingMailServer, number: int) -> None:
    end = time.monotonic() + 60
    while sum(server.copies.values()) < number:
        assert time.monotonic() < end, f"only {sum(server.copies.values())} mails arrived"
        time.sleep(0.02)
