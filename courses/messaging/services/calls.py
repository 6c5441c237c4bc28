"""What was answered in a call."""

from datetime import datetime

from django.db.models import Choices

from accounts.models import Person
from courses.messaging.enums import CallAnswer
from courses.messaging.kinds import answered_by
from courses.messaging.models import Message
from courses.messaging.services.by_hand import record_call


def answer_call(*, message: Message, answer: Choices, by: Person, at: datetime) -> None:
    """Records what came of a call. What is more than a CallAnswer is carried out by whom its kind concerns; what that
    raises is raised here."""
    if isinstance(answer, CallAnswer):
        record_call(message=message, answer=answer, by=by, at=at)
    else:
        answered_by(message)(message=message, answer=answer, by=by, at=at)
