import pytest
from django.urls import reverse

from accounts.enums import ConsentPurpose, HowAsked
from courses.enrolling.models import SupportNeeds
from tests.conftest import NOW
from tests.factories import ConsentFactory, ContactPersonFactory, EnrollmentFactory

pytestmark = pytest.mark.usefixtures("clock", "centre", "english")


@pytest.fixture
def client(sign_in, learner):
    return sign_in(learner)


def home(client) -> str:
    return client.get(reverse("learner:home")).content.decode().replace("\xa0", " ")


def test_the_own_page_says_who_is_told_what_and_what_is_arranged(client, learner, stranger):
    ContactPersonFactory.create(person=learner, name="Liisa Läheinen")
    ContactPersonFactory.create(person=stranger, name="Toisen Läheinen")
    SupportNeeds.objects.create(
        enrollment=EnrollmentFactory.create(person=learner), hearing_loop=True, note="Oma tuoli", how_asked="desk"
    )

    page = home(client)

    for words in (
        "Liisa Läheinen",
        "Reminders of sessions",
        "We have told them since 12 January 2027.",
        "Hearing loop",
        "Oma tuoli",
    ):
        assert words in page
    assert "Toisen Läheinen" not in page


def test_the_learner_ends_the_contact_person_after_being_asked(client, learner):
    contact = ContactPersonFactory.create(person=learner, name="Liisa")
    url = reverse("learner:contacts-end", args=[contact.pk])

    client.get(url)
    contact.refresh_from_db()
    assert contact.ended_at is None
    assert client.post(url).url == reverse("learner:home")

    contact.refresh_from_db()
    assert (contact.ended_at, contact.consent.withdrawn_how_asked, contact.consent.withdrawn_by) == (
        NOW,
        HowAsked.WEB,
        None,
    )
    assert "Liisa" not in home(client)


def test_a_contact_person_who_was_ended_before_the_button_is_not_found(client, learner):
    contact = ContactPersonFactory.create(person=learner, ended_at=NOW)

    assert client.post(reverse("learner:contacts-end", args=[contact.pk])).status_code == 404


def test_what_was_agreed_to_is_listed_with_its_words(client, learner, stranger):
    ConsentFactory.create(person=learner, purpose=ConsentPurpose.COURSE, text="Ensimmäinen teksti")
    ConsentFactory.create(person=learner, text="Toinen teksti")
    ConsentFactory.create(person=learner, text="Peruttu teksti", withdrawn_at=NOW, withdrawn_how_asked=HowAsked.DESK)
    ConsentFactory.create(person=stranger, text="Vieraan teksti")

    page = client.get(reverse("learner:consents-list")).content.decode()

    assert [words in page for words in ("Ensimmäinen", "Toinen", "Peruttu", "Vieraan")] == [True, True, False, False]
    assert page.count("/withdraw/") == 1


def test_taking_the_yes_to_support_back_deletes_what_was_noted(client, learner):
    SupportNeeds.objects.create(enrollment=EnrollmentFactory.create(person=learner), wheelchair=True, how_asked="desk")
    consent = ConsentFactory.create(person=learner)
    url = reverse("learner:consents-withdraw", args=[consent.pk])

    client.get(url)
    assert SupportNeeds.objects.exists()
    client.post(url)

    consent.refresh_from_db()
    assert (consent.withdrawn_how_asked, consent.withdrawn_at) == (HowAsked.WEB, NOW)
    assert not SupportNeeds.objects.exists()
