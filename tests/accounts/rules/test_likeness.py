import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import DuplicateSign as Sign
from accounts.rules.likeness import (
    LONG_ENOUGH_FOR_TWO,
    alike,
    alike_keys,
    keys_to_look_up,
    letters_of,
    may_be_alike,
    may_be_one,
    pair_rank,
    within,
)

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
def test_within(word, other, distance):
    assert [within(word, other, limit) for limit in range(3)] == [distance <= limit for limit in range(3)]


@given(st.text("abc ", max_size=8), st.text("abc ", max_size=8), st.integers(0, 2))
def test_within_agrees_with_the_table_of_edits(word, other, limit):
    assert within(word, other, limit) == (edits(word, other) <= limit)


def edits(word, other):
    """By the book: the whole table, one letter after the other."""
    cost = {(i, 0): i for i in range(len(word) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(word) + 1):
        for j in range(1, len(other) + 1):
            changed = cost[i - 1, j - 1] + (word[i - 1] != other[j - 1])
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, changed)
            if i > 1 and j > 1 and word[i - 1] == other[j - 2] and word[i - 2] == other[j - 1]:
                cost[i, j] = min(cost[i, j], cost[i - 2, j - 2] + 1)
    return cost[len(word), len(other)]


@given(st.text("abc", min_size=3, max_size=9), st.text("abc", min_size=3, max_size=9), st.data())
def test_two_mistakes_leave_a_key_to_find_the_name_by(last, first, data):
    """Two swapped letters may stand on both sides of the edge of two keys, so they are one of one mistake here."""
    wrong_last, wrong_first = data.draw(
        st.sampled_from(
            [
                (mistaken(last, data, swaps=False), mistaken(first, data, swaps=False)),
                (mistaken(last, data), first),
                (last, mistaken(first, data)),
            ]
        )
    )

    kept = alike_keys(wrong_last, wrong_first, 1948)
    looked_up = keys_to_look_up(last, first, 1948)

    found = any(key in keys for key, keys in zip(kept, looked_up, strict=True))
    name, wrong = f"{last} {first}", f"{wrong_last} {wrong_first}"
    mistakes = (wrong_last != last) + (wrong_first != first)
    assert found or mistakes > (2 if min(len(name), len(wrong)) >= LONG_ENOUGH_FOR_TWO else 1)


def mistaken(word, data, *, swaps=True):
    """One letter changed, dropped, added or swapped with the next."""
    at, letter = data.draw(st.integers(0, len(word) - 1)), data.draw(st.sampled_from("abcd"))
    changes = [
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 :] if len(word) > 1 else word,
        word[:at] + letter + word[at:],
        *([word[:at] + word[at : at + 2][::-1] + word[at + 2 :]] if swaps else []),
    ]
    return data.draw(st.sampled_from(changes))


def test_a_missing_year_is_looked_up_beside_the_same_year():
    assert keys_to_look_up("virtalainen", "matti", 1948) == (
        {"1948virt", "virt"},
        {"1948inen|m", "1948inen|ma", "1948inen|mat", "inen|m", "inen|ma", "inen|mat"},
        {"1948tti", "tti"},
    )
    assert alike_keys("virtalainen", "matti", None) == ("virt", "inen|ma", "tti")


@pytest.mark.parametrize(
    ("signs", "alike_names", "differ", "expected"),
    [
        ({Sign.PHONE}, False, False, False),
        ({Sign.PHONE}, True, False, True),
        ({Sign.NAME_ALIKE}, True, True, False),
        ({Sign.NAME_ALIKE}, True, False, True),
        ({Sign.NAME_ALIKE, Sign.EMAIL}, True, True, True),
        ({Sign.NAME_AND_YEAR}, True, True, True),
        ({Sign.NAME}, True, True, True),
    ],
)
def test_which_pairs_may_be_one_person(signs, alike_names, differ, expected):
    assert may_be_one(signs, names_alike=alike_names, contacts_differ=differ) is expected


def test_the_likeliest_pairs_come_first():
    order = [
        {Sign.NAME_AND_YEAR, Sign.PHONE},
        {Sign.NAME_ALIKE, Sign.EMAIL},
        {Sign.NAME_AND_YEAR},
        {Sign.NAME_ALIKE},
        {Sign.NAME},
    ]

    assert [pair_rank(signs) for signs in order] == [0, 1, 2, 3, 4]


@given(names, names)
def test_the_first_look_by_letters_loses_nobody(name, other):
    assert may_be_alike(letters_of(name), letters_of(other)) or not alike(name, other)
