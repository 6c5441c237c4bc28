import secrets

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.enums import HowAsked, PersonState, RoleName
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, Person
from accounts.rules.codes import ALPHABET, parse_person_code
from accounts.selectors import search_people
from accounts.services.people import (
    change_person_state,
    create_people,
    create_person,
    disable_person,
    enable_person,
    end_role,
    grant_role,
    update_person,
)
from tests.acts import act
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_new_person_gets_a_code_clean_names_and_an_audit_row(coordinator):
    person = create_person(
        first_name="  Åke \u202e",
        last_name="Mäki-Ketelä",
        email=" Ake@Example.ORG ",
        act=act(coordinator, HowAsked.PHONE),
    )

    person.refresh_from_db()
    assert parse_person_code(person.code) == person.code
    assert (person.first_name, person.last_name, person.email) == ("Åke", "Mäki-Ketelä", "ake@example.org")
    assert person.name_key == "maki ketela ake"
    assert not person.has_usable_password()
    entry = AuditEntry.objects.get(subject=person)
    assert (entry.by, entry.action, entry.detail) == (coordinator, "person.create", {"how_asked": "phone"})


def test_a_person_needs_neither_phone_nor_email_nor_year(coordinator):
    person = create_person(first_name="Aino", last_name="Ek", channel="letter", act=act(coordinator))

    assert (person.phone, person.email, person.birth_year) == ("", "", None)


@pytest.mark.parametrize(
    "data",
    [
        {"last_name": "Virtanen 010148-123A"},
        {"street": "Kuja 1, hetu 010148-123A"},
        {"phone": "0401234567"},
        {"email": "not an address"},
        {"birth_year": 48},
        {"first_name": ""},
        {"language": "tlh"},
    ],
    ids=lambda data: next(iter(data)),
)
def test_a_person_with_a_wrong_field_is_refused(coordinator, data):
    with pytest.raises(ValidationError):
        create_person(**{"first_name": "Aino", "last_name": "Ek", **data}, act=act(coordinator))

    assert not Person.objects.filter(first_name="Aino").exists()


def test_no_address_is_stored_under_a_safety_ban(coordinator):
    person = create_person(
        first_name="Aino", last_name="Ek", street="Kuja 1", city="Espoo", protected=True, act=act(coordinator)
    )

    assert (person.street, person.city) == ("", "")


@pytest.mark.parametrize("count", [1, 30])
def test_many_people_are_created_in_few_queries(coordinator, count, django_assert_num_queries):
    rows = [{"first_name": "Aino", "last_name": f"Ek{number}"} for number in range(count)]

    # Savepoint, codes, people, audit, release.
    with django_assert_num_queries(7):
        people = create_people(rows=rows, act=act(coordinator, HowAsked.ROSTER))

    assert [person.last_name for person in people] == [row["last_name"] for row in rows]
    assert len({person.code for person in people}) == count


def _number(characters):
    """The random number that becomes these characters."""
    return sum(ALPHABET.index(character) * len(ALPHABET) ** place for place, character in enumerate(characters))


def test_a_code_that_is_taken_is_drawn_again(coordinator, monkeypatch):
    PersonFactory.create(code="S-2222-22")
    # Drawn for the first the taken one, for the second 33333; then for the first 33333 again, and 44444 at last.
    drawn = iter([0, *[_number("33333")] * 2, _number("44444")])
    monkeypatch.setattr(secrets, "randbelow", lambda limit: next(drawn))

    people = create_people(
        rows=[{"first_name": "A", "last_name": "B"}, {"first_name": "C", "last_name": "D"}],
        act=act(coordinator, HowAsked.ROSTER),
    )

    assert [person.code[:8] for person in people] == ["S-4444-4", "S-3333-3"]


def test_a_code_from_earlier_records_is_kept(coordinator):
    person = create_person(code="11391", first_name="A", last_name="B", act=act(coordinator, HowAsked.RECORDS))

    assert person.code == "11391"


def test_an_update_names_the_fields_and_not_the_values(coordinator, learner):
    stored = update_person(
        person=learner, phone="+358401234567", last_name="Öhman", act=act(coordinator, HowAsked.PHONE)
    )

    entry = AuditEntry.objects.get(action="person.update")
    assert entry.detail == {"fields": ["last_name", "phone"], "how_asked": "phone"}
    assert list(search_people("0401234567")) == [stored]
    assert stored.sort_key.startswith("}hman")


def test_an_update_that_changes_nothing_writes_nothing(coordinator, learner):
    update_person(person=learner, first_name=learner.first_name, act=act(coordinator))

    assert not AuditEntry.objects.exists()


def test_an_update_from_a_stale_form_is_refused(coordinator, learner):
    seen = {"phone": learner.phone}
    update_person(person=learner, phone="+358401234567", act=act(coordinator))

    with pytest.raises(RuleError) as refusal:
        update_person(person=learner, phone="+358407654321", seen=seen, act=act(coordinator))

    assert refusal.value.code == "stale"
    learner.refresh_from_db()
    assert learner.phone == "+358401234567"


def test_a_safety_ban_empties_the_address(coordinator):
    person = PersonFactory.create(street="Kuja 1", postal_code="02100", city="Espoo")

    stored = update_person(person=person, protected=True, act=act(coordinator))

    assert (stored.street, stored.postal_code, stored.city) == ("", "", "")


def test_a_deceased_person_is_signed_out_for_good(coordinator, learner):
    client = Client()
    client.force_login(learner)

    change_person_state(person=learner, to_state=PersonState.DECEASED, act=act(coordinator, HowAsked.PHONE))
    change_person_state(person=learner, to_state=PersonState.ACTIVE, act=act(coordinator, HowAsked.PHONE))

    assert client.get("/en/accounts/login/").status_code == 200
    assert [entry.detail["to"] for entry in AuditEntry.objects.order_by("id")] == ["deceased", "active"]


def test_the_same_state_again_is_refused(coordinator, learner):
    with pytest.raises(RuleError) as refusal:
        change_person_state(person=learner, to_state=PersonState.ACTIVE, act=act(coordinator, HowAsked.PHONE))

    assert refusal.value.code == "same_state"


def test_a_role_is_given_and_taken(administrator, learner):
    grant_role(person=learner, role=RoleName.TRAINER, act=act(administrator))
    assert learner.roles == {"trainer"}

    end_role(person=learner, role=RoleName.TRAINER, act=act(administrator))
    assert learner.roles == frozenset()
    assert list(AuditEntry.objects.order_by("id").values_list("action", "detail")) == [
        ("role.grant", {"role": "trainer"}),
        ("role.end", {"role": "trainer"}),
    ]


def test_a_role_is_not_given_twice(administrator, trainer):
    with pytest.raises(RuleError) as refusal:
        grant_role(person=trainer, role=RoleName.TRAINER, act=act(administrator))

    assert refusal.value.code == "no_grant"


def test_the_last_administrator_stays(administrator):
    for attempt in (
        lambda: end_role(person=administrator, role=RoleName.ADMINISTRATOR, act=act(administrator)),
        lambda: disable_person(person=administrator, act=act(administrator)),
    ):
        with pytest.raises(RuleError) as refusal:
            attempt()
        assert refusal.value.code == "last_administrator"

    assert administrator.role_grants.filter(ended_at__isnull=True).count() == 1


def test_disabling_ends_every_session_even_after_enabling(administrator, coordinator):
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(coordinator)
    assert Session.objects.count() == 2

    disable_person(person=coordinator, act=act(administrator))
    while_disabled = [client.get("/en/accounts/login/").status_code for client in clients]
    enable_person(person=coordinator, act=act(administrator))
    afterwards = [client.get("/en/accounts/login/").status_code for client in clients]

    # A signed-in person would be led on from the sign-in page.
    assert (while_disabled, afterwards) == ([200, 200], [200, 200])
