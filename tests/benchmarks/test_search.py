"""The search of people and the look for duplicates in a register of 1,000 and of 1,000,000 people."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from statistics import quantiles

import pytest
from django.db import connection

from accounts.models import Person, UncomparedPerson
from accounts.selectors import Sketch, duplicates_on_file, duplicates_on_file_for, search_people
from accounts.services.candidates import compare_people
from courses.registry.selectors.people import people_for_list
from courses.registry.views.pages import CappedPaginator
from tests.benchmarks.people import Drawn, draw_people, write_people

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

SIZES = (1_000, 1_000_000)
RUNS = 200
AT_THE_DESK, ON_A_PAGE = 8, 50


def misspelled(name: str, random: Random) -> str:
    """One letter wrong, gone, doubled or swapped with the next, the first one too."""
    at = random.randrange(len(name) - 1)
    changes = [
        name[:at] + random.choice("aeiklnrst") + name[at + 1 :],
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ]
    return random.choice(changes)


SEARCHES: dict[str, Callable[[Drawn, Random], str]] = {
    "beginning of a last name": lambda person, random: person.last_name[:4],
    "last name": lambda person, random: person.last_name,
    "first and last name": lambda person, random: f"{person.first_name} {person.last_name}",
    "last and first name": lambda person, random: f"{person.last_name} {person.first_name}",
    "beginnings of both names": lambda person, random: f"{person.first_name} {person.last_name[:3]}",
    "phone": lambda person, random: f"040 {person.phone[6:9]} {person.phone[9:]}" if person.phone else person.code,
    "last digits of a phone": lambda person, random: person.phone[-6:] or person.code,
    "own code": lambda person, random: person.code.lower().replace("-", ""),
    "beginning of a code": lambda person, random: person.code[:6],
    "e-mail": lambda person, random: person.email or person.code,
}


def test_search_among_1000_and_1000000(measured):
    people, random = draw_people(seed=1, start=1), Random(2)
    known = list(islice(draw_people(seed=1, start=1), SIZES[0]))
    times: dict[tuple[str, int], list[float]] = {}
    written = 0
    for size in SIZES:
        start = time.perf_counter()
        write_people(people, size - written)
        written = size
        measured.say(f"{size:,} people written in {time.perf_counter() - start:.0f} s")
        for kind, asked in questions(known, random):
            times[kind, size] = list(timed(asked))
    told(times, measured)
    roster(known, measured)
    pairs(measured)


def questions(known: list[Drawn], random: Random) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """By kind, 200 calls each; everybody asked for is on record, so each finds somebody."""
    mixed = []
    for kind, search in SEARCHES.items():
        texts = [search(person, random) for person in random.choices(known, k=RUNS)]
        asked = [lambda text=text: list(search_people(text)[:AT_THE_DESK]) for text in texts]
        mixed += asked[: RUNS // len(SEARCHES)]
        yield kind, asked
    yield "search, all kinds mixed", mixed
    names = [person.last_name for person in random.choices(known, k=RUNS)]
    yield "people list, first page", [lambda: page_of()] * RUNS
    yield "people list, a last name", [lambda name=name: page_of(text=name) for name in names]
    yield "people list, name and language", [lambda name=name: page_of(text=name, language="fi") for name in names]
    yield "duplicates of a misspelled name", [_duplicates(person, random) for person in random.choices(known, k=RUNS)]


def page_of(**wanted: str) -> object:
    """The rows and the count, as the page asks for them."""
    return list(CappedPaginator(people_for_list(**wanted), ON_A_PAGE).page(1))


def _duplicates(person: Drawn, random: Random) -> Callable[[], object]:
    row = {"first_name": person.first_name, "last_name": misspelled(person.last_name, random)}
    return lambda: duplicates_on_file(**row, birth_year=person.birth_year, phone=person.phone, email=person.email)


def timed(asked: list[Callable[[], object]]) -> Iterator[float]:
    """Of each the best of three runs, when nothing else of this machine stands in the way."""
    for call in asked:
        runs = []
        for _run in range(3):
            start = time.perf_counter()
            call()
            runs.append(time.perf_counter() - start)
        yield min(runs)


def told(times: dict[tuple[str, int], list[float]], measured) -> None:
    small, large = SIZES
    measured.say(f"{'':34}{f'{small:,} people':>20}{f'{large:,} people':>22}")
    measured.say(f"{connection.vendor:34}{'p50':>10}{'p95':>10}{'p50':>12}{'p95':>10}{'p95 grows':>12}")
    for kind in dict.fromkeys(kind for kind, _size in times):
        cells = [quantiles(times[kind, size], n=20) for size in SIZES]
        figures = "".join(f"{cell[9] * 1000:10.2f}{cell[18] * 1000:10.2f}  " for cell in cells)
        measured.say(f"{kind:34}{figures}{cells[1][18] / cells[0][18]:9.2f} x")
        measured.found[f"{kind}, {connection.vendor}"] = {
            "p95_of_1000": round(cells[0][18], 5),
            "p95_of_1000000": round(cells[1][18], 5),
        }


def roster(known: list[Drawn], measured) -> None:
    """Ten thousand rows, of which a tenth is on record, misspelled."""
    random = Random(3)
    new = [*random.sample(known, 1_000), *islice(draw_people(seed=9, start=5_000_000), 9_000)]
    rows = [
        Sketch(one.first_name, misspelled(one.last_name, random), one.birth_year, one.phone, one.email) for one in new
    ]
    start = time.perf_counter()
    duplicates_on_file_for(rows)
    measured.say(f"duplicates of 10,000 rows among {SIZES[-1]:,} people: {time.perf_counter() - start:.1f} s")


def pairs(measured) -> None:
    UncomparedPerson.objects.bulk_create(
        UncomparedPerson(person=person) for person in Person.objects.order_by("-pk").only("pk")[:1_000]
    )
    start = time.perf_counter()
    compare_people(most=1_000)
    measured.say(f"1,000 people compared with {SIZES[-1]:,}: {time.perf_counter() - start:.1f} s")
