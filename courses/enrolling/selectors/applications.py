"""An application as the person who holds its code sees it, and where else one may apply."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.enums import HowAsked
from accounts.models import AuditEntry, Person, PersonMerge
from accounts.rules.codes import parse_application_code
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.cohorts import CohortWithWaiting, application_state, open_cohorts
from courses.messaging.models import Message
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session

TAKES_APPLICATIONS = ("open", "full")
OTHERS_SHOWN = 6
MESSAGES_SHOWN = 10


class CohortStanding(NamedTuple):
    """A group, and how its applications stand: application_state."""

    cohort: CohortWithWaiting
    state: str


def application_with_code(text: str) -> Enrollment | None:
    """The one application that the typed code opens. Case, spaces and dashes do not matter."""
    code = parse_application_code(text)
    return _applications().filter(application_code=code).first() if code else None


def application_by_id(pk: int) -> Enrollment | None:
    return _applications().filter(pk=pk).first()


def applications_by_ids(pks: Sequence[int]) -> list[Enrollment]:
    return list(_applications().filter(pk__in=pks).order_by("pk"))


def sessions_to_come_to(cohort: Cohort) -> list[Session]:
    """The sessions that are held, in order, with venue."""
    sessions = cohort.sessions.exclude(state=SessionState.CANCELLED)
    return list(sessions.select_related("venue").order_by("starts_at", "number"))


def notified_about(enrollment: Enrollment) -> list[Message]:
    """What went out to the person themselves about this application, newest first."""
    sent = enrollment.messages.filter(sent_at__isnull=False, contact__isnull=True)
    return list(sent.order_by("-sent_at")[:MESSAGES_SHOWN])


def is_own_record(person: Person) -> bool:
    """Whether the record of `person` is what a web application made of it: whoever holds the application's code may see
    and correct it. Once staff have touched it, merged another one into it or given it a role, the code does not reach it.
    """
    entries = AuditEntry.objects.filter(subject=person)
    made = entries.filter(action="person.create", by__isnull=True, detail__how_asked=HowAsked.WEB)
    touched = entries.filter(action__in=("person.update", "person.state"), by__isnull=False)
    return (
        made.exists()
        and not touched.exists()
        and not PersonMerge.objects.filter(kept=person).exists()
        and not person.role_grants.exists()
    )


def other_cohorts(cohort: Cohort, today: date) -> list[CohortStanding]:
    """Groups that take applications now, with how they stand: those of the same course first."""
    others = open_cohorts(today=today).exclude(pk=cohort.pk)
    found = [CohortStanding(other, application_state(other, today)) for other in others]
    taking = [one for one in found if one.state in TAKES_APPLICATIONS]
    taking.sort(key=lambda one: (one.cohort.course_id != cohort.course_id, one.state != "open"))
    return taking[:OTHERS_SHOWN]


def _applications() -> QuerySet[Enrollment]:
    return Enrollment.objects.select_related("person", "cohort__course", "cohort__venue", "party")
