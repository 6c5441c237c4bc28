import pytest
from django.utils.translation import override

from accounts.models import Person
from accounts.wording.people import names_of, shown_name

ARVO = Person(first_name="Arvo", last_name="Lahtinen")
MAIJA = Person(first_name="Maija", last_name="Lahtinen")
SIRKKA = Person(first_name="Sirkka", last_name="Ojala")
HIDDEN = Person(first_name="Salainen", last_name="Lahtinen", protected=True, code="S-7K3M-Q2")


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], ""),
        ([ARVO], "Arvo Lahtinen"),
        ([ARVO, SIRKKA], "Arvo Lahtinen and Sirkka Ojala"),
        ([ARVO, SIRKKA, HIDDEN], "Arvo Lahtinen, Sirkka Ojala and S-7K3M-Q2"),
        ([ARVO, MAIJA], "Arvo Lahtinen and Maija Lahtinen"),
    ],
)
def test_several_people_by_name(people, words):
    with override("en"):
        assert names_of(people) == words


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], ""),
        ([ARVO], "Arvo Lahtinen"),
        ([ARVO, MAIJA], "Arvo and Maija Lahtinen"),
        ([ARVO, SIRKKA], "Arvo Lahtinen and Sirkka Ojala"),
        ([ARVO, HIDDEN], "Arvo Lahtinen and S-7K3M-Q2"),
    ],
)
def test_those_who_come_together_say_one_last_name_once(people, words):
    with override("en"):
        assert names_of(people, together=True) == words


def test_one_under_a_safety_ban_is_shown_by_the_own_code():
    assert [shown_name(ARVO), shown_name(HIDDEN)] == ["Arvo Lahtinen", "S-7K3M-Q2"]
