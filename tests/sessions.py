"""A session two weeks after NOW, those who have a place in its group, and the day on which they are reminded."""

from datetime import datetime, timedelta

from accounts.models import Person
from courses.enrolling.models import Enrollment
from courses.messaging.models import Message
from courses.scheduling.models import Cohort, Session
from tests.conftest import HELSINKI, NOW
from tests.factories import EnrollmentFactory, PersonFactory, SessionFactory

SESSION_AT = datetime(2027, 1, 26, 10, 0, tzinfo=HELSINKI)
DUE = datetime(2027, 1, 22, 9, 0, tzinfo=HELSINKI)


def session_of(cohort: Cohort, starts_at: datetime = SESSION_AT, number: int = 1) -> Session:
    return SessionFactory.create(
        cohort=cohort, number=number, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )


def enroll(session: Session, person: Person | None = None, **fields: object) -> Enrollment:
    """A place in the session's group since yesterday."""
    fields.setdefault("admitted_at", NOW - timedelta(days=1))
    return EnrollmentFactory.create(cohort=session.cohort, person=person or PersonFactory.create(), **fields)


def states() -> list[str]:
    """Of all messages, in the order in which they were planned."""
    return list(Message.objects.order_by("pk").values_list("state", flat=True))
