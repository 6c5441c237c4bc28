"""What has happened to a person, in words, newest first: enrollments, attendance, certificates, changes of the record."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from accounts.models import Person
from courses.enrolling.wording.icons import enrollment_icon
from courses.registry.enums import NoteKind
from courses.registry.models import Note
from courses.registry.selectors.notes import notes_of
from courses.registry.selectors.people import (
    LOOK,
    attendance_of,
    certificates_of,
    changes_of,
    merges_of,
    transitions_of,
)
from courses.registry.wording import people as words
from courses.registry.wording.notes import note_words
from courses.teaching.enums import ATTENDED_STATES, AttendanceState

# So many regular entries in a row are told as one.
FOLDED_FROM = 3


@dataclass(frozen=True)
class Event:
    """`text` is what happened, `more` why or what beside, `who` by whom and how it had been asked. `routine`: what kind of
    regular entry it is, empty for what is none. `note`: what it tells of, where it is one."""

    at: datetime
    icon: str
    text: str
    more: str
    who: str
    tone: str = ""
    routine: str = ""
    note: Note | None = None


@dataclass(frozen=True)
class Run:
    """Regular entries of one kind that stand one after the other, the newest first."""

    events: Sequence[Event]

    @property
    def text(self) -> str:
        return words.run_words(self.events[0].routine, len(self.events))

    @property
    def icon(self) -> str:
        return self.events[0].icon

    @property
    def first_at(self) -> datetime:
        return self.events[-1].at

    @property
    def last_at(self) -> datetime:
        return self.events[0].at


def history_of(person: Person, limit: int, *, looks: bool = False) -> list[Event]:
    """The newest `limit` events; one more than that when there are more. Six queries."""
    events = [
        *_moves(person, limit + 1),
        *_marks(person, limit + 1),
        *_certificates(person),
        *_changes(person, limit + 1, looks),
        *_notes(person, limit + 1),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[: limit + 1]


def story_of(events: Iterable[Event]) -> list[Event | Run]:
    """The same in the same order, with what is regular folded where it stands in a row."""
    story: list[Event | Run] = []
    for routine, together in groupby(events, key=lambda event: event.routine):
        row = list(together)
        story += [Run(row)] if routine and len(row) >= FOLDED_FROM else row
    return story


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
        regular = "present" if mark.state == AttendanceState.PRESENT else ""
        yield Event(mark.marked_at, icon, words.attendance_words(mark), "", who, "warn" if absent else "", regular)


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
            routine="look" if entry.action == LOOK else "",
        )


def _notes(person: Person, limit: int) -> Iterator[Event]:
    for note in notes_of(person, limit):
        icon = "call" if note.kind == NoteKind.CALL else "speech"
        yield Event(note.written_at, icon, note_words(note), note.text, words.who_words(note.written_by, ""), note=note)
