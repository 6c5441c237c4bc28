"""Every code that a row of a package may name: what the package brings and what the database holds."""

from collections import Counter
from dataclasses import dataclass

from courses.importing.records.rules.packages import Package
from courses.importing.records.rules.rows import EnrollmentPart
from courses.importing.records.selectors import Held


@dataclass(frozen=True, slots=True)
class Known:
    """`course_of`: the course of each cohort; `enrollments`: how many a person has in a cohort, by (cohort, person)."""

    held: Held
    courses: set[str]
    modules: set[tuple[str, str]]
    people: set[str]
    course_of: dict[str, str]
    sessions: set[tuple[str, int]]
    certificates: set[str]
    enrollments: Counter[tuple[str, str]]

    def has_enrollment(self, cohort: str, row: EnrollmentPart) -> bool:
        return self.enrollments[cohort, row.person] >= (row.enrollment or 1)

    def enrollment_key(self, cohort: str, row: EnrollmentPart) -> tuple[str, str, int]:
        """Which enrollment a row is about; without a number, the last one."""
        return cohort, row.person, row.enrollment or self.enrollments[cohort, row.person]


def known_codes(package: Package, held: Held) -> Known:
    return Known(
        held=held,
        courses={row.code for row in package.courses} | held.courses.keys(),
        modules={(row.course, row.code) for row in package.modules} | held.modules.keys(),
        people={row.code for row in package.people} | held.people.keys(),
        course_of={row.code: row.course for row in package.cohorts}
        | {code: cohort.course for code, cohort in held.cohorts.items()},
        sessions={(row.cohort, row.number) for row in package.sessions} | held.sessions.keys(),
        certificates={row.number for row in package.certificates} | held.certificates.keys(),
        enrollments=_count_enrollments(package, held),
    )


def _count_enrollments(package: Package, held: Held) -> Counter[tuple[str, str]]:
    """As many as there will be: the package tells those again that are there already."""
    there = Counter({key: len(found) for key, found in held.enrollments.items()})
    return there | Counter((row.cohort, row.person) for row in package.enrollments)
