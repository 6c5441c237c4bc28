"""What a test needs, as a marker, so that a run can choose: `nodb`, `onedb` and `processes` (see pyproject.toml).

Nobody marks by hand what the fixtures say already. A process that a test starts without the marker is refused, so that
`make test-fast` stays what it promises.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}
# Nearly all that stands in these folders starts processes; the rest belongs with it.
PROCESSES = {Path(__file__).parent / name for name in ("browser", "faults", "benchmarks")}
STARTS = {"subprocess.Popen", "os.fork", "os.posix_spawn"}

_running: list[pytest.Item] = []


def mark_needs(items: Iterable[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if not fixtures & DATABASE and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.nodb)
        if item.path.stem == "test_views" or "views" in item.path.parts:
            # What they ask is asked of both databases by the tests of selectors and services, and by the browser's walk.
            item.add_marker(pytest.mark.onedb)
        if "live_server" in fixtures or PROCESSES & set(item.path.parents):
            item.add_marker(pytest.mark.processes)


def watch(item: pytest.Item | None) -> None:
    """From now on `item` runs, or no test."""
    _running[:] = [item] if item is not None else []


def refuse_unmarked_processes() -> None:
    """For the rest of this interpreter's life: Python takes no such hook back."""

    def hook(event: str, _arguments: tuple) -> None:
        if event in STARTS and _running and _running[0].get_closest_marker("processes") is None:
            raise RuntimeError("A test that starts a process is marked: @pytest.mark.processes")

    sys.addaudithook(hook)
