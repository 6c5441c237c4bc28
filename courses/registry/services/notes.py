"""Notes and phone calls of a person. The audit says that something was written, changed or deleted, never what."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.services.audit import audit_entry, record_change, record_changes
from courses.registry.enums import CallOutcome, NoteKind
from courses.registry.models import Note
from courses.registry.rules import may_change_note
from courses.registry.selectors.retention import old_logged_calls

AT_ONCE = 500


@transaction.atomic
def add_note(*, person: Person, text: str, act: Act) -> Note:
    """RuleError `invalid` when it holds a personal identity code, or nothing."""
    note = Note(person=person, kind=NoteKind.NOTE, text=text, written_at=act.at, written_by=act.by)
    return _save(note, "note.add", act)


@transaction.atomic
def log_call(*, person: Person, outcome: CallOutcome, text: str, act: Act) -> Note:
    """RuleError `invalid` when the text holds a personal identity code."""
    note = Note(person=person, kind=NoteKind.CALL, text=text, written_at=act.at, written_by=act.by)
    note.outcome = outcome
    return _save(note, "note.add", act)


@transaction.atomic
def change_note(*, note: Note, text: str, outcome: str = "", act: Act) -> Note:
    """By whoever wrote it, for 24 hours. RuleError: `late`, `invalid`."""
    stored = Note.objects.select_for_update(of=("self",)).select_related("person").get(pk=note.pk)
    if not may_change_note(written_by=stored.written_by_id, written_at=stored.written_at, by=_pk(act), at=act.at):
        raise RuleError([_("Only whoever wrote this can change it, and only for 24 hours.")], code="late")
    stored.text, stored.outcome = text, outcome
    return _save(stored, "note.change", act)


@transaction.atomic
def delete_note(*, note: Note, act: Act) -> bool:
    """For good, by any coordinator at any time: what should not stand there has to go. Returns whether it was there."""
    deleted, _by_model = Note.objects.filter(pk=note.pk).delete()
    if deleted:
        record_change(by=act.by, action="note.delete", subject=note.person, detail={"kind": note.kind})
    return bool(deleted)


@transaction.atomic
def delete_notes_of(*, person: Person, act: Act) -> int:
    """All of a person, with one audit row."""
    deleted, _by_model = Note.objects.filter(person=person).delete()
    if deleted:
        record_change(by=act.by, action="note.delete", subject=person, detail={"notes": deleted})
    return deleted


@transaction.atomic
def forget_old_call_notes(*, at: datetime) -> int:
    """Deletes at most 500 of the phone calls that were written down three months ago, each with an audit row that says no
    more than that. Returns how many."""
    due = old_logged_calls(at=at).select_for_update(of=("self",)).select_related("person")
    rows = list(due.order_by("written_at", "pk")[:AT_ONCE])
    Note.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return record_changes(
        audit_entry(by=None, action="note.forget", subject=row.person, detail={"kind": row.kind}) for row in rows
    )


def forget_notes_of(*, people: Iterable[int]) -> None:
    """Of people (ids) whose names go: their audit row says so."""
    Note.objects.filter(person__in=people).delete()


def _save(note: Note, action: str, act: Act) -> Note:
    note.text = "\n".join(line.strip() for line in note.text.strip().splitlines())
    try:
        note.full_clean()
    except ValidationError as error:
        raise RuleError(error.messages, code="invalid") from error
    note.save()
    record_change(by=act.by, action=action, subject=note.person, thing=note, detail={"kind": note.kind})
    return note


def _pk(act: Act) -> int | None:
    return act.by.pk if act.by else None
