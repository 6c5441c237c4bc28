from django.db.models import Q, QuerySet

from courses.catalogue.models import Course
from courses.enrolling.selectors.cohorts import WAITING
from courses.scheduling.enums import GOING_ON_STATES
from courses.scheduling.models import Cohort


def cohorts_list(
    *, state: str = "", course: Course | None = None, language: str = "", text: str = ""
) -> QuerySet[Cohort]:
    """A coordinator's list, latest start first, with `waiting` and trainers. `state`: one, `going_on`, or all."""
    cohorts = Cohort.objects.select_related("course", "venue").annotate(waiting=WAITING)
    if state == "going_on":
        cohorts = cohorts.filter(state__in=GOING_ON_STATES)
    elif state:
        cohorts = cohorts.filter(state=state)
    if course:
        cohorts = cohorts.filter(course=course)
    if language:
        cohorts = cohorts.filter(language=language)
    for word in text.split():
        cohorts = cohorts.filter(
            Q(code__icontains=word)
            | Q(name_fi__icontains=word)
            | Q(name_sv__icontains=word)
            | Q(name_en__icontains=word)
            | Q(venue__name_fi__icontains=word)
            | Q(venue__name_sv__icontains=word)
            | Q(venue__name_en__icontains=word)
        )
    return cohorts.prefetch_related("trainers").order_by("-starts_on", "code")
