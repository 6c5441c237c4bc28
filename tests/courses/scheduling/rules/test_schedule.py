from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.dates.calendar import at_wall_time, public_holidays
from courses.scheduling.rules.schedule import (
    LeftOut,
    days_again,
    lessons_of_places,
    overlap,
    session_days,
    spread,
    whole_lessons,
)

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 1, 1))
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1)


def test_days_are_weekly_from_the_first_fitting_day():
    days, left_out = session_days(first=date(2027, 1, 13), weekdays=[1], count=3)

    assert (days, left_out) == ([date(2027, 1, 19), date(2027, 1, 26), date(2027, 2, 2)], [])


def test_several_weekdays_take_turns():
    days, _left_out = session_days(first=date(2027, 1, 12), weekdays=[1, 3], count=4)

    assert days == [date(2027, 1, 12), date(2027, 1, 14), date(2027, 1, 19), date(2027, 1, 21)]


def test_public_holidays_and_named_days_are_left_out_and_told():
    days, left_out = session_days(
        first=date(2027, 3, 15), weekdays=[0], count=3, left_out=[date(2027, 3, 22)], language="sv"
    )

    assert days == [date(2027, 3, 15), date(2027, 4, 5), date(2027, 4, 12)]
    assert left_out == [LeftOut(date(2027, 3, 22)), LeftOut(date(2027, 3, 29), "Annandag påsk")]


def test_holidays_stay_when_they_are_wanted():
    days, left_out = session_days(first=date(2027, 3, 29), weekdays=[0], count=1, without_holidays=False)

    assert (days, left_out) == ([date(2027, 3, 29)], [])


def test_leaving_every_day_out_ends():
    every_monday = [date(2027, 1, 4) + timedelta(weeks=week) for week in range(200)]

    days, left_out = session_days(first=date(2027, 1, 4), weekdays=[0], count=5, left_out=every_monday)

    assert (days, left_out) == ([], [])


@pytest.mark.parametrize(("day", "name"), [(date(2027, 6, 25), "juhannusaatto"), (date(2027, 12, 24), "jouluaatto")])
def test_eves_on_which_finland_is_closed_are_holidays(day, name):
    assert public_holidays([2027], "fi")[day].lower() == name


@given(first=DAYS, weekdays=WEEKDAYS, count=st.integers(1, 30))
def test_days_rise_fall_on_their_weekdays_and_on_no_holiday(first, weekdays, count):
    days, _left_out = session_days(first=first, weekdays=weekdays, count=count)

    holidays = public_holidays({day.year for day in days})
    assert len(days) == count
    assert days == sorted(set(days))
    assert {day.weekday() for day in days} <= weekdays
    assert first <= days[0]
    assert holidays.keys().isdisjoint(days)


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [(date(2027, 3, 23), 8), (date(2027, 3, 30), 7), (date(2027, 10, 26), 7), (date(2027, 11, 2), 8)],
)
def test_wall_time_is_the_same_in_summer_and_winter(day, utc_hour):
    assert at_wall_time(day, time(10)).astimezone(UTC) == datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)


@given(day=DAYS, hour=st.integers(6, 21))
def test_wall_time_shows_the_clock_that_was_asked_for(day, hour):
    moment = at_wall_time(day, time(hour)).astimezone(UTC).astimezone(at_wall_time(day, time(0)).tzinfo)

    assert (moment.date(), moment.hour) == (day, hour)


@pytest.mark.parametrize(
    ("count", "places"),
    [
        (3, ["a", "b", "c"]),
        (2, ["a", "bc"]),
        (1, ["abc"]),
        (4, ["a", "a", "b", "c"]),
        (6, ["a", "a", "b", "b", "c", "c"]),
    ],
)
def test_modules_are_spread_in_order(count, places):
    assert spread("abc", count) == [list(place) for place in places]


def test_no_modules_leave_the_places_empty():
    assert spread([], 2) == [[], []]


@given(total=st.integers(1, 20), count=st.integers(1, 40))
def test_every_module_is_somewhere_in_order_and_no_place_is_empty(total, count):
    places = spread(range(total), count)

    covered = [module for place in places for module in place]
    assert covered == sorted(covered)
    assert set(covered) == set(range(total))
    assert all(places) and len(places) == count


@given(total=st.integers(1, 12), count=st.integers(1, 30), lessons=st.integers(0, 9))
def test_lessons_are_given_away_whole(total, count, lessons):
    given_lessons = lessons_of_places(dict.fromkeys(range(total), lessons), spread(range(total), count))

    assert sum(given_lessons) == total * lessons


def test_a_module_of_two_sessions_gives_the_larger_share_first():
    assert lessons_of_places({"a": 3}, [["a"], ["a"]]) == [2, 1]


@pytest.mark.parametrize(("minutes", "lessons"), [(44, 0), (45, 1), (180, 4), (150, 3)])
def test_whole_lessons_of_a_span(minutes, lessons):
    start = datetime(2027, 1, 12, 10, tzinfo=UTC)

    assert whole_lessons(start, start + timedelta(minutes=minutes)) == lessons


@pytest.mark.parametrize(
    ("other", "shared"),
    [((11, 12), False), ((9, 10), False), ((10, 11), True), ((9, 12), True), ((10, 12), True)],
)
def test_overlap_is_shared_time(other, shared):
    one = (datetime(2027, 1, 12, 10), datetime(2027, 1, 12, 11))
    spans = tuple(datetime(2027, 1, 12, hour) for hour in other)

    assert overlap(one, spans) is shared


MONDAYS = [date(2026, 8, 31), date(2026, 9, 7), date(2026, 9, 14)]


@pytest.mark.parametrize("first", [date(2027, 3, 9), date(2027, 3, 15)])
def test_days_come_again_on_their_weekdays_whole_weeks_later(first):
    days, left_out = days_again([*MONDAYS[:2], date(2026, 9, 9)], first=first)

    assert (days, left_out) == ([date(2027, 3, 15), date(2027, 3, 22), date(2027, 3, 24)], [])


def test_a_holiday_and_a_named_day_put_what_follows_off_by_a_week():
    days, left_out = days_again(MONDAYS, first=date(2027, 3, 15), left_out=[date(2027, 3, 22)], language="en")

    assert days == [date(2027, 3, 15), date(2027, 4, 5), date(2027, 4, 12)]
    assert left_out == [LeftOut(date(2027, 3, 22)), LeftOut(date(2027, 3, 29), "Easter Monday")]


def test_two_sessions_of_one_day_stay_on_one_day():
    days, left_out = days_again([MONDAYS[0], MONDAYS[0], MONDAYS[1]], first=date(2027, 3, 29))

    assert days == [date(2027, 4, 5), date(2027, 4, 5), date(2027, 4, 12)]
    assert len(left_out) == 1


def test_no_days_come_again_as_none():
    assert days_again([], first=date(2027, 3, 15)) == ([], [])
