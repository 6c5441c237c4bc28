"""Checks what no single cell of a records package shows: references, repetitions, dates in order, seats."""

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from django.utils.translation import gettext as _

from accounts.enums import PersonState
from courses.importing.records.readers.known import Known, known_codes
from courses.importing.records.readers.problems import Problem, refuse_problems
from courses.importing.records.rules.enrollments import OPEN, SEAT, ordinals
from courses.importing.records.rules.packages import Package
from courses.importing.records.rules.rows import CertificateRow, EnrollmentPart, EnrollmentRow, Row
from courses.importing.records.selectors import Held

AnyRow = TypeVar("AnyRow", bound=Row)


class Fault(NamedTuple):
    row: Row
    column: str
    text: str


Found: TypeAlias = Iterator[Fault]


def check_package(package: Package, held: Held) -> None:
    """Raises BadRecords with all that is wrong (the first fifty); returns when the package may be written."""
    known = known_codes(package, held)
    refuse_problems(
        [
            Problem(f"{file}.csv", fault.row.line, fault.column, fault.text)
            for file, check in CHECKS
            for fault in check(package, known)
        ]
    )


def _twice(rows: Iterable[AnyRow], column: str, key: Callable[[AnyRow], Hashable]) -> Found:
    first: dict[Hashable, int] = {}
    for row in rows:
        if key(row) in first:
            yield Fault(row, column, _("the same as in line %(line)d.") % {"line": first[key(row)]})
        else:
            first[key(row)] = row.line


def _unknown(row: Row, column: str, name: str) -> Fault:
    return Fault(row, column, _("“%(name)s” is neither in the package nor in the database.") % {"name": name})


def _unless_known(row: Row, column: str, name: str, known: Container[str]) -> Found:
    if name not in known:
        yield _unknown(row, column, name)


def _unless_enrolled(row: EnrollmentPart, cohort: str, known: Known) -> Found:
    if not known.has_enrollment(cohort, row):
        sentence = _("%(person)s has no such enrollment in %(cohort)s.")
        yield Fault(row, "person", sentence % {"person": row.person, "cohort": cohort})


def _check_courses(package: Package, known: Known) -> Found:
    yield from _twice(package.courses, "code", lambda row: row.code)
    for row in package.courses:
        if row.capacity is not None and row.minimum > row.capacity:
            yield Fault(row, "minimum", _("the smallest group is larger than the number of seats."))


def _check_modules(package: Package, known: Known) -> Found:
    yield from _twice(package.modules, "code", lambda row: (row.course, row.code))
    yield from _twice(package.modules, "order", lambda row: (row.course, row.order))
    for row in package.modules:
        yield from _unless_known(row, "course", row.course, known.courses)
        new = (row.course, row.code) not in known.held.modules
        if new and (row.course, row.order) in known.held.module_orders:
            yield Fault(row, "order", _("another module of the course stands in this place already."))


def _check_venues(package: Package, known: Known) -> Found:
    yield from _twice(package.venues, "name", lambda row: row.name)


def _check_people(package: Package, known: Known) -> Found:
    yield from _twice(package.people, "code", lambda row: row.code)
    for row in package.people:
        if not (row.first_name or row.last_name) and row.state != PersonState.ANONYMIZED:
            yield Fault(row, "last_name", _("this must be filled in."))
        if row.protected and (row.street or row.postal_code or row.city):
            yield Fault(row, "street", _("no address is stored for a person under a safety ban."))


def _check_cohorts(package: Package, known: Known) -> Found:
    yield from _twice(package.cohorts, "code", lambda row: row.code)
    for row in package.cohorts:
        course = known.course_of[row.code]
        yield from _unless_known(row, "course", row.course, known.courses)
        if row.course in known.courses and row.course != course:
            yield Fault(row, "course", _("this group belongs to the course %(course)s.") % {"course": course})
        if row.ends_on < row.starts_on:
            yield Fault(row, "ends_on", _("the last day is before the first."))
        if row.minimum > row.capacity:
            yield Fault(row, "minimum", _("the smallest group is larger than the number of seats."))
        for person in row.trainers:
            yield from _unless_known(row, "trainers", person, known.people)


def _check_enrollments(package: Package, known: Known) -> Found:
    open_again = set(_lines_open_again(package.enrollments, known))
    for row in package.enrollments:
        yield from _unless_known(row, "cohort", row.cohort, known.course_of)
        yield from _unless_known(row, "person", row.person, known.people)
        if row.line in open_again:
            yield Fault(row, "state", _("this person has an open enrollment in the group already."))
        if row.ended_on and row.state in OPEN:
            yield Fault(row, "ended_on", _("an open enrollment has no end."))


def _lines_open_again(rows: Sequence[EnrollmentRow], known: Known) -> Iterator[int]:
    """New open enrollments of somebody who has one in the cohort already, before in the package or in the database."""
    open_in: Counter[tuple[str, str]] = Counter()
    for row, ordinal in zip(rows, ordinals((row.cohort, row.person) for row in rows), strict=True):
        key = row.cohort, row.person
        already = known.held.enrollments.get(key, [])
        if row.state in OPEN and ordinal > len(already):
            open_in[key] += 1
            if open_in[key] + sum(enrollment.open for enrollment in already) > 1:
                yield row.line


def _check_seats(package: Package, known: Known) -> Found:
    taken = Counter(row.cohort for row in package.enrollments if row.state in SEAT)
    for row in package.cohorts:
        if row.code not in known.held.cohorts and taken[row.code] > row.capacity:
            sentence = _("more people have a place (%(taken)d) than there are seats (%(seats)d).")
            yield Fault(row, "capacity", sentence % {"taken": taken[row.code], "seats": row.capacity})


def _check_sessions(package: Package, known: Known) -> Found:
    yield from _twice(package.sessions, "number", lambda row: (row.cohort, row.number))
    for row in package.sessions:
        course = known.course_of.get(row.cohort)
        if course is None:
            yield _unknown(row, "cohort", row.cohort)
            continue
        if row.ends_at <= row.starts_at:
            yield Fault(row, "ends_at", _("the session ends before it starts."))
        for module in row.modules:
            if (course, module) not in known.modules:
                yield _unknown(row, "modules", module)


def _check_attendance(package: Package, known: Known) -> Found:
    yield from _twice(
        package.attendance,
        "person",
        lambda row: (row.cohort, row.session, known.enrollment_key(row.enrolled_in or row.cohort, row)),
    )
    for row in package.attendance:
        if (row.cohort, row.session) not in known.sessions:
            yield _unknown(row, "session", f"{row.cohort}/{row.session}")
        yield from _unless_enrolled(row, row.enrolled_in or row.cohort, known)


def _check_completions(package: Package, known: Known) -> Found:
    yield from _twice(package.completions, "module", lambda row: (known.enrollment_key(row.cohort, row), row.module))
    for row in package.completions:
        course = known.course_of.get(row.cohort)
        if course is None:
            yield _unknown(row, "cohort", row.cohort)
            continue
        yield from _unless_enrolled(row, row.cohort, known)
        if (course, row.module) not in known.modules:
            yield _unknown(row, "module", row.module)


def _check_assessments(package: Package, known: Known) -> Found:
    yield from _twice(
        package.assessments, "assessment", lambda row: (known.enrollment_key(row.cohort, row), row.assessment)
    )
    for row in package.assessments:
        yield from _unless_enrolled(row, row.cohort, known)


def _check_declarations(package: Package, known: Known) -> Found:
    yield from _twice(
        package.declarations, "declaration", lambda row: (known.enrollment_key(row.cohort, row), row.declaration)
    )
    for row in package.declarations:
        yield from _unless_enrolled(row, row.cohort, known)


def _check_certificates(package: Package, known: Known) -> Found:
    rows = package.certificates
    yield from _twice(rows, "number", lambda row: row.number)
    yield from _twice([row for row in rows if row.check_code], "check_code", lambda row: row.check_code)
    current = [row for row in rows if not (row.revoked_on or row.replaced_on)]
    yield from _twice(current, "person", lambda row: (row.person, row.course))
    for row in rows:
        yield from _check_certificate(row, known)


def _check_certificate(row: CertificateRow, known: Known) -> Found:
    yield from _unless_known(row, "person", row.person, known.people)
    yield from _unless_known(row, "course", row.course, known.courses)
    if row.valid_until and row.valid_until < row.issued_on:
        yield Fault(row, "valid_until", _("the last day is before the first."))
    if row.revoked_on and not row.revoked_reason:
        yield Fault(row, "revoked_reason", _("say why the certificate is revoked."))
    if row.renews:
        yield from _unless_known(row, "renews", row.renews, known.certificates)
    if row.cohort:
        yield from _unless_enrolled(row, row.cohort, known)


def _check_mentors(package: Package, known: Known) -> Found:
    yield from _twice(package.mentors, "person", lambda row: row.person)
    for row in package.mentors:
        yield from _unless_known(row, "person", row.person, known.people)


def _check_visits(package: Package, known: Known) -> Found:
    for row in package.visits:
        yield from _unless_known(row, "person", row.person, known.people)
        if row.cohort:
            yield from _unless_enrolled(row, row.cohort, known)


# In the order in which faults are shown: those from which others follow come first.
CHECKS: tuple[tuple[str, Callable[[Package, Known], Found]], ...] = (
    ("courses", _check_courses),
    ("modules", _check_modules),
    ("venues", _check_venues),
    ("people", _check_people),
    ("cohorts", _check_cohorts),
    ("enrollments", _check_enrollments),
    ("sessions", _check_sessions),
    ("attendance", _check_attendance),
    ("completions", _check_completions),
    ("assessments", _check_assessments),
    ("declarations", _check_declarations),
    ("certificates", _check_certificates),
    ("mentors", _check_mentors),
    ("visits", _check_visits),
    ("cohorts", _check_seats),
)
