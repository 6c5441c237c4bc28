"""Which enrollments are so long over that whose they were is to go."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import PersonState
from accounts.rules.retention import APPLICATION_MONTHS, COURSE_MONTHS, months_before
from courses.enrolling.enums import ADMITTED_STATES, OPEN_STATES
from courses.enrolling.models import Enrollment

HAD_PLACE = Q(admitted_at__isnull=False) | Q(started_at__isnull=False) | Q(state__in=ADMITTED_STATES)


def over(*, at: datetime) -> Q:
    """Enrollments whose time is over: without a place 6 months after they ended, with one 24 months after the course and
    after they ended. An open one never."""
    courses, applications = months_before(at, COURSE_MONTHS), months_before(at, APPLICATION_MONTHS)
    attended = HAD_PLACE & Q(cohort__ends_on__lte=timezone.localdate(courses)) & _ended_by(courses)
    return ~Q(state__in=OPEN_STATES) & (attended | _old_application(applications))


def old_applications(*, at: datetime) -> QuerySet[Enrollment]:
    """Applications that never came to a place, 6 months after they ended, of people who have a name."""
    return Enrollment.objects.filter(_old_application(months_before(at, APPLICATION_MONTHS))).exclude(
        Q(person__state=PersonState.ANONYMIZED) | Q(state__in=OPEN_STATES)
    )


def _old_application(limit: datetime) -> Q:
    return ~HAD_PLACE & _ended_by(limit, alone=True)


def _ended_by(limit: datetime, *, alone: bool = False) -> Q:
    """Of earlier records the day of the end may be unknown: then it is the cohort's last."""
    unknown = Q(ended_at__isnull=True)
    return Q(ended_at__lte=limit) | (unknown & Q(cohort__ends_on__lte=timezone.localdate(limit)) if alone else unknown)
