from django.db.models import Prefetch, QuerySet

from courses.catalogue.enums import ModuleKind
from courses.catalogue.models import Course, Module


def courses_with_modules() -> QuerySet[Course]:
    """With what each asks for at hand."""
    courses = Course.objects.select_related("required_course", "required_certificate")
    return courses.prefetch_related(Prefetch("modules", Module.objects.order_by("order")))


def taught_modules(course: Course) -> list[Module]:
    """The modules that sessions cover, in order; practice happens outside them."""
    return list(course.modules.exclude(kind=ModuleKind.PRACTICE).order_by("order"))
