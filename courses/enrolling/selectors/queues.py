"""The waiting list: its order, somebody's place in it, those who wait together."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from accounts.enums import PersonState
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.offers import OfferTimes, Waiting, offer_times
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort
from courses.scheduling.rules.schedule import first_morning


def queue_of(cohort: Cohort) -> list[Enrollment]:
    """Those who wait, in order, with person and party. One query."""
    return list(_waiting(cohort).select_related("person", "party"))


def queue_position(enrollment: Enrollment) -> int:
    """1 for who is next. 0 when the enrollment does not wait."""
    if enrollment.state != EnrollmentState.WAITLISTED:
        return 0
    return Enrollment.objects.filter(
        cohort=enrollment.cohort_id, state=EnrollmentState.WAITLISTED, queue_number__lte=enrollment.queue_number
    ).count()


def party_members(enrollment: Enrollment) -> list[Enrollment]:
    """The open enrollments of those who came together, this one among them; this one alone without a party."""
    if enrollment.party_id is None:
        return [enrollment]
    members = Enrollment.objects.filter(party=enrollment.party_id, state__in=OPEN_STATES)
    return list(members.select_related("person", "cohort", "party").order_by("queue_number", "pk"))


def starts_at(cohort: Cohort) -> datetime:
    """The start of the first session that is held, else the morning of the first day."""
    first = cohort.sessions.exclude(state=SessionState.CANCELLED).order_by("starts_at").first()
    return first.starts_at if first else first_morning(cohort.starts_on)


def offers_by_itself(cohort: Cohort, at: datetime) -> bool:
    """Whether free seats are offered as they become free: until the group has begun. Afterwards a person decides."""
    return cohort.state in ENROLLING_STATES and at < starts_at(cohort)


def offer_times_of(cohort: Cohort, at: datetime) -> OfferTimes:
    return offer_times(at=at, starts_at=starts_at(cohort))


def waiting_for_offer(cohort: Cohort, at: datetime) -> list[Waiting]:
    """The queue as enrolling.rules.offers reads it, without those who are paused: nothing reaches them; nor those who come together
    with one of them: all or none. One query, and one more when a party holds seats back."""
    rows = list(_waiting(cohort).values_list("pk", "party_id", "party__blocked_since", "person__state"))
    paused = {party for _pk, party, _blocked, state in rows if state != PersonState.ACTIVE}
    begins = starts_at(cohort) if any(blocked for _pk, _party, blocked, _state in rows) else at
    return [
        Waiting(pk, party, blocked is not None and offer_times(at=blocked, starts_at=begins).expires_at <= at)
        for pk, party, blocked, state in rows
        if state == PersonState.ACTIVE and (party is None or party not in paused)
    ]


def cohorts_with_queue(pks: Iterable[int]) -> set[int]:
    """Those of the cohorts in which somebody waits."""
    waiting = Enrollment.objects.filter(cohort__in=list(pks), state=EnrollmentState.WAITLISTED)
    return set(waiting.order_by().values_list("cohort_id", flat=True).distinct())


def _waiting(cohort: Cohort) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(cohort=cohort, state=EnrollmentState.WAITLISTED).order_by("queue_number", "pk")
