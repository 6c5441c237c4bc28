import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentors_site.settings")

TOPICS_WITH_TASKS = ["courses.messaging", "courses.enrolling", "courses.importing.rosters", "courses.registry"]

app = Celery("mentors_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks(TOPICS_WITH_TASKS)

# A tick carries nothing and is worth nothing once the next one is due.
TICK_SECONDS = 30
app.conf.beat_schedule = {
    "plan messages": {
        "task": "courses.messaging.tasks.plan_messages_task",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS - 5},
    },
    "lapse offers": {
        "task": "courses.enrolling.tasks.lapse_offers_task",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS - 5},
    },
    "compare people": {
        "task": "courses.registry.tasks.compare_people_task",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS - 5},
    },
    "send messages": {
        "task": "courses.messaging.tasks.send_messages_task",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS - 5},
    },
    "apply rosters": {
        "task": "courses.importing.rosters.tasks.apply_rosters_task",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS - 5},
    },
    # In Helsinki's night; worth nothing any more when people are at work, and made up by the next night.
    "run retention": {
        "task": "courses.registry.tasks.run_retention_task",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 4 * 60 * 60},
    },
}


@setup_logging.connect
def keep_site_logging(**kwargs: object) -> None:
    """Celery would replace the logging of the settings; Django has set it up already."""
    assert settings.LOGGING_CONFIG
