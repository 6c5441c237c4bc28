"""A roster brought in by a process of its own: `python -m tests.benchmarks.rosters FILE`, on the database of the environment.

Prints as JSON the seconds and the processor's seconds of each step, and the peak of memory.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from courses.catalogue.models import Course
from courses.importing.rosters.readers.rosters import read_roster
from courses.importing.rosters.services.rosters import apply_roster, upload_roster
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.benchmarks.people import Drawn, draw_people, write_people

GROUPS = [f"AIM-2027K-0{number}" for number in (1, 2, 3)]
SEATS = 2_000
HEADER = "Sukunimi;Etunimi;Syntymävuosi;Puhelin;Sähköposti;Kieli;Katuosoite;Postinumero;Postitoimipaikka;Alue;Ryhmä"


def write_roster(file: Path, *, rows: int, known: int) -> None:
    """A file of invented people, of whom `known` are the first of the register that prepare() writes."""
    people = [*islice(draw_people(seed=1, start=1), known), *islice(draw_people(seed=9, start=5_000_000), rows - known)]
    random = Random(4)
    lines = [HEADER, *(_line(person, random) for person in people)]
    file.write_text("\n".join(lines), encoding="utf-8")


def _line(person: Drawn, random: Random) -> str:
    street, district = f"Esimerkkikatu {random.randrange(1, 90)}", random.choice(["Tapiola", "Matinkylä", "Leppävaara"])
    cells = [person.last_name, person.first_name, str(person.birth_year or ""), person.phone, person.email]
    return ";".join([*cells, "suomi", street, "02100", "Espoo", district, random.choice(GROUPS)])


def prepare(*, people: int) -> None:
    """Three groups, and a register of `people`."""
    course = Course.objects.create(code="AIM", title_fi="Kurssi", title_sv="Kurs", title_en="Course")
    for code in GROUPS:
        Cohort.objects.create(
            course=course,
            code=code,
            state=CohortState.PUBLISHED,
            starts_on=date(2027, 9, 1),
            ends_on=date(2027, 12, 1),
            capacity=SEATS,
        )
    write_people(draw_people(seed=1, start=1), people)


def bring_in(file: Path) -> dict[str, object]:
    steps: dict[str, tuple[float, float]] = {}

    def timed(name: str, call: Callable[[], Any]) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        thing = call()
        steps[name] = (time.perf_counter() - wall, time.process_time() - processor)
        return thing

    read = timed("read", lambda: read_roster(file.read_bytes(), file.name))
    roster = timed(
        "judge",
        lambda: upload_roster(
            file_name=file.name,
            read=read,
            cohort=None,
            act=act(),
        ),
    )
    applied = timed("apply", lambda: apply_roster(roster=roster, act=act(), skip_errors=True))
    figures = {name: applied.result[name] for name in ("counts", "created", "placed", "waiting")}
    return {**figures, "steps": steps, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(people=int(sys.argv[2]))
    else:
        print(json.dumps(bring_in(Path(sys.argv[1]))))
