"""What a course asks of those who come, and who lacks it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Person
from courses.catalogue.models import Course
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment

# (people's pks, course, day) -> those of them whose certificate of the course is valid on that day.
Holders = Callable[[Collection[int], Course, date], set[int]]
_HOLDERS: list[Holders] = []


def register_holders(holders: Holders) -> None:
    """Certificates stand above enrollments: courses/apps.py hands in who asks them."""
    _HOLDERS[:] = [holders]


@dataclass(frozen=True)
class Lack:
    """One thing a person has not: `code` is `course` (not completed) or `certificate` (none that is valid)."""

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


def lacks_of(people: Iterable[Person], course: Course, today: date | None = None) -> dict[int, list[Lack]]:
    """Person's pk -> what they lack; those who lack nothing are left out. Three queries at most.

    A completed course counts for ever, also one that only its certificate tells of; a certificate while it holds.
    """
    today = today or timezone.localdate()
    asked = asks_for(course)
    if not asked:
        return {}
    pks = [person.pk for person in people]
    having = [(lack, _who_has(pks, lack, today)) for lack in asked]
    found = {pk: [lack for lack, has in having if pk not in has] for pk in pks}
    return {pk: lacks for pk, lacks in found.items() if lacks}


def _who_has(pks: list[int], lack: Lack, today: date) -> set[int]:
    return _who_completed(pks, lack.course) if lack.code == "course" else _who_holds(pks, lack.course, today)


def _who_completed(pks: list[int], course: Course) -> set[int]:
    completed = Enrollment.objects.filter(
        person__in=pks, cohort__course=course, state=EnrollmentState.COMPLETED
    ).values_list("person_id", flat=True)
    certified = Person.objects.filter(
        pk__in=pks, certificates__course=course, certificates__revoked_at__isnull=True
    ).values_list("pk", flat=True)
    return {*completed, *certified}


def _who_holds(pks: list[int], course: Course, today: date) -> set[int]:
    return set().union(*(holders(pks, course, today) for holders in _HOLDERS))
