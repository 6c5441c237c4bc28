"""Dates and times as a reader says them, in Finnish, Swedish and English.

Every function takes the language code (`fi`, `sv` or `en`; anything else reads as English) and gives a string that never breaks in the
middle: spaces inside a date are no-break spaces, and a word joiner stands on both sides of the dash of a range.
Days are `date`, times are `time` or an aware `datetime` already turned to local time.
"""

from datetime import date, datetime, time

NBSP = "\u00a0"
DASH = "\u2060\u2013\u2060"

WEEKDAYS = {
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
ON_WEEKDAYS = {
    "fi": tuple(f"{name}na" for name in WEEKDAYS["fi"]),
    "sv": tuple(f"{name}en" for name in WEEKDAYS["sv"]),
    "en": WEEKDAYS["en"],
}
EVERY_WEEKDAY = {
    "fi": (
        "maanantaisin",
        "tiistaisin",
        "keskiviikkoisin",
        "torstaisin",
        "perjantaisin",
        "lauantaisin",
        "sunnuntaisin",
    ),
    "sv": tuple(f"{name}ar" for name in WEEKDAYS["sv"]),
    "en": tuple(f"{name}s" for name in WEEKDAYS["en"]),
}
SHORT_WEEKDAYS = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("må", "ti", "on", "to", "fr", "lö", "sö"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = {
    "fi": (
        "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu"
    ).split(),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def known_language(language: str) -> str:
    """`fi`, `sv` or `en` for any language code, such as `sv-fi`."""
    code = (language or "en")[:2]
    return code if code in MONTHS else "en"


def month_words(day: date, language: str, *, year: bool = False) -> str:
    """The day without its weekday: "12. tammikuuta", "12 januari", "12 January", with the year after it when asked."""
    language = known_language(language)
    month = MONTHS[language][day.month - 1]
    words = [f"{day.day}.", f"{month}ta"] if language == "fi" else [str(day.day), month]
    if year:
        words.append(str(day.year))
    return NBSP.join(words)


def day_words(day: date, language: str, *, year: bool = False) -> str:
    """When something happens, inside a sentence: "tiistaina 12. tammikuuta", "tisdagen den 12 januari", "Tuesday 12 January"."""
    language = known_language(language)
    link = f" den{NBSP}" if language == "sv" else " "
    return f"{ON_WEEKDAYS[language][day.weekday()]}{link}{month_words(day, language, year=year)}"


def day_name(day: date, language: str, *, year: bool = False) -> str:
    """The day as a heading, which begins with a capital: "Tiistai 12. tammikuuta", "Tisdag 12 januari", "Tuesday 12 January"."""
    language = known_language(language)
    words = f"{WEEKDAYS[language][day.weekday()]} {month_words(day, language, year=year)}"
    return words[0].upper() + words[1:]


def weekday_words(day: date, language: str) -> str:
    """Each week on that day: "tiistaisin", "tisdagar", "Tuesdays"."""
    return EVERY_WEEKDAY[known_language(language)][day.weekday()]


def month_short(day: date, language: str) -> str:
    """The month in figures, for the axis of a chart: "3/2027", "Mar 2027"."""
    language = known_language(language)
    return f"{MONTHS['en'][day.month - 1][:3]}{NBSP}{day.year}" if language == "en" else f"{day.month}/{day.year}"


def day_numbers(day: date, language: str, *, year: bool = True) -> str:
    """The day in figures: "16.3.2027" ("16.3." without its year; Swedish has no last dot), "16 Mar 2027"."""
    language = known_language(language)
    if language == "en":
        words = [str(day.day), MONTHS["en"][day.month - 1][:3]]
        return NBSP.join([*words, str(day.year)] if year else words)
    if year:
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day}.{day.month}." if language == "fi" else f"{day.day}.{day.month}"


def day_short(day: date, language: str, *, year: bool = False) -> str:
    """For tables: "ti 16.3.", "ti 16.3", "Tue 16 Mar"."""
    language = known_language(language)
    return f"{SHORT_WEEKDAYS[language][day.weekday()]}{NBSP}{day_numbers(day, language, year=year)}"


def day_shortest(day: date, language: str) -> str:
    """For the axis of a chart of a few weeks: "ti 16.", "ti 16", "Tue 16"."""
    language = known_language(language)
    dot = "." if language == "fi" else ""
    return f"{SHORT_WEEKDAYS[language][day.weekday()]}{NBSP}{day.day}{dot}"


def clock_numbers(at: time | datetime, language: str) -> str:
    """The time in figures for tables: "9.42", "9.42", "9:42"."""
    mark = ":" if known_language(language) == "en" else "."
    return f"{at.hour}{mark}{at.minute:02d}"


def clock_words(at: time | datetime, language: str) -> str:
    """The time inside a sentence: "kello 10.00", "kl. 10.00", "10:00"."""
    return _after_clock_word(clock_numbers(at, language), language)


def time_range(start: time | datetime, end: time | datetime, language: str) -> str:
    """Two times in figures: "10.00–13.00", "10:00–13:00"."""
    return f"{clock_numbers(start, language)}{DASH}{clock_numbers(end, language)}"


def time_range_words(start: time | datetime, end: time | datetime, language: str) -> str:
    """Two times inside a sentence: "kello 10.00–13.00", "kl. 10.00–13.00", "10:00–13:00"."""
    return _after_clock_word(time_range(start, end, language), language)


def when_words(start: datetime, end: datetime, language: str, *, year: bool = False) -> str:
    """One meeting: "tiistaina 12. tammikuuta kello 10.00–13.00", "Tuesday 12 January, 10:00–13:00"."""
    link = ", " if known_language(language) == "en" else " "
    return f"{day_words(start, language, year=year)}{link}{time_range_words(start, end, language)}"


def moment_words(at: datetime, language: str) -> str:
    """A moment inside a sentence: "torstaina 14. tammikuuta kello 10.00", "Thursday 14 January, 10:00"."""
    link = ", " if known_language(language) == "en" else " "
    return f"{day_words(at, language)}{link}{clock_words(at, language)}"


def day_range(first: date, last: date, language: str) -> str:
    """Two days in figures, the year once when it is the same: "26.1.–6.4.2027", "26 Jan–6 Apr 2027"."""
    if first == last:
        return day_numbers(first, language)
    same_year = first.year == last.year
    return f"{day_numbers(first, language, year=not same_year)}{DASH}{day_numbers(last, language)}"


def day_range_words(first: date, last: date, language: str) -> str:
    """Two days in words, the year once when it is the same: "12. tammikuuta – 9. maaliskuuta 2027", "12 January – 9 March 2027"."""
    if first == last:
        return month_words(first, language, year=True)
    same_year = first.year == last.year
    return f"{month_words(first, language, year=not same_year)}{NBSP}– {month_words(last, language, year=True)}"


def _after_clock_word(numbers: str, language: str) -> str:
    word = {"fi": "kello", "sv": "kl."}.get(known_language(language))
    return f"{word}{NBSP}{numbers}" if word else numbers
