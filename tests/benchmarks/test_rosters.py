"""A roster of 10,000 people brought in from the file to the last message, in a process of its own on a SQLite file."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.conf import settings

from tests.benchmarks.rosters import write_roster

pytestmark = pytest.mark.bench

ROWS, KNOWN = 10_000, 500
MOST_SECONDS, MOST_MEGABYTES = 10, 300
TABLES = (
    "accounts_person",
    "accounts_searchword",
    "accounts_uncomparedperson",
    "courses_enrollment",
    "courses_transition",
    "courses_message",
    "accounts_auditentry",
)


@pytest.mark.parametrize("people", [1_000, 1_000_000])
def test_roster_of_10000(people, tmp_path, measured):
    file, site, before = tmp_path / "list.csv", tmp_path / "site.sqlite3", tmp_path / "before.sqlite3"
    write_roster(file, rows=ROWS, known=KNOWN)
    python(site, "manage.py", "migrate", "--verbosity", "0")
    python(site, "-m", "tests.benchmarks.rosters", "prepare", str(people))
    with closing(sqlite3.connect(site)) as source, closing(sqlite3.connect(before)) as target:
        source.backup(target)

    done = json.loads(python(site, "-m", "tests.benchmarks.rosters", str(file)))

    # The processor's time: what else the machine does in the meantime is not the product's.
    seconds = sum(processor for _wall, processor in done["steps"].values())
    name = f"roster of 10,000 among {people:,}"
    measured.note(name, seconds, raw_insert(site, before))
    steps = ", ".join(f"{step} {wall:.1f} s" for step, (wall, _processor) in done["steps"].items())
    measured.say(
        f"    {steps}; {seconds:.1f} s of the processor and {done['megabytes']:.0f} MB, "
        f"at most {MOST_SECONDS} s and {MOST_MEGABYTES} MB wanted in a register of an ordinary size"
    )
    assert done["created"] + done["counts"]["duplicate"] + done["counts"]["error"] >= ROWS


def python(database, *arguments):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "mentors_site.settings",
    }
    done = subprocess.run(
        [sys.executable, *arguments], cwd=settings.BASE_DIR, env=environment, check=True, stdout=subprocess.PIPE
    )
    return done.stdout


def raw_insert(site, before):
    """Seconds to write the rows that the roster has added into the same tables with their indexes, by plain SQL."""
    with closing(sqlite3.connect(site)) as source, closing(sqlite3.connect(before)) as target:
        rows = {}
        for table in TABLES:
            key = "person_id" if table == "accounts_uncomparedperson" else "id"
            [last] = target.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()
            rows[table] = source.execute(f"SELECT * FROM {table} WHERE {key} > ?", [last]).fetchall()
        start = time.process_time()
        for table, found in rows.items():
            target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
        target.commit()
        return time.process_time() - start
