"""When the sessions of a cohort are: days in a row of weeks, holidays left out, wall time of Finland."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TypeVar

from courses.dates.calendar import at_wall_time, public_holidays

Thing = TypeVar("Thing")


LESSON_MINUTES = 45
# A term is under 60 sessions; two years are searched for them before giving up.
MOST_SESSIONS = 60
MOST_DAYS = 2 * 366


@dataclass(frozen=True)
class LeftOut:
    """A day on which a session would have been. `holiday` is its name; empty for a day that a person named."""

    day: date
    holiday: str = ""


def session_days(
    *,
    first: date,
    weekdays: Collection[int],
    count: int,
    left_out: Collection[date] = (),
    without_holidays: bool = True,
    language: str = "en",
) -> tuple[list[date], list[LeftOut]]:
    """`count` days from `first` on that fall on one of `weekdays` (0 = Monday), and those left out between them.

    Fewer than `count` when two years are not enough, so that leaving out every day ends too.
    """
    days: list[date] = []
    skipped: list[LeftOut] = []
    names = public_holidays(range(first.year, first.year + 3), language) if without_holidays else {}
    for step in range(MOST_DAYS):
        day = first + timedelta(days=step)
        if len(days) == count:
            break
        if day.weekday() not in weekdays:
            continue
        if day in names or day in left_out:
            skipped.append(LeftOut(day, names.get(day, "")))
        else:
            days.append(day)
    return days, [gap for gap in skipped if days and gap.day <= days[-1]]


def days_again(
    days: Sequence[date], *, first: date, left_out: Collection[date] = (), language: str = "en"
) -> tuple[list[date], list[LeftOut]]:
    """`days` some whole weeks later, the first of them on its first weekday from `first` on, and those left out.

    Instead of a public holiday or a day `left_out` the same weekday a week later is taken, and all that follow come a
    week later too, so that their order stays.
    """
    if not days:
        return [], []
    names = public_holidays(range(first.year, first.year + 4), language)
    later = first + timedelta(days=(days[0] - first).days % 7) - days[0]
    again: list[date] = []
    skipped: list[LeftOut] = []
    for day in days:
        while (planned := day + later) in names or planned in left_out:
            skipped.append(LeftOut(planned, names.get(planned, "")))
            later += timedelta(weeks=1)
        again.append(planned)
    return again, skipped


def spread(things: Sequence[Thing], count: int) -> list[list[Thing]]:
    """`things` over `count` places in their order: one each, neighbours together when places are few, and one thing
    over several places when there are more places than things."""
    total = len(things)
    if not total:
        return [[] for _place in range(count)]
    starts = [place * total // count for place in range(count + 1)]
    return [list(things[start : max(end, start + 1)]) for start, end in pairwise(starts)]


def lessons_of_places(lessons: dict[Thing, int], places: Sequence[Sequence[Thing]]) -> list[int]:
    """Lessons of each place; a thing that spans several places gives each its share, the larger ones first."""
    totals = [0] * len(places)
    for thing, total in lessons.items():
        mine = [number for number, place in enumerate(places) if thing in place]
        for turn, number in enumerate(mine):
            totals[number] += total // len(mine) + (turn < total % len(mine))
    return totals


def whole_lessons(starts_at: datetime, ends_at: datetime) -> int:
    """How many lessons of 45 minutes fit between the two."""
    return int((ends_at - starts_at) / timedelta(minutes=LESSON_MINUTES))


def overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Whether two spans (start, end) share time; one that begins when the other ends does not."""
    return one[0] < other[1] and other[0] < one[1]


# Without sessions planned, a group begins in the morning of its first day.
_MORNING = time(9)


def first_morning(starts_on: date) -> datetime:
    """When a group begins that has no sessions planned yet."""
    return at_wall_time(starts_on, _MORNING)
