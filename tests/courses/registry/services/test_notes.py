from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.enums import PersonState
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.registry.enums import CallOutcome
from courses.registry.models import Note
from courses.registry.services.notes import add_note, change_note, delete_note, forget_old_call_notes, log_call
from courses.registry.services.people import change_person_state
from tests.acts import act
from tests.conftest import HELSINKI, NOW
from tests.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "english")]

WITH_CODE = "Soita aamulla 010148-123A."


def call(person, coordinator, text="Tulee aamulla", at=None):
    return log_call(person=person, outcome=CallOutcome.REACHED, text=text, act=act(coordinator, at=at))


def audited(person):
    return list(AuditEntry.objects.filter(subject=person).order_by("pk").values_list("action", "detail"))


def test_a_call_says_who_when_how_it_ended_and_what_was_said(learner, coordinator):
    note = call(learner, coordinator, "  Tulee aamulla. \n Tuo ystävän. ")

    note.refresh_from_db()
    assert (note.kind, note.outcome, note.text) == ("call", "reached", "Tulee aamulla.\nTuo ystävän.")
    assert (note.written_by, note.written_at) == (coordinator, timezone.now())
    # What was said stands in the note alone.
    assert audited(learner) == [("note.add", {"kind": "call"})]


@pytest.mark.parametrize("text", [WITH_CODE, "x" * 1001])
def test_an_identity_code_and_a_novel_are_refused(learner, coordinator, text):
    for write in (add_note, lambda **given: log_call(outcome=CallOutcome.REACHED, **given)):
        with pytest.raises(RuleError) as refusal:
            write(person=learner, text=text, act=act(coordinator))
        assert refusal.value.code == "invalid"

    assert not Note.objects.exists()


def test_a_note_says_something_and_a_call_need_not(learner, coordinator):
    with pytest.raises(RuleError):
        add_note(person=learner, text="  ", act=act(coordinator))

    assert log_call(person=learner, outcome=CallOutcome.NO_ANSWER, text="", act=act(coordinator)).pk


def test_whoever_wrote_it_mends_it_for_a_day(learner, coordinator):
    note = add_note(person=learner, text="Soittaa aamulla", act=act(coordinator))

    change_note(note=note, text="Soittaa illalla", act=act(coordinator, at=NOW + timedelta(hours=24)))

    note.refresh_from_db()
    assert (note.text, note.written_at) == ("Soittaa illalla", NOW)
    assert [action for action, _detail in audited(learner)] == ["note.add", "note.change"]


def test_nobody_else_mends_it_and_nobody_after_a_day(learner, coordinator):
    note = add_note(person=learner, text="Soittaa aamulla", act=act(coordinator))
    later = act(coordinator, at=NOW + timedelta(hours=24, seconds=1))

    for somebody in (act(PersonFactory.create(roles=["coordinator"])), later, act()):
        with pytest.raises(RuleError) as refusal:
            change_note(note=note, text="Muuta", act=somebody)
        assert refusal.value.code == "late"

    note.refresh_from_db()
    assert note.text == "Soittaa aamulla"


def test_what_should_not_stand_there_is_deleted_by_anyone_at_the_desk_at_any_time(learner, coordinator):
    note = add_note(person=learner, text="Soittaa aamulla", act=act(coordinator))
    other = PersonFactory.create(roles=["coordinator"])
    later = act(other, at=NOW + timedelta(days=300))

    assert delete_note(note=note, act=later)
    assert not delete_note(note=note, act=later)

    assert not Note.objects.exists()
    assert audited(learner)[1:] == [("note.delete", {"kind": "note"})]


def test_calls_go_after_three_months_notes_stay_and_a_second_run_finds_nothing(learner, coordinator):
    old = call(learner, coordinator, at=datetime(2026, 10, 12, 10, 0, tzinfo=HELSINKI))
    young = call(learner, coordinator, at=datetime(2026, 10, 12, 10, 1, tzinfo=HELSINKI))
    note = add_note(person=learner, text="Soittaa aamulla", act=act(coordinator, at=NOW - timedelta(days=400)))

    assert (forget_old_call_notes(at=NOW), forget_old_call_notes(at=NOW)) == (1, 0)

    assert set(Note.objects.all()) == {young, note} and old not in Note.objects.all()
    assert audited(learner)[-1] == ("note.forget", {"kind": "call"})


def test_with_the_names_of_somebody_the_notes_are_gone(learner, coordinator):
    call(learner, coordinator)
    other = call(PersonFactory.create(), coordinator)

    change_person_state(person=learner, to_state=PersonState.ANONYMIZED, act=act(coordinator))

    assert list(Note.objects.all()) == [other]


def test_a_death_that_can_be_undone_leaves_them(learner, coordinator):
    call(learner, coordinator)

    change_person_state(person=learner, to_state=PersonState.DECEASED, act=act(coordinator))

    assert Note.objects.count() == 1
