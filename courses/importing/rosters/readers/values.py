"""A phone and a year of birth as lists hold them."""

import re
from contextlib import suppress
from datetime import date

from accounts.rules.names import fold
from accounts.rules.phones import parse_phone
from courses.dates.words import MONTHS


def phone_in(text: str) -> str | None:
    """E.164 of a phone as lists hold it; a spreadsheet that took it for a number has eaten its first zero or plus."""
    digits = re.sub(r"\D", "", text)
    tries = [text, f"+{digits}" if digits.startswith("358") else "", f"0{digits}" if text == digits else ""]
    return next((number for attempt in tries if attempt and (number := parse_phone(attempt))), None)


_MONTH_NUMBERS = {
    fold(form)[:length]: number
    for names in MONTHS.values()
    for number, form in enumerate(names, start=1)
    for length in (3, 4, len(form))
}
_DAY_FIRST = re.compile(r"(\d{1,2})[./\- ]+(\d{1,2})[./\- ]+(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[./\- ]+(\d{1,2})[./\- ]+(\d{1,2})(?:[T ][\d:.]+)?")
_MONTH_IN_WORDS = re.compile(r"(\d{1,2})\.?\s+([^\W\d_]+)\.?,?\s+(\d{4})|([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")


def year_in(text: str) -> int | None:
    """The year of `1948`, `12.3.1948`, `3/12/1948`, `1948-03-12`, `12031948`, `19480312` or `12. maaliskuuta 1948`; None
    when it is no year and no day that exists."""
    text = text.strip().rstrip(".")
    if re.fullmatch(r"\d{4}(\.0+)?", text):
        return int(text[:4])
    for year, month, day in _possible_days(text):
        with suppress(ValueError):
            return date(year, month, day).year
    return None


def _possible_days(text: str) -> list[tuple[int, int, int]]:
    if match := _DAY_FIRST.fullmatch(text):
        first, second, year = map(int, match.groups())
        return [(year, second, first), (year, first, second)]
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
        return [(year, month, day)]
    if match := re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text):
        first, second, year = map(int, match.groups())
        return [(year, second, first), (int(text[:4]), int(text[4:6]), int(text[6:]))]
    if match := _MONTH_IN_WORDS.fullmatch(text):
        number, word, of_year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return [(int(of_year), _month_number(word), int(number))]
    return []


def _month_number(word: str) -> int:
    key = fold(word)
    return _MONTH_NUMBERS.get(key) or _MONTH_NUMBERS.get(key.removesuffix("ta"), 0)
