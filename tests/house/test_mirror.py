"""Who looks for the tests of a module finds them at the same path below tests/."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# What several modules do together, named by what it is.
TOGETHER = {
    "accounts/test_sign_in.py",
    "courses/management/commands/test_messages.py",
    "courses/management/commands/test_records.py",
    "courses/management/commands/test_reports.py",
    "courses/templatetags/test_marks.py",
}


@pytest.mark.parametrize("app", ["accounts", "courses"])
def test_tests_stand_beside_what_they_test(app: str):
    """A test module bears the name of a module or package, and may go on with the name of a part of it."""
    files = {path.relative_to(TESTS) for path in (TESTS / app).rglob("test_*.py")}

    lost = sorted(str(file) for file in files if not modules_of(file))

    assert lost == sorted(file for file in TOGETHER if file.startswith(f"{app}/"))


def modules_of(file: Path) -> list[Path]:
    """The modules whose names the name of the file begins with."""
    words = file.stem.removeprefix("test_").split("_")
    names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    paths = [TESTS.parent / file.parent / name for name in names]
    return [path for path in paths if path.with_suffix(".py").exists() or (path / "__init__.py").exists()]
