import pytest

from accounts.models import SuspectedPair, UncomparedPerson
from accounts.selectors import count_duplicate_candidates, duplicate_candidates
from accounts.services.candidates import compare_people
from accounts.services.people import create_person, update_person
from tests.acts import act

pytestmark = pytest.mark.django_db


def add(first_name, last_name, birth_year=1948, **more):
    return create_person(act=act(), first_name=first_name, last_name=last_name, birth_year=birth_year, **more)


def pairs():
    return [{pair.first.first_name, pair.second.first_name} for pair in duplicate_candidates(limit=10)]


def test_a_misspelled_name_of_the_same_year_is_a_likely_pair():
    add("Aino", "Korhonen")
    add("Aimo", "Virtanen")
    add("Ainoo", "Korhonen")

    assert compare_people(most=10) == 3

    assert pairs() == [{"Aino", "Ainoo"}]
    assert count_duplicate_candidates() == 1


def test_who_was_compared_is_not_compared_again_until_something_changes():
    person = add("Aino", "Korhonen")
    add("Eila", "Manninen")
    compare_people(most=10)
    assert compare_people(most=10) == 0

    update_person(person=person, act=act(), first_name="Eila", last_name="Manninen")

    assert UncomparedPerson.objects.count() == 1
    assert compare_people(most=10) == 1
    assert SuspectedPair.objects.count() == 1


def test_no_more_are_compared_than_asked_for():
    for number in range(3):
        add("Aino", f"Korhonen{'x' * number * 4}")

    assert [compare_people(most=2), compare_people(most=2)] == [2, 1]
