"""What a course asks of those who come, and who lacks it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Person
from courses.enums import EnrollmentState
from courses.models import Certificate, Course, Enrollment
from courses.selectors.certificates import is_valid


@dataclass(frozen=True)
class Lack:
    """One thing a person has not: `code` is `course` (not completed) or `certificate` (none that holds)."""

    code: str
    course: Course


def asks_for(course: Course) -> list[Lack]:
    """What `course` asks for, as what somebody would lack who has none of it."""
    asked = []
    if course.required_course:
        asked.append(Lack("course", course.required_course))
    if course.required_certificate:
        asked.append(Lack("certificate", course.required_certificate))
    return asked


def prerequisites_missing(person: Person, course: Course, today: date | None = None) -> list[Lack]:
    """What `person` lacks for `course`; empty when nothing. No query when the course asks for nothing."""
    return lacks_of([person], course, today).get(person.pk, [])


def lacks_of(people: Iterable[Person], course: Course, today: date | None = None) -> dict[int, list[Lack]]:
    """Person's pk -> what they lack; those who lack nothing are left out. Three queries at most.

    A completed course counts for ever, also one that only its certificate tells of; a certificate while it holds.
    """
    today = today or timezone.localdate()
    asked = asks_for(course)
    if not asked:
        return {}
    pks = [person.pk for person in people]
    found: dict[int, list[Lack]] = {pk: [] for pk in pks}
    for lack in asked:
        has = _who_completed(pks, lack.course) if lack.code == "course" else _who_holds(pks, lack.course, today)
        for pk in pks:
            if pk not in has:
                found[pk].append(lack)
    return {pk: lacks for pk, lacks in found.items() if lacks}


def _who_completed(pks: list[int], course: Course) -> set[int]:
    completed = Enrollment.objects.filter(
        person__in=pks, cohort__course=course, state=EnrollmentState.COMPLETED
    ).values_list("person_id", flat=True)
    certified = Certificate.objects.filter(person__in=pks, course=course, revoked_at__isnull=True)
    return {*completed, *certified.values_list("person_id", flat=True)}


def _who_holds(pks: list[int], course: Course, today: date) -> set[int]:
    return set(
        Certificate.objects.filter(is_valid(today), person__in=pks, course=course).values_list("person_id", flat=True)
    )
