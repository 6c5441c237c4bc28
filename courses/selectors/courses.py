from django.db.models import Count, Prefetch, Q, QuerySet

from courses.enums import CohortState, ModuleKind
from courses.models import Course, Module

GOING_ON = (CohortState.DRAFT, CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)


def courses_with_counts() -> QuerySet[Course]:
    """Every course with `module_count`, `cohort_count` and `cohorts_going_on` (not over and not cancelled)."""
    return Course.objects.annotate(
        module_count=Count("modules", distinct=True),
        cohort_count=Count("cohorts", distinct=True),
        cohorts_going_on=Count("cohorts", filter=Q(cohorts__state__in=GOING_ON), distinct=True),
    ).order_by("code")


def courses_with_modules() -> QuerySet[Course]:
    """With what each asks for at hand."""
    courses = Course.objects.select_related("required_course", "required_certificate")
    return courses.prefetch_related(Prefetch("modules", Module.objects.order_by("order")))


def taught_modules(course: Course) -> list[Module]:
    """The modules that sessions cover, in order; practice happens outside them."""
    return list(course.modules.exclude(kind=ModuleKind.PRACTICE).order_by("order"))
