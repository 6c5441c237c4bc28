import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import RoleName
from accounts.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def create_staff(*arguments):
    out = StringIO()
    call_command("create_staff", *arguments, stdout=out)
    return out.getvalue()


def test_a_new_coordinator_can_sign_in_once(client, centre):
    printed = create_staff("anna.aalto@example.org", "--role", "coordinator")

    person = Person.objects.get(email="anna.aalto@example.org")
    assert (person.full_name, person.roles) == ("Anna Aalto", {"coordinator"})
    path = re.search(r"http://127\.0\.0\.1:\d+(/fi/\S+)", printed)[1]
    client.post(path)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_names_can_be_given():
    create_staff("office@example.org", "--role", "viewer", "--first-name", "Åsa", "--last-name", "Öhman")

    assert Person.objects.get().full_name == "Åsa Öhman"


@pytest.mark.parametrize("role", RoleName.values)
def test_somebody_known_is_given_each_role(role):
    person = PersonFactory.create(email="anna@example.org")

    create_staff("Anna@example.org", "--role", role)
    create_staff("Anna@example.org", "--role", role)

    assert Person.objects.get() == person
    assert list(person.role_grants.values_list("role", flat=True)) == [role]


def test_one_of_several_with_the_address_is_named():
    first, second = (PersonFactory.create(last_name=name, email="office@example.org") for name in ("Aalto", "Berg"))
    with pytest.raises(CommandError, match=f"{first.code}, {second.code}"):
        create_staff("office@example.org", "--role", "trainer")

    create_staff("office@example.org", "--role", "trainer", "--person", second.code)

    assert (first.roles, second.roles) == (frozenset(), {"trainer"})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("not an address", "--role", "coordinator"), "no e-mail address"),
        (("gone@example.org", "--role", "coordinator"), "may not sign in"),
        (("a@example.org", "--role", "coordinator", "--person", "S-2222-22"), "own code"),
        (("a@example.org", "--role", "king"), "invalid choice"),
    ],
)
def test_a_clear_line_when_it_cannot_be(arguments, message):
    PersonFactory.create(email="gone@example.org", is_active=False)

    with pytest.raises(CommandError, match=message):
        create_staff(*arguments)

    assert Person.objects.count() == 1
