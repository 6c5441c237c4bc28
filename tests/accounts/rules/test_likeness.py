import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import DuplicateSign as Sign
from accounts.rules.likeness import (
    LONG_ENOUGH_FOR_TWO,
    alike,
    alike_keys,
    candidate_rank,
    keys_to_look_up,
    may_be_one,
)


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
        ("virtanen matti", "vitranen mtati", True),
        ("virtanen matti", "vitranen mtat", False),
        ("ek bo", "ek jo", True),
        ("ek bo", "ke bo", True),
        ("ek bo", "ax bo", False),
        ("virtanen", "virtanen matti", False),
    ],
)
def test_alike(name, other, expected):
    assert alike(name, other) is expected


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

    assert [candidate_rank(signs) for signs in order] == [0, 1, 2, 3, 4]
