from courses.catalogue.models.centre import Centre
from courses.catalogue.models.courses import Course, Module

__all__ = [
    "Centre",
    "Course",
    "Module",
]
