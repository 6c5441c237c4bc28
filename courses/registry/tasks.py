from celery import shared_task
from django.utils import timezone

from accounts.services.candidates import compare_people
from courses.registry.services.retention import run_retention

# A roster of thousands is compared over some ticks.
COMPARED_IN_A_TICK = 1_000


@shared_task
def compare_people_task() -> None:
    compare_people(most=COMPARED_IN_A_TICK)


@shared_task
def run_retention_task() -> None:
    run_retention(at=timezone.now())
