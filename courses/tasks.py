"""What beat ticks. A tick carries nothing: what is due stands in the database, and a lost tick is made up by the next."""

from celery import shared_task
from django.utils import timezone

from courses.services.messages import plan_messages
from courses.services.offers import lapse_offers
from courses.services.outbox import send_due_messages, sweep_messages
from courses.services.retention import run_retention


@shared_task
def plan_messages_task() -> None:
    plan_messages(at=timezone.now())


@shared_task
def lapse_offers_task() -> None:
    lapse_offers(at=timezone.now())


@shared_task
def send_messages_task() -> None:
    sweep_messages(at=timezone.now())
    send_due_messages()


@shared_task
def run_retention_task() -> None:
    run_retention(at=timezone.now())
