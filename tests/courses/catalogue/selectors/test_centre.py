import pytest
from django.utils import translation

from courses.catalogue.selectors.centre import UNKNOWN, centre_facts, forget_centre
from tests.factories import CentreFactory

pytestmark = pytest.mark.django_db


def test_the_centre_is_read_once(centre, django_assert_num_queries):
    with django_assert_num_queries(1):
        facts = [centre_facts(), centre_facts()]

    assert {(fact.name, fact.phone, fact.phone_href) for fact in facts} == {
        ("Testikeskus", "09 123 4567", "tel:+35891234567")
    }


def test_hours_are_in_the_language_of_the_moment(centre):
    facts = centre_facts()

    with translation.override("sv"):
        assert facts.hours == "må–to 12.30–15.30"


def test_without_a_row_there_is_no_wrong_number():
    assert centre_facts() == UNKNOWN


def test_a_change_is_seen_once_forgotten():
    centre_facts()
    CentreFactory.create(name="Uusi")

    forget_centre()

    assert centre_facts().name == "Uusi"
