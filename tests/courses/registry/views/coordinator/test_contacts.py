from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.enums import Channel, ConsentPurpose, HowAsked
from accounts.models import ContactPerson
from accounts.wording.consents import consent_text
from tests.conftest import NOW
from tests.factories import ConsentFactory, ContactPersonFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("clock", "centre", "english")


@pytest.fixture
def client(sign_in, coordinator):
    return sign_in(coordinator)


FILLED = {
    "name": "Liisa Läheinen",
    "relation": "child",
    "phone": "09 123 4567",
    "email": "",
    "told": ["told_reminders", "told_absences"],
    "until": "2027-06-30",
    "how_asked": "phone",
    "said_yes": "on",
}


def create(person) -> str:
    return reverse("coordinator:contacts-create", args=[person.code])


def edit(contact, name="contacts-edit") -> str:
    return reverse(f"coordinator:{name}", args=[contact.person.code, contact.pk])


def page_of(client, person) -> str:
    return client.get(reverse("coordinator:people-detail", args=[person.code])).content.decode()


def form_of(client, contact, **data) -> dict:
    form = client.get(edit(contact)).context["form"]
    return FILLED | {"name": contact.name, "seen": form["seen"].value(), "until": "", "said_yes": ""} | data


def test_a_contact_person_is_added_with_what_was_read_in_the_language_spoken(client, coordinator, centre):
    person = PersonFactory.create(language="sv")

    response = client.post(create(person), FILLED)

    assert response.url == reverse("coordinator:people-detail", args=[person.code])
    contact = ContactPerson.objects.get()
    assert (contact.name, contact.phone, contact.until) == (
        "Liisa Läheinen",
        "+35891234567",
        NOW.date().replace(2027, 6, 30),
    )
    assert (contact.told_reminders, contact.told_changes, contact.told_absences) == (True, False, True)
    with translation.override("sv"):
        assert contact.consent.text == consent_text(ConsentPurpose.CONTACT, centre)
    assert (contact.consent.by, contact.consent.how_asked) == (coordinator, HowAsked.PHONE)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Liisa 010148-123A"}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"phone": "", "email": "nowhere"}, "email"),
        ({"told": []}, "told"),
        ({"told": ["everything"]}, "told"),
        ({"until": "2027-01-11"}, "until"),
        ({"until": "soon"}, "until"),
        ({"said_yes": ""}, "said_yes"),
        ({"how_asked": "web"}, "how_asked"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(client, learner, wrong, field):
    response = client.post(create(learner), FILLED | wrong)

    assert list(response.context["form"].errors) == [field]
    assert 'id="errors"' in response.content.decode()
    assert not ContactPerson.objects.exists()


def test_the_page_of_the_person_says_who_what_until_when_and_the_consent(client, learner):
    ContactPersonFactory.create(
        person=learner, name="Liisa", until=NOW.date() + timedelta(days=30), consent__how_asked=HowAsked.PHONE
    )

    page = page_of(client, learner).replace("\xa0", " ")

    box = page[page.index('id="contact-person"') : page.index("Add another contact person")]
    for words in ("Liisa", "Son or daughter", "Reminders of sessions", "Changes and cancellations", "11 Feb 2027"):
        assert words in box
    assert "Absences" not in box
    assert "12 Jan 2027, asked by phone" in box


def test_who_is_reached_through_nobody_gets_a_hint(client):
    person = PersonFactory.create(channel=Channel.CONTACT)
    hint = "No contact person is on record"
    assert hint in page_of(client, person)

    ContactPersonFactory.create(person=person)

    assert hint not in page_of(client, person)


def test_a_new_number_is_saved_without_asking_again(client, learner):
    contact = ContactPersonFactory.create(person=learner)

    response = client.post(
        edit(contact), form_of(client, contact, phone="050 123 4567", told=["told_reminders", "told_changes"])
    )

    assert response.status_code == 302
    contact.refresh_from_db()
    assert (contact.phone, contact.consent.withdrawn_at) == ("+358501234567", None)


def test_more_to_tell_asks_for_a_yes(client, learner):
    contact = ContactPersonFactory.create(person=learner)
    more = form_of(client, contact, told=["told_reminders", "told_changes", "told_absences"])

    assert list(client.post(edit(contact), more).context["form"].errors) == ["said_yes"]
    assert client.post(edit(contact), more | {"said_yes": "on"}).status_code == 302

    old = contact.consent
    old.refresh_from_db()
    contact.refresh_from_db()
    assert (contact.told_absences, contact.consent_id == old.pk, old.withdrawn_at) == (True, False, NOW)


def test_two_coordinators_on_the_same_contact_person(client, learner):
    contact = ContactPersonFactory.create(person=learner)
    typed = form_of(client, contact, phone="050 123 4567")
    ContactPerson.objects.update(email="liisa@example.org")

    response = client.post(edit(contact), typed)

    assert "Somebody else changed these details" in response.content.decode()
    contact.refresh_from_db()
    assert contact.phone == "+358401234567"


def test_ending_asks_first_and_get_changes_nothing(client, coordinator, learner):
    contact = ContactPersonFactory.create(person=learner)

    page = client.get(edit(contact, "contacts-end")).content.decode()
    contact.refresh_from_db()
    assert "The consent is withdrawn." in page
    assert contact.ended_at is None

    assert client.post(edit(contact, "contacts-end"), {"how_asked": "desk"}).status_code == 302
    contact.refresh_from_db()
    assert (contact.ended_at, contact.consent.withdrawn_by) == (NOW, coordinator)
    assert client.post(edit(contact, "contacts-end"), {"how_asked": "desk"}).status_code == 404


def test_the_contact_person_of_somebody_else_is_not_found_under_this_person(client, learner, stranger):
    contact = ContactPersonFactory.create(person=stranger)

    for name in ("contacts-edit", "contacts-end"):
        assert client.get(reverse(f"coordinator:{name}", args=[learner.code, contact.pk])).status_code == 404


@pytest.mark.parametrize("state", ["deceased", "anonymized"])
def test_nobody_is_added_for_somebody_who_is_gone(client, state):
    person = PersonFactory.create(state=state)

    assert client.get(create(person)).status_code == 404
    assert create(person) not in page_of(client, person)


def test_the_yes_to_the_course_is_not_taken_back_here(client, learner):
    consent = ConsentFactory.create(person=learner, purpose=ConsentPurpose.COURSE)

    url = reverse("coordinator:consents-withdraw", args=[learner.code, consent.pk])

    assert client.get(url).status_code == 404
    assert url not in page_of(client, learner)
