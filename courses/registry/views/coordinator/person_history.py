"""What has happened to a person, in words, newest first: enrollments, attendance, certificates, changes of the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Person
from courses.enrolling.wording.icons import enrollment_icon
from courses.registry.selectors.people import attendance_of, certificates_of, changes_of, merges_of, transitions_of
from courses.registry.wording import people as words
from courses.teaching.enums import ATTENDED_STATES, AttendanceState


@dataclass(frozen=True)
class Event:
    """`text` is what happened, `more` why or what beside, `who` by whom and how it had been asked."""

    at: datetime
    icon: str
    text: str
    more: str
    who: str
    tone: str = ""


def history_of(person: Person, limit: int, *, looks: bool = False) -> list[Event]:
    """The newest `limit` events; one more than that when there are more. Five queries."""
    events = [
        *_moves(person, limit + 1),
        *_marks(person, limit + 1),
        *_certificates(person),
        *_changes(person, limit + 1, looks),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[: limit + 1]


def _moves(person: Person, limit: int) -> Iterator[Event]:
    for step in transitions_of(person, limit):
        yield Event(
            step.at,
            enrollment_icon(step.to_state),
            words.transition_words(step),
            words.transition_reason_words(step),
            words.who_words(step.by, step.how_asked),
        )


def _marks(person: Person, limit: int) -> Iterator[Event]:
    for mark in attendance_of(person, limit):
        absent = mark.state == AttendanceState.ABSENT
        icon = "done" if mark.state in ATTENDED_STATES else "warn" if absent else "dash"
        who = words.who_words(mark.marked_by, "")
        yield Event(mark.marked_at, icon, words.attendance_words(mark), "", who, "warn" if absent else "")


def _certificates(person: Person) -> Iterator[Event]:
    for certificate in certificates_of(person):
        who = words.who_words(certificate.issued_by, "")
        yield Event(certificate.issued_at, "cert", words.certificate_words(certificate), "", who)


def _changes(person: Person, limit: int, looks: bool) -> Iterator[Event]:
    merges = merges_of(person)
    for entry in changes_of(person, limit, actions=words.TOLD, looks=looks):
        merge = merges.get(entry.object_id or 0) if entry.action == "person.merge" else None
        yield Event(
            entry.at,
            "twin" if merge else "dot",
            words.change_words(entry),
            words.merge_words(merge) if merge else "",
            words.who_words(entry.by, entry.detail.get("how_asked", "")),
        )
