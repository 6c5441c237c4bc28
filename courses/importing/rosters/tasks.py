from contextlib import suppress

from celery import shared_task
from kombu.exceptions import OperationalError

from courses.importing.rosters.services.jobs import apply_queued_rosters


@shared_task
def apply_rosters_task() -> None:
    apply_queued_rosters()


def wake_roster_worker() -> None:
    """Saves the wait for the next tick, which finds the roster anyway: a broker that is away is no reason to fail."""
    with suppress(OperationalError, OSError):
        apply_rosters_task.delay_on_commit()
