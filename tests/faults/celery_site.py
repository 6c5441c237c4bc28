"""The site's own Celery, on another clock: `celery --app tests.faults.celery_site worker --beat`.

SITE_CLOCK is the instant at which it starts, so that tests do not depend on the hour at which they run, and ticks come
every second in place of every half minute. Everything else is as the site has it.
"""

import os
from datetime import datetime

import time_machine

time_machine.travel(datetime.fromisoformat(os.environ["SITE_CLOCK"]), tick=True).start()

from mentors_site.celery import app  # noqa: E402

__all__ = ["app"]

for tick in app.conf.beat_schedule.values():
    tick["schedule"] = 1.0
