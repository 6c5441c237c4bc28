from datetime import date, datetime, time

import pytest
from babel.dates import get_day_names, get_month_names

from courses.dates import words as datewords

TUESDAY = date(2027, 1, 12)
NBSP, DASH = "\u00a0", "\u2060–\u2060"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", f"tiistaina 12.{NBSP}tammikuuta"),
        ("sv", f"tisdagen den{NBSP}12{NBSP}januari"),
        ("en", f"Tuesday 12{NBSP}January"),
        ("sv-fi", f"tisdagen den{NBSP}12{NBSP}januari"),
        ("de", f"Tuesday 12{NBSP}January"),
    ],
)
def test_day_words_in_each_language(language, words):
    assert datewords.day_words(TUESDAY, language) == words


def test_day_words_with_year():
    assert datewords.day_words(TUESDAY, "fi", year=True) == f"tiistaina 12.{NBSP}tammikuuta{NBSP}2027"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", f"Tiistai 12.{NBSP}tammikuuta"),
        ("sv", f"Tisdag 12{NBSP}januari"),
        ("en", f"Tuesday 12{NBSP}January"),
    ],
)
def test_day_name_begins_with_a_capital(language, words):
    assert datewords.day_name(TUESDAY, language) == words


@pytest.mark.parametrize(("language", "words"), [("fi", "tiistaisin"), ("sv", "tisdagar"), ("en", "Tuesdays")])
def test_weekday_words(language, words):
    assert datewords.weekday_words(TUESDAY, language) == words


@pytest.mark.parametrize(
    ("language", "short", "numbers"),
    [
        ("fi", f"ti{NBSP}12.1.", "12.1.2027"),
        ("sv", f"ti{NBSP}12.1", "12.1.2027"),
        ("en", f"Tue{NBSP}12{NBSP}Jan", f"12{NBSP}Jan{NBSP}2027"),
    ],
)
def test_short_days(language, short, numbers):
    assert (datewords.day_short(TUESDAY, language), datewords.day_numbers(TUESDAY, language)) == (short, numbers)


@pytest.mark.parametrize(("language", "words"), [("fi", f"kello{NBSP}9.05"), ("sv", f"kl.{NBSP}9.05"), ("en", "9:05")])
def test_clock_words(language, words):
    assert datewords.clock_words(time(9, 5), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", f"tiistaina 12.{NBSP}tammikuuta kello{NBSP}10.00{DASH}13.00"),
        ("sv", f"tisdagen den{NBSP}12{NBSP}januari kl.{NBSP}10.00{DASH}13.00"),
        ("en", f"Tuesday 12{NBSP}January, 10:00{DASH}13:00"),
    ],
)
def test_when_words(language, words):
    start, end = datetime(2027, 1, 12, 10), datetime(2027, 1, 12, 13)

    assert datewords.when_words(start, end, language) == words


@pytest.mark.parametrize(
    ("first", "last", "language", "words"),
    [
        (date(2027, 1, 26), date(2027, 4, 6), "fi", f"26.1.{DASH}6.4.2027"),
        (date(2026, 12, 1), date(2027, 4, 6), "fi", f"1.12.2026{DASH}6.4.2027"),
        (date(2027, 1, 26), date(2027, 4, 6), "sv", f"26.1{DASH}6.4.2027"),
        (TUESDAY, TUESDAY, "fi", "12.1.2027"),
    ],
)
def test_day_range_says_the_year_once(first, last, language, words):
    assert datewords.day_range(first, last, language) == words


def test_day_range_words():
    words = datewords.day_range_words(TUESDAY, date(2027, 3, 9), "fi")

    assert words == f"12.{NBSP}tammikuuta{NBSP}– 9.{NBSP}maaliskuuta{NBSP}2027"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_names_are_those_of_the_unicode_locales(language):
    days, months = get_day_names("wide", "stand-alone", language), get_month_names("wide", "stand-alone", language)

    assert datewords.WEEKDAYS[language] == tuple(days[number] for number in range(7))
    assert list(datewords.MONTHS[language]) == [months[number] for number in range(1, 13)]
