from celery import shared_task
from django.utils import timezone

from courses.messaging.services.outbox import send_due_messages, sweep_messages
from courses.messaging.services.planning import plan_messages


@shared_task
def plan_messages_task() -> None:
    plan_messages(at=timezone.now())


@shared_task
def send_messages_task() -> None:
    sweep_messages(at=timezone.now())
    send_due_messages()
