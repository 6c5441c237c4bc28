"""What the README tells to type works as it stands, in a demo that was just made."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.house.programs import ROOT

README = (ROOT / "README.md").read_text()
COMMANDS = [
    line.partition("#")[0].strip()
    for line in README.partition("## By hand and by script")[2].partition("\n## ")[0].splitlines()
    if line.startswith("DEMO=1 ")
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """A folder that looks like the project's own, with a demo in its `var`."""
    folder = tmp_path_factory.mktemp("clone")
    for entry in (".venv", "manage.py", "tests", "courses"):
        (folder / entry).symlink_to(ROOT / entry)
    for command in ("migrate", "load_demo"):
        done = typed(folder, f"DEMO=1 .venv/bin/python manage.py {command}")
        assert done.returncode == 0, done.stderr
    return folder


def environment(folder: Path) -> dict[str, str]:
    """Nothing of this machine's environment, but where the clone keeps its data."""
    return {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(folder / "var")}


def typed(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, env=environment(folder), capture_output=True, text=True, check=False
    )


def test_the_readme_has_commands():
    assert len(COMMANDS) > 4


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("line", [line for line in COMMANDS if "--loop" not in line])
def test_command_of_the_readme_works_as_it_stands(clone, line):
    if "import_records" in line:
        typed(clone, line.replace("import_records", "export_records"))

    done = typed(clone, line)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("line", [line for line in COMMANDS if "--loop" in line])
def test_loop_of_the_readme_goes_on_until_it_is_ended(clone, line):
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run(["/bin/sh", "-c", f"exec env {line}"], cwd=clone, env=environment(clone), timeout=8, check=False)
