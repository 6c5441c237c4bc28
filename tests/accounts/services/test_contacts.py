from datetime import date, timedelta

import pytest

from accounts.enums import ConsentPurpose, HowAsked, PersonState, Relation
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, Consent, ContactPerson
from accounts.selectors import consents_of, contact_people_of
from accounts.services.consents import give_consent, withdraw_consent
from accounts.services.contacts import (
    add_contact_person,
    change_contact_person,
    end_contact_people_of,
    end_contact_person,
    end_expired_contact_people,
    forget_ended_contact_people,
    restore_contact_people,
)
from tests.acts import act
from tests.conftest import NOW
from tests.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

TODAY = NOW.date()
READ = "Saako kertoa?"


def add(person, by=None, text=READ, **data):
    data = {"name": "Liisa Läheinen", "relation": Relation.CHILD, "phone": "+358401234567", **data}
    return add_contact_person(person=person, data=data, consent_text=text, act=act(by, HowAsked.PHONE))


def change(contact, text="", **data):
    return change_contact_person(contact=contact, data=data, consent_text=text, act=act())


def test_a_contact_person_stands_on_the_consent_that_was_read(learner, coordinator):
    contact = add(
        learner, coordinator, name="  Liisa   Läheinen ", email=" Liisa@Example.ORG ", until=date(2027, 6, 30)
    )

    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.until) == ("Liisa Läheinen", "liisa@example.org", date(2027, 6, 30))
    assert (contact.told_reminders, contact.told_changes, contact.told_absences) == (True, True, False)
    consent = contact.consent
    assert (consent.person, consent.purpose, consent.text) == (learner, ConsentPurpose.CONTACT, READ)
    assert (consent.given_at, consent.how_asked, consent.by) == (NOW, HowAsked.PHONE, coordinator)
    assert list(contact_people_of(learner, TODAY)) == [contact]


def test_the_audit_says_who_did_what_and_holds_no_name(learner, coordinator):
    contact = add(learner, coordinator)
    end_contact_person(contact=contact, act=act(coordinator))

    entries = AuditEntry.objects.filter(subject=learner).order_by("id").values_list("action", "by", "detail")
    assert list(entries) == [
        ("consent.give", coordinator.pk, {"purpose": "contact", "how_asked": "phone"}),
        ("contact.add", coordinator.pk, {"how_asked": "phone"}),
        ("consent.withdraw", coordinator.pk, {"purpose": "contact", "how_asked": "desk"}),
        ("contact.end", coordinator.pk, {"how_asked": "desk"}),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"text": "  "}, "consent"),
        ({"phone": ""}, "invalid"),
        ({"phone": "0401234567"}, "invalid"),
        ({"name": ""}, "invalid"),
        ({"name": "Liisa 010148-123A"}, "invalid"),
        ({"told_reminders": False, "told_changes": False}, "invalid"),
        ({"until": TODAY - timedelta(days=1)}, "past"),
    ],
)
def test_what_is_not_right_is_refused_and_nothing_stays(learner, data, code):
    with pytest.raises(RuleError) as refused:
        add(learner, **data)

    assert refused.value.code == code
    assert (Consent.objects.count(), ContactPerson.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("state", [PersonState.DECEASED, PersonState.ANONYMIZED])
def test_nobody_is_told_for_somebody_who_is_gone(state):
    with pytest.raises(RuleError) as refused:
        add(PersonFactory.create(state=state))

    assert refused.value.code == "gone"


def test_ending_the_contact_person_withdraws_the_consent(learner, coordinator):
    contact = end_contact_person(contact=add(learner), act=act(coordinator))

    consent = contact.consent
    assert contact.ended_at == NOW
    assert (consent.withdrawn_at, consent.withdrawn_how_asked, consent.withdrawn_by) == (NOW, "desk", coordinator)
    assert not contact_people_of(learner, TODAY).exists()


def test_withdrawing_the_consent_ends_the_contact_person_and_no_other(learner):
    gone, stays = add(learner), add(learner, name="Matti")

    withdraw_consent(consent=gone.consent, act=act(via=HowAsked.WEB))

    gone.refresh_from_db()
    assert gone.ended_at == NOW
    assert list(contact_people_of(learner, TODAY)) == [stays]


def test_what_has_ended_does_not_end_twice(learner):
    contact = end_contact_person(contact=add(learner), act=act(via=HowAsked.WEB))

    with pytest.raises(RuleError) as refused:
        end_contact_person(contact=contact, act=act(via=HowAsked.WEB))

    assert refused.value.code == "withdrawn"
    assert AuditEntry.objects.filter(action="contact.end").count() == 1


def test_a_new_number_needs_no_new_consent(learner):
    contact = add(learner, until=date(2027, 6, 30))
    consent = contact.consent

    contact = change(contact, phone="+358501234567", told_changes=False, until=date(2027, 5, 31))

    assert (contact.phone, contact.told_changes, contact.consent) == ("+358501234567", False, consent)
    assert AuditEntry.objects.get(action="contact.change").detail == {
        "fields": ["phone", "told_changes", "until"],
        "how_asked": "desk",
    }


@pytest.mark.parametrize(
    "data", [{"name": "Matti Toinen"}, {"told_absences": True}, {"until": date(2027, 7, 31)}, {"until": None}]
)
def test_going_further_than_what_was_agreed_takes_a_new_consent(learner, data):
    contact = add(learner, until=date(2027, 6, 30))
    old = contact.consent
    with pytest.raises(RuleError) as refused:
        change(contact, **data)
    assert refused.value.code == "consent"

    contact = change(contact, "Uusi teksti", **data)

    old.refresh_from_db()
    contact.refresh_from_db()
    assert (old.withdrawn_at, contact.ended_at, contact.consent.text) == (NOW, None, "Uusi teksti")
    assert list(consents_of(learner)) == [contact.consent]


def test_a_change_that_changes_nothing_writes_nothing(learner):
    contact = add(learner)
    before = AuditEntry.objects.count()

    change(contact, name="Liisa Läheinen")

    assert AuditEntry.objects.count() == before


def test_a_contact_person_who_ended_or_was_changed_meanwhile_is_not_overwritten(learner):
    contact = add(learner)
    with pytest.raises(RuleError) as differs:
        change_contact_person(contact=contact, data={"name": "X"}, seen={"phone": ""}, act=act())
    end_contact_person(contact=contact, act=act(via=HowAsked.WEB))
    with pytest.raises(RuleError) as ended:
        change(contact, phone="+358501234567")

    assert (differs.value.code, ended.value.code) == ("stale", "stale")


def test_the_last_day_still_counts_and_the_day_after_ends(learner, stranger):
    contact = add(learner, until=TODAY)
    add(stranger)

    assert list(contact_people_of(learner, TODAY)) == [contact]
    assert not contact_people_of(learner, TODAY + timedelta(days=1)).exists()
    assert end_expired_contact_people(at=NOW) == []
    assert end_expired_contact_people(at=NOW + timedelta(days=1)) == [contact]
    assert end_expired_contact_people(at=NOW + timedelta(days=1)) == []
    contact.refresh_from_db()
    assert (contact.ended_at, contact.consent.withdrawn_at) == (NOW + timedelta(days=1), NOW + timedelta(days=1))
    assert contact_people_of(stranger, TODAY).exists()


def test_thirty_days_after_the_end_nobody_knows_who_it_was(learner, stranger):
    contact = end_contact_person(contact=add(learner), act=act(via=HowAsked.WEB))
    add(stranger)

    assert forget_ended_contact_people(at=NOW + timedelta(days=29)) == 0
    assert forget_ended_contact_people(at=NOW + timedelta(days=30)) == 1
    assert forget_ended_contact_people(at=NOW + timedelta(days=30)) == 0
    contact.refresh_from_db()
    assert (contact.name, contact.relation, contact.phone, contact.email) == ("", "", "", "")
    assert contact.consent.text == READ


def test_all_of_a_person_end_at_once_and_come_back_when_it_was_a_mistake(learner, stranger, coordinator):
    first, second = add(learner), add(learner, name="Matti")
    add(stranger)

    ended = end_contact_people_of(person=learner, act=act(coordinator, HowAsked.PHONE))
    assert ended == [first, second]
    assert not contact_people_of(learner, TODAY).exists()

    assert restore_contact_people(person=learner, pks=[first.pk, second.pk], act=act(coordinator)) == 2
    assert set(contact_people_of(learner, TODAY)) == {first, second}
    assert contact_people_of(stranger, TODAY).count() == 1


def test_a_consent_is_recorded_with_its_words(learner, coordinator):
    consent = give_consent(person=learner, purpose=ConsentPurpose.COURSE, text=READ, act=act(coordinator))

    assert list(consents_of(learner)) == [consent]
    assert AuditEntry.objects.get().detail == {"purpose": "course", "how_asked": "desk"}
