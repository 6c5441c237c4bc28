from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.importing.records.rules.enrollments import Stages, ordinals, pick, stages
from courses.importing.records.rules.rows import EnrollmentRow
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


APPLIED, STARTS, ENDS = date(2025, 1, 7), date(2025, 2, 3), date(2025, 3, 31)
LATER = date(2025, 2, 10)


def passed(state, came_on=None, **told):
    return stages(EnrollmentRow(2, "C", "P", state, APPLIED, **told), came_on=came_on, starts_on=STARTS, ends_on=ENDS)


@pytest.mark.parametrize(
    ("state", "came_on", "expected"),
    [
        ("waitlisted", None, Stages(None, None, None)),
        ("enrolled", None, Stages(APPLIED, None, None)),
        ("active", None, Stages(APPLIED, STARTS, None)),
        ("active", LATER, Stages(APPLIED, LATER, None)),
        ("completed", APPLIED, Stages(APPLIED, STARTS, ENDS)),
        ("no_show", None, Stages(APPLIED, None, None)),
        ("withdrawn", None, Stages(None, None, None)),
        ("withdrawn", LATER, Stages(APPLIED, LATER, None)),
    ],
)
def test_stages_follow_from_the_state_and_the_first_day_of_anything(state, came_on, expected):
    assert passed(state, came_on) == expected


def test_told_days_go_before_derived_ones():
    told = {"admitted_on": date(2025, 1, 9), "started_on": date(2025, 2, 5), "ended_on": date(2025, 3, 1)}

    assert passed("completed", LATER, **told) == Stages(**told)


def test_what_is_open_has_no_end():
    assert passed("active", ended_on=LATER).ended_on is None
