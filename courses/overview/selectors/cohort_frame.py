from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Person
from courses.enrolling.enums import EnrollmentState
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session
from courses.scheduling.selectors.cohorts import sessions_of
from courses.teaching.enums import CompletionState


@dataclass(frozen=True)
class CohortFrame:
    """What stands at the head of each page of a cohort."""

    sessions: list[Session]
    trainers: list[Person]
    counts: dict[str, int]
    proposed: int
    messages: int

    @property
    def held(self) -> list[Session]:
        """The sessions that are held or will be."""
        return [session for session in self.sessions if session.state != SessionState.CANCELLED]

    @property
    def done(self) -> int:
        """How many sessions have begun."""
        now = timezone.now()
        return sum(session.starts_at <= now for session in self.held)

    @property
    def learners(self) -> int:
        """People with a place now; after the end, those who completed or did not."""
        return self._count(
            EnrollmentState.ENROLLED, EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.NOT_COMPLETED
        )

    @property
    def waiting(self) -> int:
        return self._count(EnrollmentState.WAITLISTED)

    @property
    def offered(self) -> int:
        return self._count(EnrollmentState.OFFERED)

    @property
    def seated(self) -> int:
        return self._count(EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)

    def _count(self, *states: EnrollmentState) -> int:
        return sum(self.counts.get(state, 0) for state in states)


def cohort_frame(cohort: Cohort, sessions: QuerySet[Session] | None = None) -> CohortFrame:
    """The head and tabs of a cohort's pages in five queries, whatever the cohort's size.

    `sessions`: sessions_of(cohort) with more on them, where a page needs more.
    """
    rows = list(
        cohort.enrollments.order_by()
        .values("state")
        .annotate(
            people=Count("pk", distinct=True),
            proposed=Count("completions", filter=Q(completions__state=CompletionState.PROPOSED)),
        )
        .values_list("state", "people", "proposed")
    )
    return CohortFrame(
        sessions=list(sessions_of(cohort) if sessions is None else sessions),
        trainers=list(cohort.trainers.order_by("sort_key")),
        counts={state: count for state, count, _proposed in rows},
        proposed=sum(count for _state, _all, count in rows),
        messages=Message.objects.filter(enrollment__cohort=cohort, state=MessageState.PENDING).count(),
    )
