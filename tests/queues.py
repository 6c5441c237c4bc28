"""People who wait for a seat or are asked whether they want one, by name, and where they stand."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Party
from courses.enrolling.selectors.queues import queue_of
from courses.scheduling.models import Cohort
from tests.factories import EnrollmentFactory, PersonFactory


def wait(cohort: Cohort, *names: str, party: Party | None = None) -> list[Enrollment]:
    """Puts people at the end of the waiting list."""
    made = []
    for name in names:
        number = cohort.enrollments.filter(state="waitlisted").count() + 1
        made.append(
            EnrollmentFactory.create(
                cohort=cohort, person=_named(name), state=EnrollmentState.WAITLISTED, queue_number=number, party=party
            )
        )
    cohort.queue_last = cohort.enrollments.filter(state="waitlisted").count()
    cohort.save()
    return made


def pair(cohort: Cohort, *names: str) -> list[Enrollment]:
    """The same for two who come together."""
    return wait(cohort, *names, party=Party.objects.create(cohort=cohort, how_asked="phone"))


def offered(cohort: Cohort, *names: str, party: Party | None = None) -> list[Enrollment]:
    """For twenty hours a seat is held for each."""
    until = timezone.now() + timedelta(hours=20)
    return [
        EnrollmentFactory.create(
            cohort=cohort, person=_named(name), state="offered", offer_expires_at=until, party=party
        )
        for name in names
    ]


def state_of(enrollment: Enrollment) -> str:
    return Enrollment.objects.get(pk=enrollment.pk).state


def states_of(*enrollments: Enrollment) -> list[str]:
    return [state_of(enrollment) for enrollment in enrollments]


def order(cohort: Cohort) -> list[str]:
    return [one.person.first_name for one in queue_of(cohort)]


def _named(name: str) -> Person:
    first, last = name.split()
    return PersonFactory.create(first_name=first, last_name=last)
