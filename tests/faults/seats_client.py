"""One process of a race for seats: `python -m tests.faults.seats_client HOW COHORT GO PERSON...`.

Waits for the file GO, then enrolls each person from a thread of its own. HOW is `enroll` (the real service) or `control`
(count, then write, without a lock). Prints `ok` or the error, one line each.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentors_site.settings")
django.setup()

from django.db import connection  # noqa: E402

from accounts.enums import HowAsked  # noqa: E402
from accounts.models import Person  # noqa: E402
from courses.enums import SEAT_STATES, EnrollmentState  # noqa: E402
from courses.models import Cohort, Enrollment  # noqa: E402
from courses.services.enrollments import enroll_person  # noqa: E402


def enroll(cohort: Cohort, person: Person) -> None:
    enroll_person(person=person, cohort=cohort, by=None, how_asked=HowAsked.WEB)


def control(cohort: Cohort, person: Person) -> None:
    taken = cohort.enrollments.filter(state__in=SEAT_STATES).count()
    if taken < cohort.capacity:
        Enrollment.objects.create(cohort=cohort, person=person, state=EnrollmentState.ENROLLED, how_asked=HowAsked.WEB)


def run(how: str, cohort_id: str, go: str, people: list[str]) -> None:
    act = {"enroll": enroll, "control": control}[how]
    cohort = Cohort.objects.get(pk=cohort_id)
    loaded = [Person.objects.get(pk=pk) for pk in people]

    def attempt(person: Person) -> str:
        try:
            act(cohort, person)
        except Exception as error:  # every kind of failure is a finding of the race
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        return "ok"

    print("ready", flush=True)
    while not Path(go).exists():
        time.sleep(0.002)
    with ThreadPoolExecutor(max_workers=10) as pool:
        for line in pool.map(attempt, loaded):
            print(line, flush=True)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
