from datetime import datetime, time

from courses.dates.calendar import HELSINKI, at_clock, is_working_day, local_day, next_working_day

OPENS, CLOSES = time(9), time(17)


def is_quiet(at: datetime) -> bool:
    """Nothing leaves: not a working day, or not from 9 to before 17 o'clock."""
    local = at.astimezone(HELSINKI)
    return not (is_working_day(local.date()) and OPENS <= local.time() < CLOSES)


def next_allowed(at: datetime) -> datetime:
    """`at` itself outside quiet hours, else the next opening."""
    if not is_quiet(at):
        return at
    local = at.astimezone(HELSINKI)
    if is_working_day(local.date()) and local.time() < OPENS:
        return at_clock(local.date(), OPENS)
    return at_clock(next_working_day(local.date()), OPENS)


def next_morning(at: datetime) -> datetime:
    """The opening of the working day after the one of `at`."""
    return at_clock(next_working_day(local_day(at)), OPENS)
