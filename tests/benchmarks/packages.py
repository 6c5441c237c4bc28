"""A records package of any size, invented by arithmetic: the same each time, nobody's real records."""

import csv
import datetime
from itertools import islice
from pathlib import Path

from courses.importing.records.rules.packages import FILES

COURSES, COHORTS, MODULES = 7, 22, 12
FIRST_DAY = datetime.date(2023, 2, 1)
STATES = ("completed", "completed", "completed", "not_completed", "withdrawn")


def write_package(folder: Path, *, people: int, enrollments: int, results: int) -> Path:
    """Writes the six files that a package needs. The counts are exact when results <= enrollments * 12."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = {file.name: file.columns for file in FILES}
    pairs = list(islice(_pairs(people), enrollments))
    rows = {
        "courses": ((f"K{n}", f"Kurssi {n}", f"Kurs {n}", f"Course {n}", 24) for n in range(COURSES)),
        "modules": (
            (f"K{n}", f"M{order}", order, f"Osa {order}", f"Del {order}", f"Part {order}", 2, "no")
            for n in range(COURSES)
            for order in range(1, MODULES + 1)
        ),
        "people": (
            (f"P-{n}", "Etunimi", f"Sukunimi{n}", 1930 + n % 50, ("woman", "man", "")[n % 3], "fi", f"Alue {n % 13}")
            for n in range(people)
        ),
        "cohorts": (
            (f"K{n % COURSES}", f"R{n}", "fi", _start(n), _start(n) + datetime.timedelta(days=120), 5000, "finished")
            for n in range(COHORTS)
        ),
        "enrollments": (
            (f"R{cohort}", f"P-{person}", STATES[(person + cohort) % 5], _start(cohort) - datetime.timedelta(days=30))
            for person, cohort in pairs
        ),
        "completions": islice(_results(pairs), results),
    }
    for name, lines in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns[name])
            writer.writerows(lines)
    return folder


def _start(cohort: int) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=60 * cohort)


def _pairs(people: int):
    for turn in range(COHORTS):
        for person in range(people):
            yield person, (person + turn) % COHORTS


def _results(pairs):
    for module in range(MODULES):
        for person, cohort in pairs:
            day = _start(cohort) + datetime.timedelta(days=7 * module)
            yield (
                f"R{cohort}",
                f"P-{person}",
                f"M{module + 1}",
                "failed" if (person + module) % 19 == 0 else "passed",
                day,
            )
