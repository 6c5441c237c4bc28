"""The import of a package of 235,000 rows, in a process of its own on an empty SQLite file, as on a bare machine."""

import os
import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.conf import settings

from tests.benchmarks.packages import write_package

pytestmark = pytest.mark.bench

PEOPLE, ENROLLMENTS, RESULTS = 28_785, 32_593, 173_739
MOST_SECONDS, MOST_MEGABYTES = 60, 500
TABLES = ("accounts_person", "courses_enrollment", "courses_transition", "courses_completion", "courses_moduleresult")


def test_import_of_235000_rows(tmp_path, measured):
    package = write_package(tmp_path / "package", people=PEOPLE, enrollments=ENROLLMENTS, results=RESULTS)
    site, empty = tmp_path / "site.sqlite3", tmp_path / "empty.sqlite3"
    for file in (site, empty):
        manage(file, "migrate", "--verbosity", "0")

    start = time.perf_counter()
    manage(site, "import_records", str(package))
    product = time.perf_counter() - start
    # The largest of the children that have ended, of which the import is by far the largest.
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    measured.note("import of 235,000 rows", product, raw_import(site, empty))
    measured.say(f"    {product:.0f} s and {megabytes:.0f} MB, at most {MOST_SECONDS} s and {MOST_MEGABYTES} MB wanted")
    assert (product < MOST_SECONDS, megabytes < MOST_MEGABYTES) == (True, True)


def manage(database, *arguments):
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "DEMO": "1"}
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def raw_import(site, empty):
    """Seconds to write the same rows into the same tables with their indexes, from lists, by plain SQL."""
    with closing(sqlite3.connect(site)) as source, closing(sqlite3.connect(empty)) as target:
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        start = time.perf_counter()
        for table, found in rows.items():
            target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})", found)
        target.commit()
        return time.perf_counter() - start
