"""What was answered in a call."""

from django.db.models import Choices

from accounts.acts import Act
from courses.messaging.enums import CallAnswer
from courses.messaging.kinds import answered_by
from courses.messaging.models import Message
from courses.messaging.services.by_hand import record_call


def answer_call(*, message: Message, answer: Choices, act: Act) -> None:
    """Records what came of a call. What is more than a CallAnswer is carried out by whom its kind concerns; what that
    raises is raised here."""
    if isinstance(answer, CallAnswer):
        record_call(message=message, answer=answer, act=act)
    else:
        answered_by(message)(message=message, answer=answer, act=act)
