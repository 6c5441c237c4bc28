"""A contact person stops the reminders by the link of a mail, as the mail program itself may (RFC 8058)."""

import re
from email import message_from_bytes, policy

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.channels.email import mail_of
from courses.messaging.channels.texts import MessageFacts
from courses.messaging.links import contact_stop_token, read_contact_stop_token, stop_token
from courses.messaging.models import Message
from courses.messaging.selectors import messages_with_facts
from tests.conftest import NOW
from tests.factories import CohortFactory, ContactPersonFactory, EnrollmentFactory, SessionFactory

pytestmark = pytest.mark.usefixtures("centre", "clock")


@pytest.fixture
def contact(db):
    """Told of reminders and of changes, by e-mail, for somebody whose session is soon."""
    enrollment = EnrollmentFactory.create(cohort=CohortFactory.create(starts_on=NOW.date()), person__language="en")
    SessionFactory.create(cohort=enrollment.cohort, starts_at=NOW.replace(day=14), ends_at=NOW.replace(day=14, hour=12))
    contact = ContactPersonFactory.create(
        person=enrollment.person, email="auttaja@example.org", told_reminders=True, told_changes=True
    )
    plan_session_reminders(at=NOW)
    return contact


def url_of(contact):
    return reverse("public:contacts-stop", args=[contact_stop_token(contact.pk)])


def test_the_mail_holds_the_link_for_a_person_and_for_a_program(contact):
    message = messages_with_facts().get(contact=contact)

    mail = mail_of(message, MessageFacts([message], at=NOW), at=NOW)

    [link] = set(re.findall(r"http\S+/stop/contact/[^/]+/", mail.text.body))
    assert message_from_bytes(mail.content, policy=policy.default)["List-Unsubscribe"] == f"<{link}>"
    assert link in mail.html
    assert "you have a place on the course" not in mail.html
    assert read_contact_stop_token(link.rstrip("/").rsplit("/", 1)[1]) == contact.pk


def test_looking_does_nothing_and_one_press_stops_the_reminders_alone(contact):
    browser = Client(enforce_csrf_checks=True)

    assert b"Stop the reminders" in browser.get(url_of(contact)).content
    contact.refresh_from_db()
    assert contact.told_reminders is True

    pages = [browser.post(url_of(contact), {"List-Unsubscribe": "One-Click"}) for _twice in range(2)]

    contact.refresh_from_db()
    assert [(page.status_code, page.context["is_stopped"]) for page in pages] == [(200, True)] * 2
    assert (contact.told_reminders, contact.told_changes, contact.ended_at) == (False, True, None)
    assert set(Message.objects.filter(contact=contact).values_list("state", "last_error")) == {
        ("cancelled", "contact_ended")
    }
    assert AuditEntry.objects.filter(action="contact.change", subject=contact.person).count() == 1


def test_who_is_told_nothing_else_is_contact_person_no_more(contact):
    contact.told_changes = False
    contact.save()

    Client().post(url_of(contact))

    contact.refresh_from_db()
    contact.consent.refresh_from_db()
    assert (contact.ended_at, contact.consent.withdrawn_at) == (NOW, NOW)


def test_the_page_names_nobody(contact):
    page = Client().get(url_of(contact)).content.decode()

    assert [name for name in (contact.name, contact.person.first_name, contact.person.last_name) if name in page] == []


@pytest.mark.parametrize("made", ["guessed", "of a person"])
def test_a_link_that_was_not_made_for_it_leads_nowhere(contact, made):
    token = "guessed" if made == "guessed" else stop_token(person_id=contact.person_id, rule="session_soon")

    assert Client().post(reverse("public:contacts-stop", args=[token])).status_code == 404
