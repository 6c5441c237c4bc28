import re

import pytest
from django.test import Client

from accounts.models import AuditEntry, Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

LIST = "/en/administrator/staff/"


@pytest.fixture
def office(sign_in, administrator, centre):
    return sign_in(administrator)


def roles_of(person):
    return Person.objects.get(pk=person.pk).roles


def page_of(person):
    return f"{LIST}{person.code}/"


def hidden_fields(response):
    found = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode()):
        found.setdefault(name, []).append(value)
    return found


def test_the_list_shows_everybody_with_a_role(office, administrator, trainer, learner):
    assert list(office.get(LIST).context["staff"]) == [trainer, administrator]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_thirty(office, count, django_assert_num_queries):
    PersonFactory.create_batch(count, roles=["trainer", "viewer"])
    office.get(LIST)

    # Session, user, roles, staff, their grants.
    with django_assert_num_queries(5):
        office.get(LIST)


def test_somebody_without_a_role_is_found_by_name(office, learner):
    response = office.post(LIST, {"q": "oppija"})

    assert list(response.context["found"]) == [learner]


def test_a_role_is_given_after_a_question(office, learner):
    asked = office.post(page_of(learner), {"roles": ["trainer"], "may_sign_in": "on"})
    assert asked.context["consequences"] == ["Gets the role “Trainer”."]
    assert roles_of(learner) == frozenset()

    office.post(page_of(learner), hidden_fields(asked))

    assert roles_of(learner) == {"trainer"}


def test_roles_are_taken_and_sessions_end(office, trainer):
    browser = Client()
    browser.force_login(trainer)
    asked = office.post(page_of(trainer), {"roles": ["viewer"]})
    assert asked.context["consequences"] == [
        "Gets the role “Report viewer”.",
        "Loses the role “Trainer”, from the next click on.",
        "May not sign in any more. Every session ends at once.",
    ]

    office.post(page_of(trainer), hidden_fields(asked))

    trainer.refresh_from_db()
    assert (roles_of(trainer), trainer.is_active) == ({"viewer"}, False)
    assert browser.get("/en/accounts/login/").status_code == 200


def test_the_last_administrator_cannot_leave(office, administrator):
    response = office.post(page_of(administrator), {"may_sign_in": "on", "confirmed": "1"})

    assert list(response.context["form"].errors) == ["__all__"]
    assert roles_of(administrator) == {"administrator"}


def test_all_of_a_change_or_nothing(office, administrator):
    office.post(page_of(administrator), {"roles": ["trainer"], "may_sign_in": "on", "confirmed": "1"})

    assert roles_of(administrator) == {"administrator"}


NEW = {
    "first_name": "Tuula",
    "last_name": "Kouluttaja",
    "email": "Tuula@Example.org",
    "language": "sv",
    "roles": ["trainer", "viewer"],
}


def test_somebody_new_is_added_with_their_roles(office, administrator):
    response = office.post(f"{LIST}new/", NEW)

    person = Person.objects.get(first_name="Tuula")
    assert response.url == LIST
    assert (person.email, person.language, person.roles) == ("tuula@example.org", "sv", {"trainer", "viewer"})
    actions = AuditEntry.objects.filter(by=administrator, subject=person).values_list("action", flat=True)
    assert sorted(actions) == ["person.create", "role.grant", "role.grant"]


@pytest.mark.parametrize("missing", ["first_name", "last_name", "email", "roles"])
def test_what_staff_need_is_asked_for(office, missing):
    response = office.post(f"{LIST}new/", {**NEW, missing: []})

    assert list(response.context["form"].errors) == [missing]
    assert not Person.objects.filter(email="tuula@example.org").exists()


def test_who_is_much_alike_is_shown_before_saving(office):
    known = PersonFactory.create(first_name="Tuula", last_name="Kouluttaja", email="")

    asked = office.post(f"{LIST}new/", NEW)

    assert page_of(known) in asked.content.decode()
    assert Person.objects.filter(first_name="Tuula").count() == 1
    office.post(f"{LIST}new/", hidden_fields(asked) | {"change": "1"})
    assert Person.objects.filter(first_name="Tuula").count() == 1
    office.post(f"{LIST}new/", hidden_fields(asked))
    assert sorted(sorted(person.roles) for person in Person.objects.filter(first_name="Tuula")) == [
        [],
        ["trainer", "viewer"],
    ]
