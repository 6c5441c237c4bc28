from django.db.models import Count, Q, QuerySet

from courses.catalogue.models import Course
from courses.scheduling.enums import GOING_ON_STATES


def courses_with_counts() -> QuerySet[Course]:
    """Every course with `module_count`, `cohort_count` and `cohorts_going_on` (not over and not cancelled)."""
    return Course.objects.annotate(
        module_count=Count("modules", distinct=True),
        cohort_count=Count("cohorts", distinct=True),
        cohorts_going_on=Count("cohorts", filter=Q(cohorts__state__in=GOING_ON_STATES), distinct=True),
    ).order_by("code")
