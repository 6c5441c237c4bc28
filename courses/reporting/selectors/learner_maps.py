"""Who has which module, for staff alone."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from courses.catalogue.enums import ModuleKind
from courses.catalogue.models import Module
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.reporting.selectors.cohorts import ADMITTED, counted_enrollments
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import Result
from courses.teaching.models import ModuleResult


class MapRow(NamedTuple):
    """One learner, with one state a module: passed, made_up, failed, missing, left, or nothing while it is to come."""

    enrollment: Enrollment
    states: list[str]


def learner_map(cohort: Cohort) -> list[MapRow]:
    """Each enrollment that ever had a place, by name."""
    modules = list(cohort.course.modules.all())
    results = {
        (enrollment, module): ("made_up" if made_up else "passed") if result == Result.PASSED else "failed"
        for enrollment, module, result, made_up in ModuleResult.objects.filter(
            enrollment__cohort=cohort, revoked_at__isnull=True
        ).values_list("enrollment", "module", "result", "made_up")
    }
    held = set(
        Session.objects.filter(cohort=cohort)
        .filter(Q(state=SessionState.HELD) | Q(marked_at__isnull=False))
        .values_list("modules", flat=True)
    )
    everyone = counted_enrollments(Cohort.objects.filter(pk=cohort.pk), timezone.localdate()).filter(ADMITTED)
    return [
        MapRow(
            enrollment,
            [_map_state(results.get((enrollment.pk, module.pk)), enrollment, module, held) for module in modules],
        )
        for enrollment in everyone.select_related("person").order_by("person__sort_key", "pk")
    ]


def _map_state(result: str | None, enrollment: Enrollment, module: Module, held: Collection[int | None]) -> str:
    """Practice has no session that one could have missed: it is either done or still to come."""
    if result:
        return result
    if enrollment.state in (EnrollmentState.WITHDRAWN, EnrollmentState.COHORT_CANCELLED):
        return "left"
    ended = enrollment.state in (EnrollmentState.NOT_COMPLETED, EnrollmentState.COMPLETED)
    due = module.pk in held or (ended and module.kind != ModuleKind.PRACTICE)
    return "missing" if due else ""
