from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from courses.enrolling.models import Enrollment
from courses.teaching.enums import ATTENDED_STATES, Result


@dataclass(frozen=True)
class Kept:
    """What somebody takes along to another group."""

    sessions: int
    lessons: int
    modules: int


def kept_in_transfer(enrollment: Enrollment) -> Kept:
    attended = enrollment.attendances.filter(revoked_at__isnull=True, state__in=ATTENDED_STATES).aggregate(
        sessions=Count("pk"), lessons=Coalesce(Sum("lessons"), 0)
    )
    passed = enrollment.module_results.filter(revoked_at__isnull=True, result=Result.PASSED).count()
    return Kept(attended["sessions"], attended["lessons"], passed)
