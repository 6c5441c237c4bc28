"""Notes and phone calls of a person as they stand in the story."""

from django.utils.translation import gettext as _

from courses.registry.enums import CallOutcome, NoteKind
from courses.registry.models import Note


def note_words(note: Note) -> str:
    if note.kind == NoteKind.NOTE:
        return _("Note:")
    return {
        CallOutcome.REACHED: _("Phone call, we talked."),
        CallOutcome.NO_ANSWER: _("Phone call, no answer."),
        CallOutcome.CALL_AGAIN: _("Phone call, to be called another time."),
        CallOutcome.SOMEBODY_ELSE: _("Phone call, somebody else answered."),
    }[CallOutcome(note.outcome)]
