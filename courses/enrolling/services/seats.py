"""The lock that keeps seats true: whoever counts, takes or frees a seat locks the cohort's row first."""

from django.db.models import F

from courses.scheduling.models import Cohort


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
