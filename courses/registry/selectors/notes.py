from collections.abc import Iterable
from datetime import datetime

from accounts.models import Person
from courses.registry.models import Note
from courses.registry.rules import may_change_note


def notes_of(person: Person, limit: int) -> list[Note]:
    """Notes and calls, the newest first."""
    return list(person.notes.select_related("written_by")[:limit])


def changeable_notes(notes: Iterable[Note], by: Person, at: datetime) -> set[int]:
    """Ids of those that `by` may still change."""
    return {
        note.pk
        for note in notes
        if may_change_note(written_by=note.written_by_id, written_at=note.written_at, by=by.pk, at=at)
    }
