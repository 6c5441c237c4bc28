import pytest

from accounts.enums import DuplicateSign, PersonState
from accounts.models import PersonMerge
from accounts.selectors import (
    Sketch,
    duplicates,
    duplicates_on_file,
    duplicates_on_file_for,
    finds_more,
    may_sign_in,
    people_with_address,
    person_with_code,
    search_people,
)
from accounts.services.people import update_person
from tests.acts import act
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ake():
    return PersonFactory.create(
        code="S-7K3M-Q4",
        first_name="Åke Örjan",
        last_name="Mäki-Ketelä",
        birth_year=1941,
        phone="+358405590936",
        email="ake.maki@example.org",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Mäki-Ketelä",
        "maki ketela",
        "MÄKI",
        "ake orjan",
        "Åke Mäki",
        "ketela ake",
        "mäk",
        "S-7K3M-Q4",
        "s7k3mq4",
        "7k3m",
        "040 559 0936",
        "0405590936",
        "040-5590936",
        "+358 40 559 0936",
        "00358 40 5590936",
        "5590936",
        "ake.maki@example.org",
        "AKE.MAKI",
        "example.org ake",
        "orjan åke ketela",
        "0936",
        "040 559 09",
        "åke 0405590936",
        "ak mak",
        "ör k mäki",
    ],
)
def test_search_finds_in_each_spelling(ake, stranger, text):
    assert list(search_people(text)) == [ake]


@pytest.mark.parametrize("text", ["Mäkinen", "ake liisa", "040 559 0937", "%", "S-7K3M-Q2", "'; DROP TABLE"])
def test_search_finds_nobody_else(ake, text):
    assert list(search_people(text)) == []


def test_whole_names_go_before_beginnings():
    anna = PersonFactory.create(first_name="Anna", last_name="Virtanen")
    annamari = PersonFactory.create(first_name="Annamari", last_name="Virta")

    assert list(search_people("anna virta")) == [anna]
    assert list(search_people("annam virta")) == [annamari]
    assert list(search_people("ann virta")) == [annamari, anna]


def test_of_very_many_the_first_are_found_and_it_is_said_that_there_are_more():
    for number in range(4):
        PersonFactory.create(first_name="Aino", last_name=f"Korhonen{number}")

    assert [person.last_name for person in search_people("korho", most=3)] == ["Korhonen0", "Korhonen1", "Korhonen2"]
    assert search_people("korho", most=None).count() == 4
    assert [finds_more("korho", most=most) for most in (3, 4)] == [True, False]
    assert not finds_more("  ", most=1)


def test_the_code_of_a_record_that_was_made_one_finds_the_one_that_stayed(ake):
    PersonMerge.objects.create(kept=ake, old_code="S-2222-38", old_id=0)

    assert list(search_people("s 2222 38")) == [ake]


def test_a_changed_name_is_found_anew_and_no_more_under_the_old(ake):
    update_person(person=ake, act=act(), last_name="Ahola", phone="")

    assert [list(search_people(text)) for text in ("ahola", "ketela", "0405590936")] == [[ake], [], []]


@pytest.mark.parametrize("count", [1, 30])
def test_a_search_takes_two_queries_however_many_are_found(count, django_assert_num_queries):
    for number in range(count):
        PersonFactory.create(first_name="Aino", last_name=f"Korhonen{number}")

    with django_assert_num_queries(2):
        assert len(search_people("aino korho")) == count


def test_an_empty_search_gives_everybody_in_finnish_order(ake):
    last = PersonFactory.create(last_name="Öhman")
    first = PersonFactory.create(last_name="Aalto")

    assert list(search_people("  ")) == [first, ake, last]


def test_erased_people_are_not_found(ake):
    PersonFactory.create(first_name="Åke", last_name="Mäki", state=PersonState.ANONYMIZED)

    assert list(search_people("ake maki")) == [ake]


@pytest.mark.parametrize(
    ("described", "why"),
    [
        ({"first_name": "Ake Orjan", "last_name": "MAKI KETELA", "birth_year": 1941}, [DuplicateSign.NAME_AND_YEAR]),
        ({"first_name": "Mäki-Ketelä", "last_name": "Åke Örjan", "birth_year": 1941}, [DuplicateSign.NAME_AND_YEAR]),
        ({"first_name": "Åke Örjan", "last_name": "Mäki-Ketelä"}, [DuplicateSign.NAME]),
        ({"first_name": "Åke Örjan", "last_name": "Mäki-Ketälä", "birth_year": 1941}, [DuplicateSign.NAME_ALIKE]),
        ({"first_name": "Åke", "last_name": "Mäki-Ketelä", "birth_year": 1941}, [DuplicateSign.NAME_ALIKE]),
        ({"first_name": "Åke Örjan", "last_name": "Näki-Ketelä", "birth_year": 1941}, [DuplicateSign.NAME_ALIKE]),
        ({"first_name": "Åkke Örjan", "last_name": "Mkäi-Ketelä", "birth_year": 1941}, [DuplicateSign.NAME_ALIKE]),
        ({"first_name": "Mäki-Ketälä", "last_name": "Åke Örjan", "birth_year": 1941}, [DuplicateSign.NAME_ALIKE]),
        ({"first_name": "Liisa", "last_name": "Aho", "phone": "+358405590936"}, [DuplicateSign.PHONE]),
        ({"first_name": "Liisa", "last_name": "Aho", "email": "Ake.Maki@example.org"}, [DuplicateSign.EMAIL]),
        (
            {"first_name": "Åke Örjan", "last_name": "Mäki-Ketelä", "birth_year": 1941, "phone": "+358405590936"},
            [DuplicateSign.NAME_AND_YEAR, DuplicateSign.PHONE],
        ),
        ({"first_name": "Åke Örjan", "last_name": "Mäki-Ketelä", "birth_year": 1942}, None),
        ({"first_name": "Åke Örjan", "last_name": "Mäki-Ketälä", "birth_year": 1942}, None),
        ({"first_name": "Liisa", "last_name": "Aho", "birth_year": 1941}, None),
        ({}, None),
    ],
)
def test_likely_duplicates_say_why(ake, described, why):
    found = duplicates_on_file(**described)

    assert [(duplicate.person, list(duplicate.why)) for duplicate in found] == ([(ake, why)] if why else [])


def test_a_misspelled_name_is_found_where_the_year_is_missing():
    person = PersonFactory.create(first_name="Matti", last_name="Virtanen", birth_year=None)

    found = duplicates_on_file(first_name="Matti", last_name="Vitranen", birth_year=1948)

    assert [(duplicate.person, duplicate.why) for duplicate in found] == [(person, (DuplicateSign.NAME_ALIKE,))]


def test_many_rows_get_their_own_answers_in_their_order(ake):
    PersonFactory.create(first_name="Matti", last_name="Virtanen", birth_year=1930)
    rows = [Sketch("Åke Örjan", "Mäki-Ketälä", 1941), Sketch("Liisa", "Aho", 1960), Sketch("Marti", "Virtanen", 1930)]

    found = duplicates_on_file_for(rows * 400)

    assert [[duplicate.person.last_name for duplicate in row] for row in found] == [
        ["Mäki-Ketelä"],
        [],
        ["Virtanen"],
    ] * 400


def test_a_common_name_with_a_mistake_is_found_among_very_many(monkeypatch):
    """As in a register of a million, where very many share the beginning, and very many the end."""
    monkeypatch.setattr(duplicates, "MOST_SHARE", 1)
    for first_name in ("Liisa", "Kalle"):
        PersonFactory.create(first_name=first_name, last_name="Virtanen", birth_year=1948)
    for last_name in ("Aho", "Salminen"):
        PersonFactory.create(first_name="Matti", last_name=last_name, birth_year=1948)
    matti = PersonFactory.create(first_name="Matti", last_name="Virtanen", birth_year=1948)

    for first_name, last_name in (("Matti", "Wirtanen"), ("Mattti", "Virtanen"), ("Matti", "Virtaenn")):
        found = duplicates_on_file(first_name=first_name, last_name=last_name, birth_year=1948)
        assert [duplicate.person for duplicate in found] == [matti]


def test_a_person_is_no_duplicate_of_themselves(ake):
    assert duplicates_on_file(phone=ake.phone, exclude=ake) == []


@pytest.mark.parametrize(
    "described",
    [{"phone": "+358405590936"}, {"first_name": "Åke Örjan", "last_name": "Mäki-Ketälä", "birth_year": 1941}],
)
def test_erased_people_are_nobodys_duplicates(ake, described):
    type(ake).objects.filter(pk=ake.pk).update(state=PersonState.ANONYMIZED)

    assert duplicates_on_file(**described) == []


def test_the_likeliest_comes_first(ake):
    spouse = PersonFactory.create(last_name="Aho", phone=ake.phone, email=ake.email)

    found = duplicates_on_file(
        first_name="Åke Örjan", last_name="Mäki-Ketelä", birth_year=1941, phone=ake.phone, email=ake.email
    )

    assert [(duplicate.person, duplicate.by_name) for duplicate in found] == [(ake, True), (spouse, False)]


@pytest.mark.parametrize("count", [1, 30])
def test_many_rows_are_compared_in_four_queries(ake, count, django_assert_num_queries):
    rows = [Sketch("Åke Örjan", "Mäki-Ketelä", 1941, f"+3584012345{number:02}") for number in range(count)]

    with django_assert_num_queries(4):
        found = duplicates_on_file_for(rows)

    assert [[duplicate.person for duplicate in row] for row in found] == [[ake]] * count


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"state": PersonState.PAUSED}, True),
        ({"state": PersonState.MOVED}, True),
        ({"state": PersonState.DECEASED}, False),
        ({"state": PersonState.ANONYMIZED}, False),
        ({"is_active": False}, False),
    ],
)
def test_who_may_sign_in(changes, may):
    person = PersonFactory.create(email="one@example.org", **changes)

    assert may_sign_in(person) is may
    assert people_with_address("ONE@example.org") == ([person] if may else [])
    assert person_with_code(person.code.lower()) == (person if may else None)


def test_a_code_of_earlier_records_is_known():
    person = PersonFactory.create(code="P-0017")

    assert person_with_code(" p-0017 ") == person
