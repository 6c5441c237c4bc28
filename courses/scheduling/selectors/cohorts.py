from datetime import date

from django.db.models import Prefetch, QuerySet

from accounts.enums import RoleName
from accounts.models import Person
from courses.catalogue.models import Course, Module
from courses.scheduling.models import Cohort, Session


def trainers_to_choose() -> QuerySet[Person]:
    return Person.objects.filter(
        role_grants__role=RoleName.TRAINER, role_grants__ended_at__isnull=True, is_active=True
    ).distinct()


def cohorts_for_trainer(person: Person) -> QuerySet[Cohort]:
    """The cohorts that `person` trains; those of others do not exist for them."""
    return Cohort.objects.filter(trainers=person).select_related("course", "venue")


def sessions_of(cohort: Cohort) -> QuerySet[Session]:
    """All sessions by time, with their venue and modules."""
    return (
        cohort.sessions.select_related("venue")
        .prefetch_related(Prefetch("modules", Module.objects.order_by("order")))
        .order_by("starts_at", "number")
    )


def next_cohort_code(course: Course, starts_on: date) -> str:
    """The first free code such as `AIM-2027K-04`: course, year, K (spring) or S (autumn), running number."""
    prefix = f"{course.code}-{starts_on.year}{'K' if starts_on.month <= 6 else 'S'}-"
    taken = set(Cohort.objects.filter(code__startswith=prefix).values_list("code", flat=True))
    number = 1
    while f"{prefix}{number:02d}" in taken:
        number += 1
    return f"{prefix}{number:02d}"
