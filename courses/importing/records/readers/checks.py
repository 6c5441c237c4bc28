"""Checks what no single cell of a records package shows: references, repetitions, dates in order, seats."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import PersonState
from courses.enrolling.enums import OPEN_STATES, SEAT_STATES
from courses.importing.records.exceptions import BadRecords
from courses.importing.records.readers.packages import MOST_PROBLEMS, Problem
from courses.importing.records.rules import Package, ordinals
from courses.importing.records.selectors import Held

Found = Iterator[tuple[Any, str, str]]


class Known:
    """Every code that a row may name: what the package brings and what the database holds."""

    def __init__(self, package: Package, held: Held) -> None:
        rows = package.rows
        self.held = held
        self.courses = {row.code for row in rows["courses"]} | held.courses.keys()
        self.modules = {(row.course, row.code) for row in rows["modules"]} | held.modules.keys()
        self.people = {row.code for row in rows["people"]} | held.people.keys()
        self.course_of = {code: cohort.course for code, cohort in held.cohorts.items()} | {
            row.code: row.course for row in rows["cohorts"] if row.code not in held.cohorts
        }
        self.sessions = {(row.cohort, row.number) for row in rows["sessions"]} | held.sessions.keys()
        self.certificates = {row.number for row in rows["certificates"]} | held.certificates.keys()
        self.enrollments = Counter({key: len(found) for key, found in held.enrollments.items()})
        for key, count in Counter((row.cohort, row.person) for row in rows["enrollments"]).items():
            self.enrollments[key] = max(self.enrollments[key], count)

    def has_enrollment(self, cohort: str, person: str, ordinal: int | None) -> bool:
        return self.enrollments[cohort, person] >= (ordinal or 1)

    def enrollment_key(self, cohort: str, row: Any) -> tuple[str, str, int]:
        """Which enrollment a row is about; without a number, the last one."""
        return cohort, row.person, row.enrollment or self.enrollments[cohort, row.person]


def check_package(package: Package, held: Held) -> None:
    """Raises BadRecords with all that is wrong (the first fifty); returns when the package may be written."""
    known = Known(package, held)
    problems = [
        Problem(f"{file}.csv", row.line, column, text)
        for file, check in CHECKS.items()
        for row, column, text in check(package.rows[file], known)
    ]
    problems += [Problem("cohorts.csv", row.line, column, text) for row, column, text in _check_seats(package, known)]
    if problems:
        raise BadRecords(str(problem) for problem in problems[:MOST_PROBLEMS])


def _twice(rows: list[Any], column: str, key: Callable[[Any], Hashable]) -> Found:
    first: dict[Hashable, int] = {}
    for row in rows:
        if key(row) in first:
            yield row, column, _("the same as in line %(line)d.") % {"line": first[key(row)]}
        else:
            first[key(row)] = row.line


def _unknown(name: str) -> str:
    return _("“%(name)s” is neither in the package nor in the database.") % {"name": name}


def _check_courses(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "code", lambda row: row.code)
    for row in rows:
        if row.capacity is not None and row.minimum > row.capacity:
            yield row, "minimum", _("the smallest group is larger than the number of seats.")


def _check_modules(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "code", lambda row: (row.course, row.code))
    yield from _twice(rows, "order", lambda row: (row.course, row.order))
    for row in rows:
        if row.course not in known.courses:
            yield row, "course", _unknown(row.course)
        new = (row.course, row.code) not in known.held.modules
        if new and (row.course, row.order) in known.held.module_orders:
            yield row, "order", _("another module of the course stands in this place already.")


def _check_venues(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "name", lambda row: row.name)


def _check_people(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "code", lambda row: row.code)
    for row in rows:
        if not (row.first_name or row.last_name) and row.state != PersonState.ANONYMIZED:
            yield row, "last_name", _("this must be filled in.")
        if row.protected and (row.street or row.postal_code or row.city):
            yield row, "street", _("no address is stored for a person under a safety ban.")


def _check_cohorts(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "code", lambda row: row.code)
    for row in rows:
        if row.course not in known.courses:
            yield row, "course", _unknown(row.course)
        elif row.course != known.course_of[row.code]:
            yield (
                row,
                "course",
                _("this group belongs to the course %(course)s.") % {"course": known.course_of[row.code]},
            )
        if row.ends_on < row.starts_on:
            yield row, "ends_on", _("the last day is before the first.")
        if row.minimum > row.capacity:
            yield row, "minimum", _("the smallest group is larger than the number of seats.")
        for person in row.trainers:
            if person not in known.people:
                yield row, "trainers", _unknown(person)


def _check_enrollments(rows: list[Any], known: Known) -> Found:
    open_in: Counter[tuple[str, str]] = Counter()
    for row, ordinal in zip(rows, ordinals((row.cohort, row.person) for row in rows), strict=True):
        key = row.cohort, row.person
        if row.cohort not in known.course_of:
            yield row, "cohort", _unknown(row.cohort)
        if row.person not in known.people:
            yield row, "person", _unknown(row.person)
        already = known.held.enrollments.get(key, [])
        if row.state in OPEN_STATES and ordinal > len(already):
            open_in[key] += 1
            if open_in[key] + sum(enrollment.open for enrollment in already) > 1:
                yield row, "state", _("this person has an open enrollment in the group already.")
        if row.state in OPEN_STATES and row.ended_on:
            yield row, "ended_on", _("an open enrollment has no end.")


def _check_seats(package: Package, known: Known) -> Found:
    taken = Counter(row.cohort for row in package.rows["enrollments"] if row.state in SEAT_STATES)
    for row in package.rows["cohorts"]:
        if row.code not in known.held.cohorts and taken[row.code] > row.capacity:
            yield (
                row,
                "capacity",
                _("more people have a place (%(taken)d) than there are seats (%(seats)d).")
                % {
                    "taken": taken[row.code],
                    "seats": row.capacity,
                },
            )


def _check_sessions(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "number", lambda row: (row.cohort, row.number))
    for row in rows:
        course = known.course_of.get(row.cohort)
        if course is None:
            yield row, "cohort", _unknown(row.cohort)
            continue
        if row.ends_at <= row.starts_at:
            yield row, "ends_at", _("the session ends before it starts.")
        for module in row.modules:
            if (course, module) not in known.modules:
                yield row, "modules", _unknown(module)


def _check_attendance(rows: list[Any], known: Known) -> Found:
    yield from _twice(
        rows,
        "person",
        lambda row: (row.cohort, row.session, known.enrollment_key(row.enrolled_in or row.cohort, row)),
    )
    for row in rows:
        if (row.cohort, row.session) not in known.sessions:
            yield row, "session", _unknown(f"{row.cohort}/{row.session}")
        yield from _enrollment_problems(row, row.enrolled_in or row.cohort, known)


def _enrollment_problems(row: Any, cohort: str, known: Known) -> Found:
    if not known.has_enrollment(cohort, row.person, row.enrollment):
        yield (
            row,
            "person",
            _("%(person)s has no such enrollment in %(cohort)s.")
            % {
                "person": row.person,
                "cohort": cohort,
            },
        )


def _check_completions(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "module", lambda row: (known.enrollment_key(row.cohort, row), row.module))
    for row in rows:
        if row.cohort not in known.course_of:
            yield row, "cohort", _unknown(row.cohort)
            continue
        yield from _enrollment_problems(row, row.cohort, known)
        if (known.course_of[row.cohort], row.module) not in known.modules:
            yield row, "module", _unknown(row.module)


def _check_assessments(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "assessment", lambda row: (known.enrollment_key(row.cohort, row), row.assessment))
    for row in rows:
        yield from _enrollment_problems(row, row.cohort, known)


def _check_declarations(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "declaration", lambda row: (known.enrollment_key(row.cohort, row), row.declaration))
    for row in rows:
        yield from _enrollment_problems(row, row.cohort, known)


def _check_certificates(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "number", lambda row: row.number)
    yield from _twice([row for row in rows if row.check_code], "check_code", lambda row: row.check_code)
    current = [row for row in rows if not (row.revoked_on or row.replaced_on)]
    yield from _twice(current, "person", lambda row: (row.person, row.course))
    for row in rows:
        if row.person not in known.people:
            yield row, "person", _unknown(row.person)
        if row.course not in known.courses:
            yield row, "course", _unknown(row.course)
        if row.valid_until and row.valid_until < row.issued_on:
            yield row, "valid_until", _("the last day is before the first.")
        if row.revoked_on and not row.revoked_reason:
            yield row, "revoked_reason", _("say why the certificate is revoked.")
        if row.renews and row.renews not in known.certificates:
            yield row, "renews", _unknown(row.renews)
        if row.cohort:
            yield from _enrollment_problems(row, row.cohort, known)


def _check_mentors(rows: list[Any], known: Known) -> Found:
    yield from _twice(rows, "person", lambda row: row.person)
    for row in rows:
        if row.person not in known.people:
            yield row, "person", _unknown(row.person)


def _check_visits(rows: list[Any], known: Known) -> Found:
    for row in rows:
        if row.person not in known.people:
            yield row, "person", _unknown(row.person)
        if row.cohort:
            yield from _enrollment_problems(row, row.cohort, known)


CHECKS: dict[str, Callable[[list[Any], Known], Found]] = {
    "courses": _check_courses,
    "modules": _check_modules,
    "venues": _check_venues,
    "people": _check_people,
    "cohorts": _check_cohorts,
    "enrollments": _check_enrollments,
    "sessions": _check_sessions,
    "attendance": _check_attendance,
    "completions": _check_completions,
    "assessments": _check_assessments,
    "declarations": _check_declarations,
    "certificates": _check_certificates,
    "mentors": _check_mentors,
    "visits": _check_visits,
}
