"""A call as it is made: what to say, in the language of the person. Calling is a person's work, recorded by hand."""

from dataclasses import dataclass

from courses.messaging.channels.texts import MessageFacts, Text, text_of
from courses.messaging.models import Message


@dataclass(frozen=True)
class Call:
    message: Message
    text: Text


def call_of(message: Message, facts: MessageFacts) -> Call:
    return Call(message=message, text=text_of(message, facts, kind="call"))
