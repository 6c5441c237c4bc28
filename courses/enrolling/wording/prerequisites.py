"""What a course asks for and what somebody lacks, as sentences."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from courses.catalogue.models import Course
from courses.enrolling.selectors.prerequisites import Lack, asks_for


def what_course_asks(course: Course) -> list[str]:
    """For whoever thinks of applying; empty when the course is open to everybody."""
    sentences = {
        "course": _("This course is for people who have completed “%(course)s”."),
        "certificate": _("This course is for people with a valid certificate of “%(course)s”."),
    }
    return [sentences[lack.code] % {"course": lack.course.title} for lack in asks_for(course)]


def explain_lacks(lacks: Iterable[Lack]) -> list[str]:
    """For staff: what is missing."""
    sentences = {
        "course": _("“%(course)s” is not completed."),
        "certificate": _("There is no valid certificate of “%(course)s”."),
    }
    return [sentences[lack.code] % {"course": lack.course.title} for lack in lacks]
