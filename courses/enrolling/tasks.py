from celery import shared_task
from django.utils import timezone

from courses.enrolling.services.offers import lapse_offers


@shared_task
def lapse_offers_task() -> None:
    lapse_offers(at=timezone.now())
