import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Person, UncomparedPerson
from accounts.selectors import duplicates_on_file, search_people

RELEASED = [("accounts", "0001_initial"), ("courses", "0001_initial")]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def released():
    """The models of the release before; afterwards the database is as the code has it."""
    for app, name in reversed(RELEASED):
        call_command("migrate", app, name, verbosity=0)
    yield MigrationExecutor(connection).loader.project_state(RELEASED).apps
    call_command("migrate", verbosity=0)


def test_those_on_record_are_found_and_compared_after_the_update_and_found_after_going_back(released):
    released.get_model("accounts", "Person").objects.create(
        code="S-7K3M-Q4", first_name="Åke", last_name="Mäki-Ketelä", birth_year=1941, phone="+358405590936"
    )

    call_command("migrate", verbosity=0)

    ake = Person.objects.get()
    assert [list(search_people(text)) for text in ("ketela ak", "0936", "7k3m")] == [[ake], [ake], [ake]]
    assert [one.person for one in duplicates_on_file(first_name="Åke", last_name="Näki-Ketelä", birth_year=1941)] == [
        ake
    ]
    assert list(UncomparedPerson.objects.values_list("person", flat=True)) == [ake.pk]

    call_command("migrate", "accounts", "0002", verbosity=0)

    before = MigrationExecutor(connection).loader.project_state([("accounts", "0002_enrollment_in_full")]).apps
    found = before.get_model("accounts", "Person").objects.filter(search_text__contains="0405590936")
    assert list(found.values_list("search_text", flat=True)) == [
        "maki ketela ake ake maki ketela s 7k3m q4 s7k3mq4 +358405590936 0405590936"
    ]
