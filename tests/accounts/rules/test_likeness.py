import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.likeness import alike, edits, letters_of, may_be_alike

names = st.text("abcdeä ", min_size=2, max_size=14)


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("virtanen matti", "virtanen matti", True),
        ("virtanen matti", "virtanen marti", True),
        ("virtanen matti", "vitranen matti", True),
        ("virtanen matti", "virtane mati", True),
        ("virtanen matti", "virtanen matti juhani", True),
        ("virtanen matti", "virtala martta", False),
        ("virtanen matti", "virtanen liisa", False),
        ("ek bo", "ek jo", True),
        ("ek bo", "ax bo", False),
        ("virtanen", "virtanen matti", False),
    ],
)
def test_alike(name, other, expected):
    assert alike(name, other) is expected


@pytest.mark.parametrize(
    ("word", "other", "distance"),
    [("kukka", "kukka", 0), ("kukka", "kukko", 1), ("kukka", "kuka", 1), ("kukka", "ukkka", 1), ("kukka", "sukko", 2)],
)
def test_edits(word, other, distance):
    assert edits(word, other, limit=3) == distance


@given(names, names)
def test_the_first_look_by_letters_loses_nobody(name, other):
    assert may_be_alike(letters_of(name), letters_of(other)) or not alike(name, other)
