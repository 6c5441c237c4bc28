"""What a package says about enrollments beside their own rows."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from courses.dates.calendar import local_day
from courses.importing.records.rules.packages import Package
from courses.importing.records.rules.rows import AttendanceRow, CompletionRow
from courses.teaching.enums import ATTENDED_STATES, Result

CAME = frozenset(ATTENDED_STATES)


@dataclass
class Earned:
    """Codes of the modules of one enrollment; the first day of any of it."""

    passed: set[str] = field(default_factory=set)
    made_up: set[str] = field(default_factory=set)
    came_on: date = date.max


def earned_in(package: Package) -> dict[tuple[str, str, int], Earned]:
    """By cohort, person and which of the person's enrollments there, 1 the first."""
    last = Counter((row.cohort, row.person) for row in package.enrollments)
    earned: dict[tuple[str, str, int], Earned] = defaultdict(Earned)

    def came(cohort: str, row: AttendanceRow | CompletionRow, on: date) -> Earned:
        found = earned[cohort, row.person, row.enrollment or last[cohort, row.person]]
        found.came_on = min(found.came_on, on)
        return found

    for result in package.completions:
        found = came(result.cohort, result, result.recorded_on)
        if result.result == Result.PASSED:
            found.passed.add(result.module)
        if result.made_up:
            found.made_up.add(result.module)
    days = {(session.cohort, session.number): local_day(session.starts_at) for session in package.sessions}
    for mark in package.attendance:
        if mark.state in CAME and (mark.cohort, mark.session) in days:
            came(mark.enrolled_in or mark.cohort, mark, days[mark.cohort, mark.session])
    return earned
