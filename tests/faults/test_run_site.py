import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.house.programs import ROOT
from tests.processes import free_port

PROGRAMS = {
    "web": "gunicorn",
    "worker": "celery --app mentors_site worker",
    "beat": "celery --app mentors_site beat",
    "mail": "mail_sink",
}


def until(condition, *, seconds):
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return answer


def ok(port):
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
            return response.read() == b"ok\n"
    except (URLError, ConnectionError, TimeoutError):
        return False


def children(pid):
    """{pid: command line} of the processes that `pid` started and those that they started."""
    table = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [(int(one), int(parent), args) for one, parent, args in (line.split(None, 2) for line in table.splitlines())]
    found, wave = {}, {pid}
    while wave:
        found.update({one: args for one, parent, args in rows if parent in wave})
        wave = {one for one, parent, _args in rows if parent in wave}
    return found


def program(pid, name):
    """The process of one program: the first that supervisor started, not what that one started itself."""
    return min((one for one, args in children(pid).items() if PROGRAMS[name] in args), default=None)


@pytest.fixture
def site(tmp_path):
    """A running demo with a folder of its own: its process and its port."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DEMO": "1",
        "PORT": str(port),
        "VAR_DIR": str(tmp_path),
    }
    process = subprocess.Popen([sys.executable, "manage.py", "run_site"], cwd=ROOT, env=environment)
    try:
        until(lambda: ok(port) or process.poll() is not None, seconds=300)
        assert process.poll() is None, "the site ended at once"
        yield process, port
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.mark.faults
def test_what_dies_is_started_again_and_a_signal_ends_all(site):
    process, port = site
    until(lambda: all(program(process.pid, name) for name in PROGRAMS), seconds=20)
    before = {name: program(process.pid, name) for name in PROGRAMS}

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    after = until(
        lambda: (
            (now := {name: program(process.pid, name) for name in PROGRAMS})
            and all(now[name] and now[name] != before[name] for name in PROGRAMS)
            and now
        ),
        seconds=60,
    )
    until(lambda: ok(port), seconds=60)
    everything = set(children(process.pid))
    process.terminate()
    process.wait(timeout=60)

    assert set(after.values()) <= everything
    assert {pid for pid in everything if Path(f"/proc/{pid}").exists()} == set()


@pytest.mark.faults
@pytest.mark.parametrize("who", ["run_site", "supervisord"])
def test_all_ends_with_a_command_or_a_supervisor_that_is_killed(site, who):
    process, _port = site
    until(lambda: all(program(process.pid, name) for name in PROGRAMS), seconds=20)
    everything = {process.pid, *children(process.pid)}
    victims = {
        "run_site": process.pid,
        "supervisord": next(one for one, args in children(process.pid).items() if "bin/supervisord" in args),
    }

    os.kill(victims[who], signal.SIGKILL)
    process.wait(timeout=60)

    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everything), seconds=60)
