import subprocess
import sys

import pytest


def test_a_process_without_its_mark_is_refused():
    with pytest.raises(RuntimeError, match="mark.processes"):
        subprocess.run([sys.executable, "--version"])


@pytest.mark.processes
def test_a_process_with_its_mark_is_started():
    assert subprocess.run([sys.executable, "--version"], capture_output=True).returncode == 0


def test_what_asks_for_no_database_is_marked_so(request):
    assert request.node.get_closest_marker("nodb") is not None


@pytest.mark.django_db
def test_what_is_marked_for_the_database_is_not(request):
    assert request.node.get_closest_marker("nodb") is None


def test_what_asks_for_the_database_by_a_fixture_is_not(request, learner):
    assert request.node.get_closest_marker("nodb") is None
