from itertools import islice

from django.db import migrations

from accounts.rules.keys import person_keys
from accounts.rules.names import fold
from accounts.rules.search_words import search_words

ROWS = 1_000


def fill(apps, schema_editor):
    """The keys and words of everybody on record; the pairs are then found in the background."""
    Person, SearchWord = apps.get_model("accounts", "Person"), apps.get_model("accounts", "SearchWord")
    UncomparedPerson = apps.get_model("accounts", "UncomparedPerson")
    people = Person.objects.exclude(state="anonymized").order_by("pk").iterator(chunk_size=ROWS)
    while chunk := list(islice(people, ROWS)):
        for person in chunk:
            told = {name: getattr(person, name) for name in ("first_name", "last_name")}
            for name, value in person_keys(**told, birth_year=person.birth_year).items():
                setattr(person, name, value)
        Person.objects.bulk_update(chunk, ["name_key", "alike_head", "alike_middle", "alike_tail"], batch_size=100)
        SearchWord.objects.bulk_create(
            (SearchWord(person=person, word=word) for person in chunk for word in sorted(words_of(person))),
            batch_size=ROWS,
        )
        UncomparedPerson.objects.bulk_create(UncomparedPerson(person=person) for person in chunk)


def words_of(person):
    return search_words(
        first_name=person.first_name,
        last_name=person.last_name,
        code=person.code,
        phone=person.phone,
        email=person.email,
    )


def fill_search_text(apps, schema_editor):
    """As the release before searches. The words go, so that coming forth again finds none."""
    Person = apps.get_model("accounts", "Person")
    apps.get_model("accounts", "SearchWord").objects.all().delete()
    apps.get_model("accounts", "UncomparedPerson").objects.all().delete()
    people = Person.objects.order_by("pk").iterator(chunk_size=ROWS)
    while chunk := list(islice(people, ROWS)):
        for person in chunk:
            code, phone = fold(person.code), person.phone
            national = "0" + phone[4:] if phone.startswith("+358") else phone
            names = [person.name_key, fold(person.first_name), fold(person.last_name)]
            parts = [*names, code, code.replace(" ", ""), phone, national, person.email]
            person.search_text = " ".join(part for part in parts if part).casefold()[:600]
        Person.objects.bulk_update(chunk, ["search_text"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_enrollment_in_full")]
    operations = [migrations.RunPython(fill, fill_search_text)]
