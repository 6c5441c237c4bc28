"""A letter as it is printed. The post is a person's work: what was posted is marked by hand."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from courses.messaging.channels.texts import MessageFacts, Text, html_of, text_of
from courses.messaging.models import Message


@dataclass(frozen=True)
class Letter:
    message: Message
    text: Text
    html: SafeString


def letter_of(message: Message, facts: MessageFacts) -> Letter:
    """`html` is one sheet for a page that loads css/letters.css; rendered by an escaping template."""
    return Letter(
        message=message,
        text=text_of(message, facts),
        html=mark_safe(html_of(message, facts, layout="letter.html")),  # noqa: S308  # the output of a template
    )
