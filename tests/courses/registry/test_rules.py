from datetime import timedelta

import pytest

from courses.registry.rules import Known, better_spelled, may_change_note, record_to_keep
from tests.conftest import NOW


def known(name="Aino Mäkelä", **fields):
    return Known(**{"name": name, "has_role": False, "history": 0, "details": 3, **fields})


@pytest.mark.parametrize(
    ("one", "another", "better"),
    [
        ("Aino Makela", "Aino Mäkelä", 1),
        ("Aino Mäkelä", "Aino Makela", 0),
        ("aino mäkelä", "Aino Makela", 1),
        ("AINO MÄKELÄ", "Aino Mäkelä", 1),
        ("Aino Mäkelä", "Aino Mäkelä", None),
        # Nobody here knows which of two names is right.
        ("Aino Mäkela", "Aimo Mäkelä", None),
    ],
)
def test_of_two_spellings_the_one_with_more_care_is_the_better(one, another, better):
    assert better_spelled(one, another) == better


@pytest.mark.parametrize(
    ("one", "another", "kept"),
    [
        (known(history=9), known(has_role=True), (1, "role")),
        (known(details=9), known(history=1), (1, "history")),
        (known(), known("Aino Makela", details=4), (1, "details")),
        (known("Aino Makela"), known(), (1, "spelling")),
        (known(), known(), (0, "older")),
    ],
)
def test_the_better_known_record_stays_then_the_better_spelled_then_the_older(one, another, kept):
    assert record_to_keep(one, another) == kept
    if kept[1] != "older":
        assert record_to_keep(another, one) == (1 - kept[0], kept[1])


@pytest.mark.parametrize(("by", "hours", "may"), [(1, 24, True), (1, 24.1, False), (2, 1, False), (None, 1, False)])
def test_a_note_is_changed_by_whoever_wrote_it_for_a_day(by, hours, may):
    assert may_change_note(written_by=1, written_at=NOW, by=by, at=NOW + timedelta(hours=hours)) is may
