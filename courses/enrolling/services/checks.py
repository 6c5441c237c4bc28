"""What is looked at under the lock of the cohort before anybody is enrolled. Each raises its reasons."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.enums import PersonState
from accounts.exceptions import RuleError
from accounts.models import Person
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.exceptions import CohortFull
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.enrolling.wording.refusals import cohort_not_enrolling, person_not_enrolling
from courses.scheduling.models import Cohort


def check_enrolling(cohort: Cohort, people: Sequence[Person]) -> None:
    # The people as they are now, and until the end of the transaction: one may have died, or been made one with another.
    locked = (
        Person.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in people]).order_by("pk")
    )
    states = dict(locked.values_list("pk", "state"))
    if len(states) < len({person.pk for person in people}):
        raise RuleError(
            [_("This record was made one with another meanwhile. Search for the person again.")], code="gone"
        )
    reasons = []
    if cohort.state not in ENROLLING_STATES:
        reasons.append(cohort_not_enrolling(cohort))
    reasons += [
        person_not_enrolling(person, states[person.pk]) for person in people if states[person.pk] != PersonState.ACTIVE
    ]
    if reasons:
        raise RuleError(reasons, code="not_enrolling")
    already = cohort.enrollments.filter(state__in=OPEN_STATES, person__in=[person.pk for person in people])
    twice = set(already.values_list("person_id", flat=True))
    seen: set[int] = set()
    for person in people:
        if person.pk in seen:
            twice.add(person.pk)
        seen.add(person.pk)
    if twice:
        names = {person.pk: _already_open(person) for person in people if person.pk in twice}
        raise RuleError(names.values(), code="already_open")


def check_not_open(enrollment: Enrollment) -> None:
    """The cohort is locked: a closed enrollment opens again only while the person has no other one there."""
    others = Enrollment.objects.filter(cohort=enrollment.cohort_id, person=enrollment.person_id, state__in=OPEN_STATES)
    if others.exists():
        raise RuleError([_already_open(enrollment.person)], code="already_open")


def _already_open(person: Person) -> str:
    return _("%(name)s is enrolled in this group already.") % {"name": person.list_name}


def check_waiting_list(cohort: Cohort, more: int) -> None:
    if not more or cohort.waiting_list_capacity is None:
        return
    waiting = cohort.enrollments.filter(state=EnrollmentState.WAITLISTED).count()
    if waiting + more > cohort.waiting_list_capacity:
        raise CohortFull(
            [
                _("%(cohort)s is full, and so is its waiting list (%(limit)d).")
                % {"cohort": cohort.name, "limit": cohort.waiting_list_capacity}
            ],
            code="waiting_list_full",
        )
