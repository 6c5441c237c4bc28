import pytest

from courses.reporting.rules.figures import add_up, age_band, rate


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [
        (1973, "under_55"),
        (1972, "55_64"),
        (1963, "55_64"),
        (1962, "65_69"),
        (1957, "70_74"),
        (1952, "75_79"),
        (1947, "80_84"),
        (1942, "85_over"),
        (1901, "85_over"),
        (None, "unknown"),
    ],
)
def test_age_band_is_by_the_age_reached_that_year(birth_year, band):
    assert age_band(birth_year, 2027) == band


@pytest.mark.parametrize(("part", "whole", "expected"), [(278, 368, 0.7554), (0, 5, 0.0), (0, 0, None)])
def test_rate_has_four_decimals_and_is_none_of_nothing(part, whole, expected):
    assert rate(part, whole) == expected


def test_add_up_sums_by_name():
    assert add_up([{"a": 1, "b": 2}, {"a": 3, "b": 4}], ["a"]) == {"a": 4}
