"""What is derived of people in tables of its own: the words of the search, and who is still to be compared.

Every writer of people calls one of these in its transaction; the columns are set from accounts.rules.chunks import chunks
from accounts.rules.keys.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from accounts.models import Person, SearchWord, UncomparedPerson
from accounts.rules.chunks import chunks
from accounts.rules.keys import person_keys
from accounts.rules.search_words import search_words

# Two values a row, far below what any database takes in one statement.
ROWS = 5_000


def set_keys(person: Person) -> tuple[str, ...]:
    """Sets the derived columns of `person`, unsaved, and names them."""
    keys = person_keys(first_name=person.first_name, last_name=person.last_name, birth_year=person.birth_year)
    for name, value in keys.items():
        setattr(person, name, value)
    return tuple(keys)


def add_search_words(people: Sequence[Person]) -> None:
    """For people just written for the first time. About seven rows each, so no model is made of a row."""
    _insert(SearchWord, ("person_id", "word"), ((person.pk, word) for person in people for word in _words(person)))
    _insert(UncomparedPerson, ("person_id",), ((person.pk,) for person in people))


def renew_search_words(person: Person) -> None:
    """For a person whose name, year, code, phone or e-mail has changed."""
    stored, wanted = set(person.search_words.values_list("word", flat=True)), _words(person)
    if stored - wanted:
        person.search_words.filter(word__in=stored - wanted).delete()
    _insert(SearchWord, ("person_id", "word"), ((person.pk, word) for word in sorted(wanted - stored)))
    UncomparedPerson.objects.get_or_create(person=person)


def _words(person: Person) -> set[str]:
    return search_words(
        first_name=person.first_name,
        last_name=person.last_name,
        code=person.code,
        phone=person.phone,
        email=person.email,
    )


def _insert(
    model: type[SearchWord | UncomparedPerson], columns: tuple[str, ...], rows: Iterable[tuple[int | str, ...]]
) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for chunk in chunks(rows, ROWS):
            sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([one] * len(chunk))}"
            cursor.execute(sql, [value for row in chunk for value in row])
