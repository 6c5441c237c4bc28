"""The records package: which files it has, in which order. Reading and writing it share this one list.

CSV, UTF-8, comma, header row, ISO dates. The columns of each file are those of its row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from courses.importing.records.rules.rows import (
    AssessmentRow,
    AttendanceRow,
    CertificateRow,
    CohortRow,
    CompletionRow,
    CourseRow,
    DeclarationRow,
    EnrollmentRow,
    MentorRow,
    ModuleRow,
    PersonRow,
    Row,
    SessionRow,
    VenueRow,
    VisitRow,
)

# Told, for a progress bar, how many rows were dealt with since it was last told.
OnRows: TypeAlias = Callable[[int], object]


@dataclass(frozen=True)
class File:
    """A file and what each of its rows is. A package may lack it: rows name what the database holds as well."""

    name: str
    row: type[Row]

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    @property
    def all_columns(self) -> tuple[str, ...]:
        return self.row._fields[1:]

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that must be there: the row has no value for them."""
        return tuple(name for name in self.all_columns if name not in self.row._field_defaults)


# In the order in which they are read: nothing names what comes later.
FILES = (
    File("courses", CourseRow),
    File("modules", ModuleRow),
    File("venues", VenueRow),
    File("people", PersonRow),
    File("cohorts", CohortRow),
    File("enrollments", EnrollmentRow),
    File("sessions", SessionRow),
    File("attendance", AttendanceRow),
    File("completions", CompletionRow),
    File("assessments", AssessmentRow),
    File("declarations", DeclarationRow),
    File("certificates", CertificateRow),
    File("mentors", MentorRow),
    File("visits", VisitRow),
)


@dataclass
class Package:
    """A package that was read and found whole: the rows of each of FILES, in the order of the file."""

    courses: list[CourseRow] = field(default_factory=list)
    modules: list[ModuleRow] = field(default_factory=list)
    venues: list[VenueRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    cohorts: list[CohortRow] = field(default_factory=list)
    enrollments: list[EnrollmentRow] = field(default_factory=list)
    sessions: list[SessionRow] = field(default_factory=list)
    attendance: list[AttendanceRow] = field(default_factory=list)
    completions: list[CompletionRow] = field(default_factory=list)
    assessments: list[AssessmentRow] = field(default_factory=list)
    declarations: list[DeclarationRow] = field(default_factory=list)
    certificates: list[CertificateRow] = field(default_factory=list)
    mentors: list[MentorRow] = field(default_factory=list)
    visits: list[VisitRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def rows(self, file: str) -> list[Row]:
        """For what does the same with every file; who knows the file names its list."""
        found: list[Row] = getattr(self, file)
        return found
