"""A register of any size, of invented people: names as in Finland, where a few are borne by very many."""

import gc
from collections.abc import Iterator
from itertools import accumulate, islice, product
from random import Random
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Person, SearchWord
from accounts.rules.keys import person_keys
from accounts.rules.names import fold
from accounts.rules.search_words import search_words
from courses.demo import names
from tests.factories import numbered_code

CHUNK = 20_000
# As large as it may be, so that the indexes are built in memory and not on the disk.
FAST_SQLITE = "PRAGMA cache_size = -1000000"


class Drawn(NamedTuple):
    code: str
    first_name: str
    last_name: str
    birth_year: int | None
    phone: str
    email: str


def draw_people(seed: int, start: int) -> Iterator[Drawn]:
    """Endlessly, the same for each seed; `start` is the number of the first one's code."""
    random = Random(seed)
    last_names, first_names = _last_names(), _first_names()
    last_weights, first_weights = _skewed(len(last_names)), _skewed(len(first_names))
    number = start
    while True:
        lasts = random.choices(last_names, cum_weights=last_weights, k=CHUNK)
        firsts = random.choices(first_names, cum_weights=first_weights, k=CHUNK)
        for last, first in zip(lasts, firsts, strict=True):
            second = random.choice(first_names) if random.random() < 0.05 else ""
            year = int(random.triangular(1930, 1975, 1950)) if random.random() < 0.97 else None
            phone = f"+35840{random.randrange(10**7):07}" if random.random() < 0.85 else ""
            local = f"{fold(first)}.{fold(last)}.{number}".replace(" ", ".")
            email = f"{local}@mail{number % 7}.example" if random.random() < 0.6 else ""
            yield Drawn(numbered_code(number), f"{first}-{second}" if second else first, last, year, phone, email)
            number += 1


def write_people(people: Iterator[Drawn], count: int) -> None:
    """The next `count` of `people` with their words, by plain SQL. Nobody else may write meanwhile."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(FAST_SQLITE)
        if count > CHUNK:
            cursor.execute("DROP INDEX search_word")
        pk = Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        word_pk = SearchWord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        while chunk := list(islice(people, min(CHUNK, count))):
            count -= len(chunk)
            rows, words = [], []
            for person in chunk:
                pk += 1
                rows.append(_row(pk, person))
                for word in _words(person):
                    word_pk += 1
                    words.append((word_pk, pk, word))
            with transaction.atomic():
                _insert(cursor, Person, _COLUMNS, rows)
                _insert(cursor, SearchWord, ("id", "person_id", "word"), words)
        cursor.execute("CREATE INDEX IF NOT EXISTS search_word ON accounts_searchword (word, person_id)")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            # What autovacuum does by itself some minutes later.
            cursor.execute("VACUUM ANALYZE accounts_person")
            cursor.execute("VACUUM ANALYZE accounts_searchword")
    # What is measured gets a connection like any other, and no garbage of all this writing.
    connection.close()
    gc.collect()
    gc.freeze()


_DEFAULTS = {
    field.attname: field.get_default()
    for field in Person._meta.concrete_fields
    if field.attname not in {"id", *Drawn._fields, *person_keys(first_name="", last_name="", birth_year=None)}
} | {"password": "!", "created_at": None}
_COLUMNS = ("id", *Drawn._fields, *person_keys(first_name="", last_name="", birth_year=None), *_DEFAULTS)


def _row(pk: int, person: Drawn) -> tuple:
    keys = person_keys(first_name=person.first_name, last_name=person.last_name, birth_year=person.birth_year)
    return (pk, *person, *keys.values(), *({**_DEFAULTS, "created_at": timezone.now()}).values())


def _words(person: Drawn) -> set[str]:
    return search_words(
        first_name=person.first_name,
        last_name=person.last_name,
        code=person.code,
        phone=person.phone,
        email=person.email,
    )


def _insert(cursor, model, columns, rows) -> None:
    table, listed = model._meta.db_table, ", ".join(columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)


def _skewed(count: int) -> list[float]:
    """The first of 20,000 names is borne by one person in sixty or so."""
    return list(accumulate(1 / (rank + 6) for rank in range(count)))


def _last_names() -> list[str]:
    """The common ones of the demo first, then made-up ones in the Finnish manner."""
    roots = [
        "".join(parts) for parts in product("hklmnprstv", ("aa", "e", "i", "uo", "ä"), ("l", "n", "rt", "sk", "tt"))
    ]
    made = [
        f"{root}{middle}{end}".title()
        for end in ("nen", "la", "niemi", "mäki", "ranta")
        for middle in "aiou"
        for root in roots
    ]
    return list(dict.fromkeys([*names.SURNAMES_FI, *names.SURNAMES_SV, *made]))


def _first_names() -> list[str]:
    known = [*names.WOMEN_FI, *names.MEN_FI, *names.WOMEN_SV, *names.MEN_SV]
    made = [
        "".join(parts).title()
        for parts in product("aehjkmstv", ("a", "ei", "ir", "u"), ("kko", "la", "nna", "rja", "tti"))
    ]
    return list(dict.fromkeys([*known, *made]))
