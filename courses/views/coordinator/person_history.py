"""What has happened to a person, in words, newest first: enrollments, attendance, certificates, changes of the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from courses.enums import CAME_STATES, AttendanceState
from courses.selectors.people import attendance_of, certificates_of, changes_of, transitions_of
from courses.services import peoplewords as words
from courses.templatetags.people import enrollment_icon


@dataclass(frozen=True)
class Event:
    at: datetime
    icon: str
    text: str
    more: str
    # Nobody: the product itself did it.
    by: Person | None
    tone: str = ""


def history_of(person: Person, limit: int, *, looks: bool = False) -> list[Event]:
    """The newest `limit` events; one more than that when there are more. Four queries."""
    events = [
        *_moves(person, limit + 1),
        *_marks(person, limit + 1),
        *_certificates(person),
        *_changes(person, limit + 1, looks),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[: limit + 1]


def _moves(person: Person, limit: int) -> Iterator[Event]:
    for step in transitions_of(person, limit):
        said = [words.reason_words(step.reason), words.asked_words(step.how_asked)]
        yield Event(
            step.at,
            enrollment_icon(step.to_state),
            words.transition_words(step),
            " · ".join(part for part in said if part),
            step.by,
        )


def _marks(person: Person, limit: int) -> Iterator[Event]:
    for mark in attendance_of(person, limit):
        absent = mark.state == AttendanceState.ABSENT
        icon = "done" if mark.state in CAME_STATES else "warn" if absent else "dash"
        yield Event(mark.marked_at, icon, words.attendance_words(mark), "", mark.marked_by, "warn" if absent else "")


def _certificates(person: Person) -> Iterator[Event]:
    for certificate in certificates_of(person):
        yield Event(certificate.issued_at, "cert", words.certificate_words(certificate), "", certificate.issued_by)


def _changes(person: Person, limit: int, looks: bool) -> Iterator[Event]:
    for entry in changes_of(person, limit, looks=looks):
        yield Event(
            entry.at, "dot", words.change_words(entry), words.asked_words(entry.detail.get("how_asked", "")), entry.by
        )
