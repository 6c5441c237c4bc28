"""Enrollments as a coordinator meets them: the cohorts to choose from, a cohort's people, the moves of one enrollment."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.enums import Channel, HowAsked
from accounts.models import Person
from accounts.rules.undo import UNDO_WITHIN
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.enrolling.selectors.cohorts import WAITING, CohortWithWaiting
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session

# People to choose from on one page.
MOST_SHOWN = 200


def cohorts_to_enroll_in(today: date) -> QuerySet[CohortWithWaiting]:
    """The cohorts in which people are enrolled and which are not over, soonest first; with `waiting`, `offered`,
    `seated` (taken without the offered) and `held_sessions`. Two queries."""
    return (
        Cohort.objects.filter(state__in=ENROLLING_STATES, ends_on__gte=today)
        .select_related("course", "venue")
        .annotate(waiting=WAITING, offered=Count("enrollments", filter=Q(enrollments__state=EnrollmentState.OFFERED)))
        .annotate(seated=F("seats_taken") - F("offered"))
        .prefetch_related(
            Prefetch(
                "sessions",
                Session.objects.exclude(state=SessionState.CANCELLED).order_by("starts_at"),
                to_attr="held_sessions",
            )
        )
        .order_by("starts_on", "code")
    )


def cohort_is_over(cohort: Cohort, today: date | None = None) -> bool:
    """Its last day has passed, or it was finished earlier."""
    return cohort.state in (CohortState.FINISHED, CohortState.CLOSED) or cohort.ends_on < (
        today or timezone.localdate()
    )


def without_attendance(cohort: Cohort) -> list[Enrollment]:
    """Those who have a place and were never marked present, by name."""
    placed = cohort.enrollments.filter(state=EnrollmentState.ENROLLED)
    return list(placed.select_related("person").order_by("person__sort_key", "pk"))


def notified_by(cohort: Cohort) -> dict[Channel, int]:
    """How many of those who wait or have a place are told about their group in which way first, the most used first."""
    rows = (
        cohort.enrollments.filter(state__in=OPEN_STATES)
        .order_by()
        .values_list("person__channel")
        .annotate(number=Count("pk"))
        .order_by("-number", "person__channel")
    )
    return {Channel(channel): number for channel, number in rows}


def groups_instead_of(cohort: Cohort, today: date) -> list[CohortWithWaiting]:
    """The other groups of its course in which people are enrolled, soonest first, as cohorts_to_enroll_in has them."""
    return list(cohorts_to_enroll_in(today).filter(course=cohort.course_id).exclude(pk=cohort.pk))


def best_instead(groups: Iterable[CohortWithWaiting], cohort: Cohort, seats: int, today: date) -> Cohort | None:
    """The soonest of groups_instead_of that has not begun, is held in the same language, and has room for `seats`
    people whom nobody stands before."""
    for group in groups:
        room = group.free_seats >= seats and not group.waiting
        if group.starts_on > today and group.language == cohort.language and room:
            return group
    return None


def others_to_join(enrollment: Enrollment) -> list[Enrollment]:
    """Those of the cohort with whom somebody may come together: in the same state, with nobody yet, by name."""
    rows = Enrollment.objects.filter(cohort=enrollment.cohort_id, state=enrollment.state, party=None)
    return list(rows.exclude(pk=enrollment.pk).select_related("person").order_by("person__sort_key", "pk")[:MOST_SHOWN])


def transitions_of_enrollment(enrollment: Enrollment) -> list[Transition]:
    """Every move, newest first."""
    return list(enrollment.transitions.select_related("by", "from_cohort").order_by("-at", "-pk"))


def transition_to_undo(enrollment: Enrollment, at: datetime | None = None) -> Transition | None:
    """The last move while it can be undone: for 24 hours; nothing can after an undoing."""
    last = enrollment.transitions.order_by("-at", "-pk").first()
    if last is None or (at or timezone.now()) - last.at > UNDO_WITHIN:
        return None
    return last


def given_up_on_the_web(enrollment: Enrollment, at: datetime) -> bool:
    """Whether the last move was a no to an offered seat, given on the web, and can still be undone."""
    last = transition_to_undo(enrollment, at)
    return (
        last is not None
        and (last.from_state, last.to_state) == (EnrollmentState.OFFERED, EnrollmentState.WITHDRAWN)
        and last.how_asked == HowAsked.WEB
    )


def open_enrollments(pks: Collection[int], cohort: Cohort) -> list[Enrollment]:
    """Those of `pks` that are open and of this cohort, the queue in its order."""
    rows = cohort.enrollments.filter(pk__in=pks, state__in=OPEN_STATES).select_related("person")
    return list(rows.order_by("queue_number", "applied_at", "pk"))


def open_enrollments_of(person: Person) -> list[Enrollment]:
    return list(person.enrollments.filter(state__in=OPEN_STATES).select_related("cohort"))


def expected_in(cohort: Cohort) -> int:
    """How many people come to its sessions."""
    return cohort.enrollments.filter(state__in=[EnrollmentState.ENROLLED, EnrollmentState.ACTIVE]).count()
