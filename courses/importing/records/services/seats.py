"""The seats and queue numbers of the enrollments that an import adds."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.services.seats import add_seats_taken, take_queue_numbers
from courses.importing.records.exceptions import BadRecords
from courses.importing.records.rules.enrollments import SEAT
from courses.importing.records.rules.rows import EnrollmentRow
from courses.importing.records.services.jobs import Import
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohorts


def take_seats(job: Import, rows: Sequence[EnrollmentRow]) -> dict[int, int]:
    """Locks the cohorts that get somebody, takes their seats and queue numbers; gives queue numbers by line.

    Raises BadRecords when a cohort has too few free seats.
    """
    cohorts = lock_cohorts(job.held.cohorts[code].pk for code in {row.cohort for row in rows})
    taken = Counter(row.cohort for row in rows if row.state in SEAT)
    waiting = defaultdict(list)
    for row in rows:
        if row.state == EnrollmentState.WAITLISTED:
            waiting[row.cohort].append(row)
    numbers: dict[int, int] = {}
    for code in sorted(taken.keys() | waiting.keys()):
        cohort = cohorts[job.held.cohorts[code].pk]
        _take(cohort, taken[code])
        numbers |= _queue_numbers(cohort, waiting[code])
    return numbers


def _take(cohort: Cohort, seats: int) -> None:
    if cohort.seats_taken + seats > cohort.capacity:
        sentence = _(
            "enrollments.csv: more people get a place in %(cohort)s (%(new)d) than there are free seats (%(free)d)."
        )
        raise BadRecords([sentence % {"cohort": cohort.code, "free": cohort.free_seats, "new": seats}])
    add_seats_taken(cohort, seats)


def _queue_numbers(cohort: Cohort, rows: Sequence[EnrollmentRow]) -> dict[int, int]:
    """Those with a number in the package by their numbers, the others before them in the order of the file."""
    if not rows:
        return {}
    in_order = sorted(rows, key=lambda row: (row.queue_number or 0, row.line))
    places = take_queue_numbers(cohort, len(in_order))
    return {row.line: place for row, place in zip(in_order, places, strict=True)}
