"""What a message says, in the reader's language, with the facts of the moment in which it is asked."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import override, pgettext

from accounts.rules.names import clean_name
from accounts.rules.phones import show_phone
from courses.channels.offerlinks import application_url, offer_url
from courses.channels.stoplinks import contact_stop_url, stop_url
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, Message, Session
from courses.rules.datewords import (
    NBSP,
    clock_words,
    day_words,
    moment_words,
    month_words,
    time_range_words,
    when_words,
)
from courses.rules.reminders import HELSINKI, may_be_stopped
from courses.selectors.centre import the_centre
from courses.selectors.messagefacts import (
    QueueFacts,
    SessionFacts,
    enrollments_instead,
    queue_facts,
    sessions_of_messages,
)

FOLDER = "courses/messages"
MAP = "https://www.openstreetmap.org/search"


@dataclass(frozen=True)
class Text:
    """What is read: a heading of one line, and the text under it."""

    subject: str
    body: str


class Facts:
    """The facts of some messages, read together. `context(message)` gives them as words for a template."""

    def __init__(self, messages: Any, *, at: datetime) -> None:
        self.at = at
        self.centre = the_centre()
        self.instead = enrollments_instead(messages)
        self.sessions = sessions_of_messages(messages, at, self.instead)
        spoken_of = {one.pk: one for one in [*self.instead.values(), *(m.enrollment for m in messages)] if one}
        self.queue = queue_facts(list(spoken_of.values()), {message.rule for message in messages})

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
        if may_be_stopped(message.rule) and message.contact:
            words["stop_url"] = contact_stop_url(message.contact.pk, language)
        elif may_be_stopped(message.rule):
            words["stop_url"] = stop_url(person_id=person.pk, rule=message.rule, language=language)
        if message.enrollment:
            other = self.instead.get(message.pk)
            words |= _enrollment_words(message.enrollment, self.queue[message.enrollment.pk], language)
            cohort = message.enrollment.cohort
            if other:
                words |= {"instead": _enrollment_words(other, self.queue[other.pk], language)}
                cohort = other.cohort
            words |= _session_words(self.sessions.get(message.pk), cohort, language)
        if message.certificate:
            words |= _certificate_words(message, language)
        return words


def _enrollment_words(enrollment: Enrollment, queue: QueueFacts, language: str) -> dict[str, object]:
    """What stands of an enrollment: the group, how it is with the person in it, and how to answer."""
    cohort = enrollment.cohort
    words: dict[str, object] = {
        "course": cohort.course.title,
        "cohort": cohort,
        "group": cohort.name,
        "notice": cohort.notice,
        "starts": day_words(cohort.starts_on, language),
        "state": enrollment.state,
        "place_in_queue": queue.place,
        "companions": get_text_list(
            [clean_name(name) for name in queue.companions], pgettext("between the last two of several names", "and")
        ),
        "application_code": enrollment.application_code,
        "application_url": application_url(language),
    }
    if enrollment.state == EnrollmentState.OFFERED and enrollment.offer_expires_at:
        words["until"] = moment_words(enrollment.offer_expires_at.astimezone(HELSINKI), language)
        words["offer_url"] = offer_url(enrollment, language)
    return words


def _session_words(facts: SessionFacts | None, cohort: Cohort, language: str) -> dict[str, object]:
    if facts is None:
        return _place_words(None, cohort)
    session = facts.session
    starts, ends = session.starts_at.astimezone(HELSINKI), session.ends_at.astimezone(HELSINKI)
    return {
        "session": session,
        "number": facts.number,
        "total": facts.total,
        "day": day_words(starts, language),
        "clock": clock_words(starts, language),
        "time": time_range_words(starts, ends, language),
        "when": when_words(starts, ends, language),
        "topics": [module.title for module in facts.modules],
        **_place_words(session, cohort),
    }


def _place_words(session: Session | None, cohort: Cohort) -> dict[str, object]:
    venue = (session.venue if session else None) or cohort.venue
    remote = (session.remote_link if session else "") or ("" if venue else cohort.remote_link)
    if remote or venue is None:
        return {"remote_link": remote}
    address = ", ".join(part for part in (venue.street, venue.city) if part)
    return {
        "place": venue.name,
        "address": address,
        "directions": venue.directions,
        "map_url": f"{MAP}?{urlencode({'query': address})}" if venue.street else "",
    }


def _certificate_words(message: Message, language: str) -> dict[str, object]:
    certificate = message.certificate
    assert certificate is not None
    check = reverse("public:certificates-show", args=[certificate.number])
    return {
        "course": certificate.course.title,
        "certificate": certificate,
        "valid_until": month_words(certificate.valid_until, language, year=True) if certificate.valid_until else "",
        "check_url": f"{settings.SITE_URL}{check}",
        "own_page_url": f"{settings.SITE_URL}{reverse('learner:home')}",
    }


def text_of(message: Message, facts: Facts, *, kind: str = "") -> Text:
    """The plain text of a message; `kind="call"` is what is said on the phone."""
    with override(message.person.language):
        context = facts.context(message)
        name = f"{FOLDER}/{_template(message)}"
        return Text(
            subject=one_line(render_to_string(f"{name}.subject.txt", context)),
            body=tidy(render_to_string(f"{name}.{kind}.txt" if kind else f"{name}.txt", context)),
        )


def html_of(message: Message, facts: Facts, *, layout: str) -> str:
    """The message as HTML in `layout`, a file of the folder `mail`: `layout.html` or `letter.html`."""
    with override(message.person.language):
        context = facts.context(message) | {"layout": f"{FOLDER}/mail/{layout}", "on_paper": layout == "letter.html"}
        return render_to_string(f"{FOLDER}/mail/{_template(message)}.html", context)


def _template(message: Message) -> str:
    """A contact person reads another text: of the person they help, and of nothing but what they may be told."""
    return f"{message.rule}.contact" if message.contact else message.rule


def one_line(text: str) -> str:
    """Without line ends, invisible and control characters: fit for a header."""
    return clean_name(" ".join(text.split()))[:200]


def tidy(text: str) -> str:
    """Lines without outer blanks, never two empty lines in a row."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"
