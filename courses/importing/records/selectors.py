"""What the database holds already of a records package, by the codes the package uses."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.apps import apps

from accounts.models import District, Person
from accounts.rules.chunks import chunks
from courses.catalogue.models import Course, Module
from courses.certifying.models import Certificate, Mentor
from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.models import Enrollment
from courses.importing.records.rules.packages import Package
from courses.importing.records.rules.travels import LEFT_BEHIND, MADE_ANEW
from courses.scheduling.models import Cohort, Session, Venue

CHUNK = 500


class HeldCohort(NamedTuple):
    pk: int
    course: str
    starts_on: date
    ends_on: date


class HeldEnrollment(NamedTuple):
    pk: int
    open: bool


@dataclass
class Held:
    """Primary keys by code. `enrollments[(cohort, person)]` are in the order in which they were made."""

    courses: dict[str, int] = field(default_factory=dict)
    modules: dict[tuple[str, str], int] = field(default_factory=dict)
    module_orders: set[tuple[str, int]] = field(default_factory=set)
    venues: dict[str, int] = field(default_factory=dict)
    districts: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    cohorts: dict[str, HeldCohort] = field(default_factory=dict)
    enrollments: dict[tuple[str, str], list[HeldEnrollment]] = field(default_factory=lambda: defaultdict(list))
    sessions: dict[tuple[str, int], int] = field(default_factory=dict)
    certificates: dict[str, int] = field(default_factory=dict)
    mentors: set[str] = field(default_factory=set)


def held_records(package: Package) -> Held:
    """Courses, venues and cohorts whole (they are few); people, enrollments and the rest as far as the package names them."""
    held = Held(
        courses=dict(Course.objects.values_list("code", "pk")),
        modules={(course, code): pk for course, code, pk in Module.objects.values_list("course__code", "code", "pk")},
        module_orders=set(Module.objects.values_list("course__code", "order")),
        venues=dict(Venue.objects.values_list("name_fi", "pk")),
        districts=dict(District.objects.values_list("name", "pk")),
        cohorts={
            code: HeldCohort(pk, course, starts_on, ends_on)
            for code, pk, course, starts_on, ends_on in Cohort.objects.values_list(
                "code", "pk", "course__code", "starts_on", "ends_on"
            )
        },
    )
    for codes in chunks(_people_named(package), CHUNK):
        held.people.update(Person.objects.filter(code__in=codes).values_list("code", "pk"))
        held.mentors.update(Mentor.objects.filter(person__code__in=codes).values_list("person__code", flat=True))
    for numbers in chunks({row.number for row in package.certificates}, CHUNK):
        held.certificates.update(Certificate.objects.filter(number__in=numbers).values_list("number", "pk"))
    for pks in chunks(_cohorts_held(package, held), CHUNK):
        _hold_enrollments(held, pks)
        held.sessions.update(
            ((cohort, number), pk)
            for cohort, number, pk in Session.objects.filter(cohort__in=pks).values_list("cohort__code", "number", "pk")
        )
    return held


def _hold_enrollments(held: Held, cohort_pks: Collection[int]) -> None:
    rows = Enrollment.objects.filter(cohort__in=cohort_pks).order_by("pk")
    for cohort, person, pk, state in rows.values_list("cohort__code", "person__code", "pk", "state").iterator():
        held.enrollments[cohort, person].append(HeldEnrollment(pk, state in OPEN_STATES))


def _people_named(package: Package) -> set[str]:
    return (
        {row.code for row in package.people}.union(code for row in package.cohorts for code in row.trainers)
        .union(row.person for row in package.enrollments)
        .union(row.person for row in package.certificates)
        .union(row.person for row in package.mentors)
        .union(row.person for row in package.visits)
    )


def _cohorts_held(package: Package, held: Held) -> list[int]:
    return [held.cohorts[code].pk for code in _cohorts_named(package) if code in held.cohorts]


def _cohorts_named(package: Package) -> set[str]:
    return (
        {row.cohort for row in package.enrollments}.union(row.cohort for row in package.sessions)
        .union(row.cohort for row in package.attendance)
        .union(row.enrolled_in for row in package.attendance)
        .union(row.cohort for row in package.completions)
        .union(row.cohort for row in package.assessments)
        .union(row.cohort for row in package.declarations)
        .union(row.cohort for row in package.certificates)
        .union(row.cohort for row in package.visits)
    )


def tables_left_behind() -> list[str]:
    """Those of LEFT_BEHIND that hold anything that somebody would miss."""
    tables = [table for table in LEFT_BEHIND if table not in MADE_ANEW]
    return [table for table in tables if apps.get_model(table)._default_manager.exists()]
