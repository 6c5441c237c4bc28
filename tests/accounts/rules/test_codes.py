import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.codes import ALPHABET, check_character, format_person_code, new_person_code, parse_person_code

bodies = st.text(ALPHABET, min_size=5, max_size=5)
places = st.integers(0, 5)


def six_of(body: str) -> str:
    return body + check_character(body)


@given(bodies, places, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(body, place, wrong):
    six = six_of(body)
    typed = six[:place] + wrong + six[place + 1 :]

    assert parse_person_code("S" + typed) == (format_person_code(six) if typed == six else None)


@given(bodies, st.integers(0, 4))
def test_two_neighbours_swapped_are_found(body, place):
    six = six_of(body)
    typed = six[:place] + six[place + 1] + six[place] + six[place + 2 :]

    assert parse_person_code("S" + typed) == (format_person_code(six) if typed == six else None)


@given(bodies)
def test_a_code_can_be_typed_in_any_form(body):
    six = six_of(body)
    code = format_person_code(six)

    assert [parse_person_code(text) for text in (code, f"s{six}".lower(), f" S {six[:4]} {six[4:]} ")] == [code] * 3


@pytest.mark.parametrize(
    "text", ["", "S", "S-7K3M", "7K3M-Q2", "X-7K3M-Q2", "S-7K3M-QO", "040 123 4567", "S-7K3M-Q2-2"]
)
def test_what_is_no_code_gives_none(text):
    assert parse_person_code(text) is None


def test_a_new_code_is_a_right_one():
    code = new_person_code()

    assert parse_person_code(code) == code
