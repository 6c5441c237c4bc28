from collections import defaultdict

from courses.catalogue.models import Course, Module
from courses.importing.records.rules.packages import Package
from courses.importing.records.rules.rows import CourseRow, ModuleRow
from courses.importing.records.services.jobs import Import, create


def add_courses(job: Import) -> None:
    """A course without seats of its own gets those of its largest cohort, and at least sixteen."""
    seats = _most_seats(job.package)

    def make(row: CourseRow) -> Course:
        return Course(
            code=row.code,
            title_fi=row.title_fi,
            title_sv=row.title_sv,
            title_en=row.title_en,
            summary_fi=row.summary_fi,
            summary_sv=row.summary_sv,
            summary_en=row.summary_en,
            lessons=row.lessons,
            valid_months=row.valid_months,
            format=row.format,
            makes_mentors=row.makes_mentors,
            minimum=row.minimum,
            capacity=seats[row.code] if row.capacity is None else row.capacity,
            completion_rule=row.completion_rule,
            price=row.price,
        )

    def keep(made: list[tuple[CourseRow, Course]]) -> None:
        job.held.courses.update((row.code, course.pk) for row, course in made)

    create(job, "courses", [row for row in job.package.courses if row.code not in job.held.courses], make, keep)


def _most_seats(package: Package) -> dict[str, int]:
    seats: dict[str, int] = defaultdict(lambda: 16)
    for row in package.cohorts:
        seats[row.course] = max(seats[row.course], row.capacity)
    return seats


def add_modules(job: Import) -> None:
    held = job.held.modules

    def make(row: ModuleRow) -> Module:
        return Module(
            course_id=job.held.courses[row.course],
            code=row.code,
            order=row.order,
            title_fi=row.title_fi,
            title_sv=row.title_sv,
            title_en=row.title_en,
            description_fi=row.description_fi,
            description_sv=row.description_sv,
            description_en=row.description_en,
            lessons=row.lessons,
            mandatory=row.mandatory,
            kind=row.kind,
            practice_minutes=row.practice_minutes,
        )

    def keep(made: list[tuple[ModuleRow, Module]]) -> None:
        held.update(((row.course, row.code), module.pk) for row, module in made)

    create(job, "modules", [row for row in job.package.modules if (row.course, row.code) not in held], make, keep)
