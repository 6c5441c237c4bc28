"""What beat ticks. A tick carries nothing: what is due stands in the database, and a lost tick is made up by the next."""

from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.services.pairs import compare_people
from courses.services.messages import plan_messages
from courses.services.offers import lapse_offers
from courses.services.outbox import send_due_messages, sweep_messages
from courses.services.retention import run_retention
from courses.services.rosterjobs import apply_queued_rosters

# A roster of thousands is compared over some ticks.
COMPARED_IN_A_TICK = 1_000


@shared_task
def plan_messages_task() -> None:
    plan_messages(at=timezone.now())


@shared_task
def lapse_offers_task() -> None:
    lapse_offers(at=timezone.now())


@shared_task
def compare_people_task() -> None:
    compare_people(most=COMPARED_IN_A_TICK)


@shared_task
def send_messages_task() -> None:
    sweep_messages(at=timezone.now())
    send_due_messages()


@shared_task
def run_retention_task() -> None:
    run_retention(at=timezone.now())


@shared_task
def apply_rosters_task() -> None:
    apply_queued_rosters()


def wake_roster_worker() -> None:
    """Saves the wait for the next tick, which finds the roster anyway: a broker that is away is no reason to fail."""
    with suppress(OperationalError, OSError):
        apply_rosters_task.delay_on_commit()
