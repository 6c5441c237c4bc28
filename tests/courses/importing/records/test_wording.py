from pathlib import Path

import pytest

from courses.importing.records.rules.travels import LEFT_BEHIND
from courses.importing.records.wording import left_behind, parts_left_behind

pytestmark = pytest.mark.usefixtures("english")

DOCS = Path(__file__).parents[4] / "docs" / "records.md"


def test_the_manual_lists_all_that_is_left_behind_with_its_reason():
    manual = DOCS.read_text(encoding="utf-8")
    listed = [*map(left_behind, LEFT_BEHIND), *parts_left_behind()]

    assert [what for what, why in listed if f"| {what} | {why} |" not in manual] == []
