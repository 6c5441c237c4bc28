"""One process of a race for seats: `python -m tests.faults.seats_client HOW COHORT GO PERSON...`.

Waits for the file GO, then acts for each person from a thread of its own. HOW is `enroll` (the real service), `control`
(count, then write, without a lock) or `mixed`: one of enroll, withdraw, accept, decline, lapse, change the capacity, by the
person's number. Prints `ok`, `refused` (a rule said no) or the error, one line each.
"""

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentors_site.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.enums import HowAsked  # noqa: E402
from accounts.exceptions import RuleError  # noqa: E402
from accounts.models import Person  # noqa: E402
from courses.enrolling.enums import OPEN_STATES, SEAT_STATES, EnrollmentState, WithdrawalReason  # noqa: E402
from courses.enrolling.models import Enrollment  # noqa: E402
from courses.enrolling.services.enrollments import change_capacity, enroll_person, withdraw_enrollment  # noqa: E402
from courses.enrolling.services.offers import accept_offer, decline_offer, lapse_offers  # noqa: E402
from courses.scheduling.models import Cohort  # noqa: E402
from tests.acts import act  # noqa: E402


def enroll(cohort: Cohort, person: Person) -> None:
    enroll_person(person=person, cohort=cohort, act=act(via=HowAsked.WEB))


def control(cohort: Cohort, person: Person) -> None:
    taken = cohort.enrollments.filter(state__in=SEAT_STATES).count()
    if taken < cohort.capacity:
        Enrollment.objects.create(cohort=cohort, person=person, state=EnrollmentState.ENROLLED, how_asked=HowAsked.WEB)


def mixed(cohort: Cohort, person: Person) -> None:
    """The acts hit whatever is there at that moment; that it is gone by then is an answer too."""
    asked = act(via=HowAsked.WEB)
    which = person.pk % 8
    states = {
        2: SEAT_STATES,
        3: [EnrollmentState.OFFERED],
        4: [EnrollmentState.OFFERED],
        5: [EnrollmentState.WAITLISTED],
    }
    rows = list(cohort.enrollments.filter(state__in=states.get(which, OPEN_STATES)).order_by("?")[:1])
    if which in (0, 1):
        enroll_person(person=person, cohort=cohort, act=asked)
    elif which == 6:
        lapse_offers(at=timezone.now() + timedelta(days=4))
    elif which == 7:
        change_capacity(cohort=cohort, capacity=random.randint(15, 25), act=act())  # noqa: S311  # no secret
    elif rows and which == 3:
        accept_offer(enrollment=rows[0], act=asked)
    elif rows and which == 4:
        decline_offer(enrollment=rows[0], act=asked)
    elif rows:
        withdraw_enrollment(enrollment=rows[0], reason=WithdrawalReason.TIME, act=asked)


def run(how: str, cohort_id: str, go: str, people: list[str]) -> None:
    race = {"enroll": enroll, "control": control, "mixed": mixed}[how]
    cohort = Cohort.objects.get(pk=cohort_id)
    loaded = [Person.objects.get(pk=pk) for pk in people]

    def attempt(person: Person) -> str:
        try:
            race(cohort, person)
        except RuleError:
            return "refused"
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
