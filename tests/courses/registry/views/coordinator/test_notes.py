from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.registry.models import Note
from courses.registry.services.notes import add_note
from tests.acts import act
from tests.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("clock", "english")


def url(name, person, *more):
    return reverse(f"coordinator:{name}", args=[person.code, *more])


def test_a_call_is_written_down_and_stands_in_the_story(office, learner):
    response = office.post(url("calls-create", learner), {"outcome": "call_again", "text": "Lomalla"}, follow=True)

    event = response.context["story"][0]
    assert (event.text, event.more, event.who) == (
        "Phone call, to be called another time.",
        "Lomalla",
        "Kaisa Koordinaattori",
    )
    assert url("notes-edit", learner, event.note.pk) in response.content.decode()


def test_a_note_is_written_down_and_changed(office, learner):
    office.post(url("notes-create", learner), {"text": "Soittaa aamulla"})
    note = Note.objects.get()

    assert office.get(url("notes-edit", learner, note.pk)).context["form"]["text"].value() == "Soittaa aamulla"
    office.post(url("notes-edit", learner, note.pk), {"text": "Soittaa illalla"})

    note.refresh_from_db()
    assert (note.kind, note.text) == ("note", "Soittaa illalla")


@pytest.mark.parametrize(
    ("name", "data", "field", "sentence"),
    [
        ("notes-create", {"text": ""}, "text", "Write the note first."),
        ("calls-create", {"text": "Tulee"}, "outcome", "Choose how the call ended."),
        (
            "calls-create",
            {"outcome": "reached", "text": "Soita 010148-123A"},
            "text",
            "Please take the personal identity code out of this text. We do not need it.",
        ),
    ],
)
def test_what_is_missing_or_too_much_is_said_beside_the_field(office, learner, name, data, field, sentence):
    response = office.post(url(name, learner), data)

    assert response.context["form"].errors[field] == [sentence]
    assert not Note.objects.exists()


def test_of_somebody_elses_note_and_of_an_old_one_only_the_deletion_is_offered(office, coordinator, learner):
    other = add_note(person=learner, text="Toisen", act=act(PersonFactory.create()))
    own = add_note(person=learner, text="Oma", act=act(coordinator))
    yesterday = timezone.now() - timedelta(hours=25)
    old = add_note(person=learner, text="Vanha", act=act(coordinator, at=yesterday))
    page = office.get(url("people-detail", learner)).content.decode()

    assert [url("notes-edit", learner, note.pk) + '"' in page for note in (other, own, old)] == [False, True, False]
    assert all(url("notes-delete", learner, note.pk) in page for note in (other, own, old))

    response = office.post(url("notes-edit", learner, old.pk), {"text": "Uusi"})
    assert response.context["form"].non_field_errors() == [
        "Only whoever wrote this can change it, and only for 24 hours."
    ]


def test_a_note_is_deleted_after_a_question(office, coordinator, learner):
    note = add_note(person=learner, text="Soittaa aamulla", act=act(coordinator))

    asked = office.get(url("notes-delete", learner, note.pk)).content.decode()
    assert "Soittaa aamulla" in asked and Note.objects.exists()
    response = office.post(url("notes-delete", learner, note.pk), follow=True)

    assert not Note.objects.exists()
    assert response.context["story"][0].text == "A note was deleted."


def test_the_note_of_one_person_is_not_found_under_another(office, coordinator, learner, stranger):
    note = add_note(person=learner, text="Soittaa aamulla", act=act(coordinator))

    for name in ("notes-edit", "notes-delete"):
        assert office.post(url(name, stranger, note.pk), {"text": "x"}).status_code == 404
    assert Note.objects.get().text == "Soittaa aamulla" and note.written_at == timezone.now()
