import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.programs import ROOT


@pytest.mark.processes
def test_layers_hold():
    linter = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout + result.stderr
