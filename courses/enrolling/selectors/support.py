"""Support needs, only for those who run the sessions: coordinators, and the trainers of that cohort. For anybody else
there are none."""

from django.db.models import QuerySet

from accounts.enums import RoleName
from accounts.models import Person
from courses.enrolling.enums import OPEN_STATES, REGISTER_STATES
from courses.enrolling.models import SupportNeeds
from courses.scheduling.models import Cohort


def support_needs_for(user: Person, cohort: Cohort) -> dict[int, SupportNeeds]:
    """Enrollment id to what is noted, of those who stand on the cohort's registers. One query."""
    rows = _seen_by(user).filter(enrollment__cohort=cohort, enrollment__state__in=REGISTER_STATES)
    return {needs.enrollment_id: needs for needs in rows}


def support_needs_of(user: Person, person: Person) -> dict[int, SupportNeeds]:
    """Enrollment id to what is noted, of one person's open enrollments."""
    rows = _seen_by(user).filter(enrollment__person=person, enrollment__state__in=OPEN_STATES)
    return {needs.enrollment_id: needs for needs in rows}


def own_support_needs(person: Person) -> QuerySet[SupportNeeds]:
    """What is noted for the person, for the person."""
    return SupportNeeds.objects.filter(enrollment__person=person, enrollment__state__in=OPEN_STATES).select_related(
        "enrollment__cohort__course"
    )


def _seen_by(user: Person) -> QuerySet[SupportNeeds]:
    if RoleName.COORDINATOR in user.roles:
        return SupportNeeds.objects.all()
    if RoleName.TRAINER in user.roles:
        return SupportNeeds.objects.filter(enrollment__cohort__trainers=user)
    return SupportNeeds.objects.none()
