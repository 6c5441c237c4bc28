import re

import pytest
from django.test import Client

from accounts.models import Person
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
