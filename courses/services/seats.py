"""The lock that keeps seats true: whoever counts, takes or frees a seat locks the cohort's row first."""

from collections.abc import Iterable

from django.db.models import F

from courses.models import Cohort


def lock_cohort(pk: int) -> Cohort:
    """The cohort, its row locked until the transaction ends. Lock it before any of its enrollments, never after.

    On PostgreSQL a row lock that still lets children refer to the row; on SQLite the transaction is IMMEDIATE and holds
    the whole database already.
    """
    return Cohort.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def lock_cohorts(pks: Iterable[int]) -> dict[int, Cohort]:
    """Several cohorts by id, locked in ascending order, so that two transactions never wait for each other."""
    rows = Cohort.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(pks)).order_by("pk")
    return {cohort.pk: cohort for cohort in rows}


def take_queue_numbers(cohort: Cohort, count: int) -> range:
    """The next `count` places at the end of the waiting list. The cohort is locked."""
    first = cohort.queue_last + 1
    cohort.queue_last = first + count - 1
    Cohort.objects.filter(pk=cohort.pk).update(queue_last=cohort.queue_last)
    return range(first, first + count)


def add_seats_taken(cohort: Cohort, change: int) -> None:
    """Writes the count of taken seats. The cohort is locked; the database refuses more than its capacity."""
    if change:
        Cohort.objects.filter(pk=cohort.pk).update(seats_taken=F("seats_taken") + change)
        cohort.seats_taken += change
