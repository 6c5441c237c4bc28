from itertools import product

import pytest

from courses.reporting.rules.disclosure import hidden, in_words, shown, shown_breakdown, shown_rate, sum_of_shown


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, None), (4, None), (5, 5), (None, None)])
def test_counts_of_one_to_four_are_hidden(count, expected):
    assert shown(count) == expected


def test_zero_tells_nobody():
    assert not hidden(0)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"health": 5, "time": 0}, {"health": 5, "time": 0}),
        ({"health": 12, "time": 4}, None),
        ({}, {}),
    ],
)
def test_breakdown_is_shown_whole_or_not_at_all(cells, expected):
    assert shown_breakdown(cells) == expected


@pytest.mark.parametrize(("part", "whole", "rate"), [(6, 8, 0.75), (None, 8, None), (6, None, None), (0, 0, None)])
def test_rate_needs_both_its_counts(part, whole, rate):
    assert shown_rate(part, whole) == rate


def test_hidden_count_has_words():
    assert [in_words(None), in_words(0), in_words(7)] == ["<5", 0, 7]


def test_every_small_count_stays_possible_from_a_column_and_its_total():
    """Of all columns of three cohorts that look alike to a viewer, a hidden cell takes each value from 1 to 4."""
    seen: dict[tuple, list[tuple]] = {}
    for column in product(range(8), repeat=3):
        cells = tuple(shown(count) for count in column)
        seen.setdefault((cells, sum_of_shown(cells)), []).append(column)

    for (cells, _total), columns in seen.items():
        for place, cell in enumerate(cells):
            if cell is None:
                assert {column[place] for column in columns} == {1, 2, 3, 4}
