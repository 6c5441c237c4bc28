"""Which cohorts the demo has, when they meet and how each enrollment ends. Plain values; nothing is written here."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random

import holidays
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.scheduling.enums import CohortState
from courses.teaching.enums import AttendanceState

# In four days, or the nearest working day: when it is decided whether a small group is held.
SOON = 0
SOON_DAYS = (4, 5, 3, 2, 6)
# Course, weeks from today to the first session, language, seats, enrollments.
# The AIM cohorts: eleven finished (one long ago, its certificates expired; one whose certificates expire soon), four
# running, four open, one of them full with a queue, and one that starts in a few days and is too small.
BASE: list[tuple[str, int, str, int, int]] = [
    ("AIM", -118, "fi", 14, 14),
    ("AIM", -114, "fi", 14, 13),
    ("AIM", -108, "fi", 12, 11),
    ("AIM", -59, "sv", 12, 12),
    ("AIM", -57, "fi", 14, 11),
    ("AIM", -45, "fi", 14, 13),
    ("AIM", -43, "en", 10, 9),
    ("AIM", -31, "fi", 14, 11),
    ("AIM", -29, "fi", 12, 12),
    ("AIM", -27, "sv", 12, 11),
    ("AIM", -15, "fi", 14, 12),
    ("AIM", -9, "fi", 12, 12),
    ("AIM", -6, "fi", 12, 10),
    ("AIM", -4, "sv", 12, 9),
    ("AIM", -2, "fi", 12, 10),
    ("AIM", 7, "fi", 16, 11),
    ("AIM", 8, "fi", 16, 22),
    ("AIM", 9, "sv", 12, 7),
    ("TALK", -20, "fi", 60, 34),
    ("TALK", 2, "fi", 60, 21),
    ("KUVA", -25, "fi", 12, 11),
    ("REKKA", -12, "fi", 10, 9),
    ("PAJA", -4, "fi", 8, 7),
    ("PAIVITYS", 6, "fi", 30, 0),
    ("AIM", SOON, "fi", 12, 4),
]
# How the enrollments of a finished cohort ended, out of a hundred.
FATES = {
    EnrollmentState.COMPLETED: 69,
    EnrollmentState.NOT_COMPLETED: 8,
    EnrollmentState.WITHDRAWN: 14,
    EnrollmentState.NO_SHOW: 3,
    EnrollmentState.DECLINED: 6,
}
REASONS = {
    "health": 30,
    "family_care": 18,
    "time": 20,
    "transport": 9,
    "not_as_expected": 5,
    "too_hard": 4,
    "too_easy": 3,
    "moved": 3,
    "not_told": 8,
}
# How attendance is drawn, out of a hundred.
DRAWN_STATES = [
    AttendanceState.PRESENT,
    AttendanceState.LATE,
    AttendanceState.LEFT_EARLY,
    AttendanceState.ABSENT_TOLD,
    AttendanceState.ABSENT,
]
MOSTLY_THERE = [84, 4, 3, 6, 3]
SELDOM_THERE = [38, 4, 4, 20, 34]
STARTS = [datetime.time(10), datetime.time(13), datetime.time(16, 30)]


@dataclass
class Meeting:
    starts_at: datetime.datetime
    ends_at: datetime.datetime


@dataclass
class CohortPlan:
    number: int
    course: str
    language: str
    seats: int
    enrollments: int
    phase: str
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def starts_on(self) -> datetime.date:
        return timezone.localdate(self.meetings[0].starts_at)

    @property
    def ends_on(self) -> datetime.date:
        return timezone.localdate(self.meetings[-1].starts_at)

    @property
    def state(self) -> CohortState:
        return {
            "finished": CohortState.FINISHED,
            "running": CohortState.RUNNING,
            "open": CohortState.PUBLISHED,
        }[self.phase]


def cohort_plans(
    random: Random, count: int, today: datetime.date, meetings_of: dict[str, list[int]]
) -> Iterator[CohortPlan]:
    """`count` cohorts: the base ones, then more finished ones spread over eight years.

    `meetings_of` gives for each course the minutes of each of its sessions.
    """
    for number in range(count):
        if number < len(BASE):
            course, weeks, language, seats, enrollments = BASE[number]
        else:
            course, weeks, language, seats, enrollments = "AIM", -random.randint(14, 420), "fi", 16, 16
        first = today + datetime.timedelta(weeks=weeks) if weeks != SOON else _soon(today)
        if weeks not in (-6, SOON):
            # One running cohort meets on today's weekday, so that there is always something today.
            first += datetime.timedelta(days=(number % 4) - first.weekday())
        meetings = _meetings(first, STARTS[number % 3], meetings_of[course])
        phase = "open" if weeks >= SOON else "running"
        if timezone.localdate(meetings[-1].ends_at) < today:
            phase = "finished"
        yield CohortPlan(number, course, language, seats, enrollments, phase, meetings)


def _soon(today: datetime.date) -> datetime.date:
    days = [today + datetime.timedelta(days=ahead) for ahead in SOON_DAYS]
    return next((day for day in days if day.weekday() < 5 and day not in finnish_holidays(day.year)), days[0])


def _meetings(first: datetime.date, start: datetime.time, minutes: list[int]) -> list[Meeting]:
    meetings = []
    day = first
    for length in minutes:
        while day in finnish_holidays(day.year):
            day += datetime.timedelta(weeks=1)
        starts_at = timezone.make_aware(datetime.datetime.combine(day, start))
        meetings.append(Meeting(starts_at, starts_at + datetime.timedelta(minutes=length)))
        day += datetime.timedelta(weeks=1)
    return meetings


@cache
def finnish_holidays(year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays("FI", years=year))


def fates(random: Random, plan: CohortPlan) -> list[EnrollmentState]:
    """How each enrollment of the cohort stands today, in the order of application."""
    match plan.phase:
        case "open":
            waiting = max(0, plan.enrollments - plan.seats)
            return [EnrollmentState.ENROLLED] * (plan.enrollments - waiting) + [EnrollmentState.WAITLISTED] * waiting
        case "running":
            return [
                EnrollmentState.WITHDRAWN if number >= plan.seats or random.random() < 0.05 else EnrollmentState.ACTIVE
                for number in range(plan.enrollments)
            ]
    return _fates_of_finished(random, plan)


def _fates_of_finished(random: Random, plan: CohortPlan) -> list[EnrollmentState]:
    drawn = random.choices(list(FATES), list(FATES.values()), k=plan.enrollments)
    if len(plan.meetings) == 1:
        # Whoever came to a single meeting has completed it.
        drawn = [EnrollmentState.NO_SHOW if fate == EnrollmentState.NOT_COMPLETED else fate for fate in drawn]
    # The last to apply had no seat when the group was full.
    return [fate if n < plan.seats else EnrollmentState.DECLINED for n, fate in enumerate(drawn)]


def attendance_of(
    random: Random, fate: EnrollmentState, meetings: int, held: int, must: set[int], need: int
) -> list[AttendanceState | None]:
    """One state for each session, None where the person was no longer, or the session is to come.

    `held` sessions are over. A completed person is at the sessions `must` (positions) and at `need` sessions at least.
    """
    if fate == EnrollmentState.NO_SHOW:
        return [AttendanceState.ABSENT] * held + [None] * (meetings - held)
    if fate == EnrollmentState.DECLINED:
        return [None] * meetings
    last = random.randint(0, max(0, held - 2)) if fate == EnrollmentState.WITHDRAWN else held
    weights = SELDOM_THERE if fate == EnrollmentState.NOT_COMPLETED else MOSTLY_THERE
    states = random.choices(DRAWN_STATES, weights, k=last)
    match fate:
        case EnrollmentState.COMPLETED:
            _complete(states, must, need)
        case EnrollmentState.NOT_COMPLETED:
            _fall_short(states, must)
        case EnrollmentState.ACTIVE if states:
            states[0] = AttendanceState.PRESENT
    return [*states, *[None] * (meetings - last)]


def _complete(states: list[AttendanceState], must: set[int], need: int) -> None:
    for position in must:
        states[position] = AttendanceState.PRESENT
    absent = [n for n, state in enumerate(states) if state != AttendanceState.PRESENT]
    while len(states) - len(absent) < need:
        states[absent.pop()] = AttendanceState.PRESENT


def _fall_short(states: list[AttendanceState], must: set[int]) -> None:
    states[0], states[-1] = AttendanceState.PRESENT, AttendanceState.ABSENT
    if must:
        states[max(must)] = AttendanceState.ABSENT
