"""One row of each file of a records package: `line`, where it stands in the file, and every column with its type.

A column with a value here may be left out of the file; left out and empty both mean that value. What a cell may hold is
said by importing.records.readers.columns.
"""

from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from accounts.enums import HowAsked, PersonState
from courses.catalogue.enums import CourseFormat, ModuleKind
from courses.teaching.enums import ResultSource

Json: TypeAlias = dict[str, object]


class CourseRow(NamedTuple):
    line: int
    code: str
    title_fi: str
    title_sv: str
    title_en: str
    lessons: int
    valid_months: int | None = None
    format: str = CourseFormat.COURSE.value
    summary_fi: str = ""
    summary_sv: str = ""
    summary_en: str = ""
    makes_mentors: bool = False
    minimum: int = 1
    capacity: int | None = None
    completion_rule: Json = {}
    price: int | None = None


class ModuleRow(NamedTuple):
    line: int
    course: str
    code: str
    order: int
    title_fi: str
    title_sv: str
    title_en: str
    lessons: int
    mandatory: bool
    kind: str = ModuleKind.CLASSROOM.value
    description_fi: str = ""
    description_sv: str = ""
    description_en: str = ""
    practice_minutes: int = 0


class VenueRow(NamedTuple):
    line: int
    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    district: str = ""
    directions_fi: str = ""
    directions_sv: str = ""
    directions_en: str = ""
    name_sv: str = ""
    name_en: str = ""


class PersonRow(NamedTuple):
    line: int
    code: str
    first_name: str
    last_name: str
    birth_year: int | None
    gender: str
    language: str
    district: str
    phone: str = ""
    email: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    channel: str | None = None
    second_channel: str = ""
    state: str = PersonState.ACTIVE.value
    protected: bool = False


class CohortRow(NamedTuple):
    line: int
    course: str
    code: str
    language: str
    starts_on: date
    ends_on: date
    capacity: int
    state: str
    minimum: int = 1
    venue: str = ""
    name_fi: str = ""
    name_sv: str = ""
    name_en: str = ""
    notice_fi: str = ""
    notice_sv: str = ""
    notice_en: str = ""
    applications_open_on: date | None = None
    applications_close_on: date | None = None
    remote_link: str = ""
    waiting_list_capacity: int | None = None
    trainers: tuple[str, ...] = ()


class EnrollmentRow(NamedTuple):
    line: int
    cohort: str
    person: str
    state: str
    applied_on: date
    ended_on: date | None = None
    reason: str = ""
    how_asked: str = HowAsked.RECORDS.value
    admitted_on: date | None = None
    started_on: date | None = None
    queue_number: int | None = None
    offer_expires_at: datetime | None = None
    completion: str = ""
    completion_on: date | None = None
    completion_rule: Json | None = None
    completion_figures: Json | None = None


class SessionRow(NamedTuple):
    line: int
    cohort: str
    number: int
    starts_at: datetime
    ends_at: datetime
    lessons: int
    state: str
    modules: tuple[str, ...] = ()
    venue: str = ""
    remote_link: str = ""
    marked_at: datetime | None = None


class AttendanceRow(NamedTuple):
    """`session` is the number of a session of `cohort`; `enrolled_in` the cohort of somebody who makes a module up there."""

    line: int
    cohort: str
    session: int
    person: str
    state: str
    lessons: int
    enrolled_in: str = ""
    enrollment: int | None = None
    marked_on: date | None = None


class CompletionRow(NamedTuple):
    line: int
    cohort: str
    person: str
    module: str
    result: str
    recorded_on: date
    enrollment: int | None = None
    made_up: bool = False
    source: str = ResultSource.RECORDS.value


class AssessmentRow(NamedTuple):
    line: int
    cohort: str
    person: str
    assessment: str
    result: str
    recorded_on: date
    enrollment: int | None = None


class DeclarationRow(NamedTuple):
    line: int
    cohort: str
    person: str
    declaration: str
    recorded_on: date
    enrollment: int | None = None


class CertificateRow(NamedTuple):
    line: int
    number: str
    person: str
    course: str
    issued_on: date
    valid_until: date | None = None
    cohort: str = ""
    enrollment: int | None = None
    name: str = ""
    language: str = ""
    check_code: str = ""
    renews: str = ""
    replaced_on: date | None = None
    revoked_on: date | None = None
    revoked_reason: str = ""
    words: Json = {}


class MentorRow(NamedTuple):
    line: int
    person: str
    state: str
    agreement_signed_on: date | None = None


class VisitRow(NamedTuple):
    line: int
    person: str
    visited_on: date
    minutes: int
    people_helped: int
    place: str = ""
    supervised: bool = False
    cohort: str = ""
    enrollment: int | None = None
    how_asked: str = HowAsked.RECORDS.value


# Rows about one enrollment: `enrollment` says which of the person's in the cohort, 1 the first; none: the last.
EnrollmentPart: TypeAlias = AttendanceRow | CompletionRow | AssessmentRow | DeclarationRow | CertificateRow | VisitRow

Row: TypeAlias = (
    CourseRow | ModuleRow | VenueRow | PersonRow | CohortRow | EnrollmentRow | SessionRow | MentorRow | EnrollmentPart
)
