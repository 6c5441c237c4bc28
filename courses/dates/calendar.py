from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

HELSINKI = ZoneInfo("Europe/Helsinki")
_HOLIDAY_LANGUAGES = {"fi": "fi", "sv": "sv_FI", "en": "en_US"}


def public_holidays(years: Iterable[int], language: str = "en") -> dict[date, str]:
    """The public holidays of Finland with their names; Midsummer Eve and Christmas Eve are among them."""
    return dict(holidays.country_holidays("FI", years=years, language=_HOLIDAY_LANGUAGES.get(language, "en_US")))


def at_wall_time(day: date, clock: time) -> datetime:
    """The moment when Finnish clocks show `clock` on `day`, in winter as in summer."""
    return datetime.combine(day, clock, tzinfo=HELSINKI)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(public_holidays([year]))


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday in Finland (Midsummer Eve and Christmas Eve count as such)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_days_before(day: date, count: int) -> date:
    """The `count`th working day before `day`, which itself need not be one."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days `first` is before `last`: 2 from a Friday to the Tuesday after it."""
    return sum(is_working_day(first + timedelta(days=step)) for step in range((last - first).days))


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def local_day(at: datetime) -> date:
    return at.astimezone(HELSINKI).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Midnight to midnight in Helsinki: 23, 24 or 25 hours."""
    return at_clock(day, time(0)), at_clock(day + timedelta(days=1), time(0))


def at_clock(day: date, clock: time) -> datetime:
    return at_wall_time(day, clock).astimezone(UTC)
