"""What a message says, in the reader's language, with the facts of the moment in which it is asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.enums import Channel
from accounts.rules.names import clean_name
from accounts.rules.phones import show_phone
from courses.catalogue.selectors.centre import the_centre
from courses.dates.calendar import HELSINKI
from courses.dates.words import NBSP, month_words
from courses.messaging.kinds import Facts, kind_of
from courses.messaging.links import contact_stop_url, stop_url
from courses.messaging.models import Message

WORD_JOINER = "\u2060"
LAYOUTS = "courses/messaging/mail"


@dataclass(frozen=True)
class Text:
    """What is read: a heading of one line, and the text under it."""

    subject: str
    body: str


class MessageFacts:
    """The facts of some messages, read together for each topic. `context(message)` gives them as words for a template."""

    def __init__(self, messages: Sequence[Message], *, at: datetime) -> None:
        self.at = at
        self.centre = the_centre()
        by_topic: dict[type[Facts], list[Message]] = {}
        for message in messages:
            by_topic.setdefault(kind_of(message).facts, []).append(message)
        self.of_topic = {facts: facts(rows, at=at) for facts, rows in by_topic.items()}

    def context(self, message: Message) -> dict[str, object]:
        """Must be asked in the reader's language (`translation.override`): titles and dates follow it."""
        person, language = message.person, message.person.language
        words: dict[str, object] = {
            "message": message,
            "language": language,
            "name": clean_name(message.contact.name if message.contact else person.first_name),
            "full_name": clean_name(message.reader_name),
            "person": person,
            "person_name": clean_name(person.first_name),
            "centre": self.centre,
            "phone": show_phone(self.centre.phone).replace(" ", NBSP) if self.centre.phone else "",
            "today": month_words(self.at.astimezone(HELSINKI), language, year=True),
            "site_url": settings.SITE_URL,
        }
        kind = kind_of(message)
        if kind.stoppable and message.contact:
            words["stop_url"] = contact_stop_url(message.contact.pk, language)
        elif kind.stoppable:
            words["stop_url"] = stop_url(person_id=person.pk, rule=message.rule, language=language)
        return words | dict(self.of_topic[kind.facts].words(message))


def text_of(message: Message, facts: MessageFacts, *, kind: str = "") -> Text:
    """The plain text of a message; `kind="call"` is what is said on the phone."""
    with override(message.person.language):
        context = facts.context(message) | {"on_paper": message.channel == Channel.LETTER}
        name = _template(message)
        return Text(
            subject=one_line(render_to_string(f"{name}.subject.txt", context)),
            body=tidy(render_to_string(f"{name}.{kind}.txt" if kind else f"{name}.txt", context)),
        )


def html_of(message: Message, facts: MessageFacts, *, layout: str) -> str:
    """The message as HTML in `layout`, a file of the folder `mail`: `layout.html` or `letter.html`."""
    with override(message.person.language):
        context = facts.context(message) | {"layout": f"{LAYOUTS}/{layout}", "on_paper": layout == "letter.html"}
        return render_to_string(f"{_template(message, 'mail')}.html", context)


def _template(message: Message, *folder: str) -> str:
    """A contact person reads another text: of the person they help, and of nothing but what they may be told."""
    name = f"{message.rule}.contact" if message.contact else message.rule
    return "/".join([kind_of(message).templates, *folder, name])


def one_line(text: str) -> str:
    """Without line ends, invisible and control characters: fit for a header."""
    return clean_name(" ".join(text.replace(WORD_JOINER, "").split()))[:200]


def tidy(text: str) -> str:
    """Lines without outer blanks, never two empty lines in a row; without the word joiners of dates, for which many mail
    programs show a box."""
    lines = "\n".join(line.rstrip() for line in text.replace(WORD_JOINER, "").strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
