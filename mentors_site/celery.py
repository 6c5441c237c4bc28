import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentors_site.settings")

app = Celery("mentors_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def keep_site_logging(**kwargs: Any) -> None:
    """Celery would replace the logging of the settings; Django has set it up already."""
    assert settings.LOGGING_CONFIG
