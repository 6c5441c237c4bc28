import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.importing.records.rules.enrollments import ordinals, pick
from courses.paper.formulas import quote_formula, unquote_formula


@given(st.text())
def test_quoted_text_comes_back(text):
    assert unquote_formula(quote_formula(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "=1", "@SUM(A1)", "+cmd|'/c calc'!A0", "-2+3", "\tx", "＝1"])
def test_formula_is_quoted(text):
    assert quote_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+358401234567", "-5", "Aino", "'t Hooft", ""])
def test_phones_numbers_and_words_stay(text):
    assert quote_formula(text) == text


def test_ordinals_count_each_key():
    assert list(ordinals(["a", "b", "a", "a"])) == [1, 1, 2, 3]


@pytest.mark.parametrize(("ordinal", "found"), [(1, "first"), (2, "second"), (None, "second"), (3, None), (0, None)])
def test_pick_takes_the_numbered_one_or_the_last(ordinal, found):
    assert pick({"key": ["first", "second"]}, "key", ordinal) == found


def test_pick_finds_nothing_for_an_unknown_key():
    assert pick({}, "key", None) is None
