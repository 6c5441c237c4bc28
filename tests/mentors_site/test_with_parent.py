import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house.programs import ROOT

WITH_PARENT = ROOT / "mentors_site" / "with_parent.py"
# Starts what it is told, says which process that is, and waits.
PARENT = "import subprocess, sys; child = subprocess.Popen(sys.argv[1:]); print(child.pid, flush=True); child.wait()"


@pytest.mark.processes
@pytest.mark.skipif(sys.platform != "linux", reason="the system sends the signal on Linux alone")
def test_program_ends_when_what_started_it_is_killed():
    sleeps = [sys.executable, WITH_PARENT, "/bin/sleep", "60"]
    parent = subprocess.Popen([sys.executable, "-c", PARENT, *sleeps], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = Path(f"/proc/{int(parent.stdout.readline())}")
    deadline = time.monotonic() + 20
    while b"sleep" not in (child / "cmdline").read_bytes()[:20]:
        assert time.monotonic() < deadline, "it never became the program"
        time.sleep(0.05)

    parent.send_signal(signal.SIGKILL)
    parent.communicate(timeout=10)

    while child.exists():
        assert time.monotonic() < deadline, "it outlives what started it"
        time.sleep(0.05)


@pytest.mark.processes
def test_program_gets_its_arguments_and_gives_its_status():
    done = subprocess.run(
        [sys.executable, WITH_PARENT, "/bin/sh", "-c", "echo $0; exit 3", "word"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (3, "word\n")
