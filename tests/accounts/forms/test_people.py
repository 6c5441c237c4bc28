import pytest
from django.forms import CharField

from accounts.enums import Channel
from accounts.forms.people import PersonForm
from tests.factories import ContactPersonFactory, PersonFactory

pytestmark = pytest.mark.django_db

FILLED = {
    "first_name": "Eila",
    "last_name": "Manninen",
    "birth_year": "1948",
    "language": "fi",
    "channel": "letter",
    "second_channel": "",
    "street": "Kuja 1",
    "postal_code": "02100",
    "city": "Espoo",
    "how_asked": "desk",
}


def errors_of(**changes):
    form = PersonForm({**FILLED, **changes})
    return {name: list(errors) for name, errors in form.errors.items()}


def test_names_language_and_a_way_are_enough():
    form = PersonForm(
        {
            "first_name": "Eila",
            "last_name": "Manninen",
            "language": "sv",
            "channel": "call",
            "phone": "09 123 4567",
            "how_asked": "phone",
        }
    )

    assert form.errors == {}
    assert form.data_of_person["phone"] == "+35891234567"
    assert form.data_of_person["birth_year"] is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("040 123 4567", "+358401234567"),
        ("+358-40-1234567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("", ""),
    ],
)
def test_a_phone_is_read_in_each_spelling(typed, stored):
    form = PersonForm({**FILLED, "phone": typed})

    assert form.is_valid()
    assert form.cleaned_data["phone"] == stored


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"phone": "12"}, {"phone": ["Write the phone number like 040 123 4567 or +358 40 123 4567."]}),
        ({"channel": "email"}, {"email": ["Write the e-mail address, or choose another way to reach them."]}),
        ({"channel": "call"}, {"phone": ["Write the phone number, or choose another way to reach them."]}),
        ({"channel": "sms"}, {"phone": ["Write the phone number, or choose another way to reach them."]}),
        (
            {"channel": "sms", "phone": "09 123 4567"},
            {"phone": ["A landline gets no text messages. Choose a phone call or a letter."]},
        ),
        ({"street": ""}, {"street": ["A letter needs the street, the postal code and the town."]}),
        ({"postal_code": ""}, {"postal_code": ["A letter needs the postal code too."]}),
        (
            {"protected": "on"},
            {"protected": ["No address is stored under a safety ban, so no letter can go. Choose another way."]},
        ),
        ({"second_channel": "email"}, {"email": ["Write the e-mail address, or choose another way to reach them."]}),
        ({"second_channel": "letter"}, {"second_channel": ["This is the first way already. Choose another or none."]}),
        ({"birth_year": "forty-eight"}, {"birth_year": ["Write the year with four digits, for example 1948."]}),
        ({"first_name": "\u202e "}, {"first_name": ["Write the name."]}),
        ({"how_asked": "roster"}, None),
    ],
    ids=str,
)
def test_mistakes_are_said_where_they_are(changes, errors):
    found = errors_of(**changes)

    assert found == errors if errors else found != {}


@pytest.mark.parametrize("year", ["48", "1899", "3000", "19480"])
def test_a_year_has_four_digits_and_is_plausible(year):
    assert list(errors_of(birth_year=year)) == ["birth_year"]


@pytest.mark.parametrize("length", [81, 10_000])
def test_a_name_too_long_is_refused(length):
    assert list(errors_of(last_name="x" * length)) == ["last_name"]


def free_texts():
    return [name for name, field in PersonForm().fields.items() if isinstance(field, CharField) and name != "seen"]


@pytest.mark.parametrize("name", ["first_name", "last_name", "street", "postal_code", "city", "email", "phone"])
def test_an_identity_code_is_refused_in_each_text(name):
    assert sorted(free_texts()) == ["city", "email", "first_name", "last_name", "phone", "postal_code", "street"]

    assert name in errors_of(**{name: "010148-123A"})


def test_a_safety_ban_drops_the_address():
    form = PersonForm({**FILLED, "protected": "on", "channel": "call", "phone": "040 123 4567"})

    assert form.is_valid()
    assert {form.data_of_person[name] for name in ("street", "postal_code", "city")} == {""}


def test_the_way_through_a_contact_person_is_offered_where_there_is_one():
    kept = PersonFactory.create(channel=Channel.CONTACT)
    with_one, without = ContactPersonFactory.create().person, PersonFactory.create()

    offered = [Channel.CONTACT in dict(PersonForm(instance=one).fields["channel"].choices) for one in (kept, with_one)]
    assert offered == [True, True]
    assert Channel.CONTACT not in dict(PersonForm(instance=without).fields["channel"].choices)
    assert Channel.CONTACT not in dict(PersonForm().fields["channel"].choices)


def test_a_form_knows_what_stood_in_it_when_it_was_opened():
    person = PersonFactory.create()
    opened = PersonForm(instance=person)

    same = PersonForm({**FILLED, "seen": opened["seen"].value()}, instance=person)
    other = PersonForm({**FILLED, "seen": "0123456789abcdef"}, instance=PersonFactory.create())

    assert (same.is_valid(), list(other.errors)) == (True, ["__all__"])
