import signal
from argparse import ArgumentParser
from threading import Event
from types import FrameType

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from courses.enrolling.services.offers import lapse_offers
from courses.messaging.rules.quiet_hours import is_quiet, next_allowed
from courses.messaging.services.outbox import send_due_messages, sweep_messages
from courses.messaging.services.planning import plan_messages

TICK_SECONDS = 30


class Command(BaseCommand):
    help = (
        "Sends the e-mails that are due. With --loop it plans and sends every half minute until it is stopped: what\n"
        "Celery's worker and beat do, without a broker.\n"
        "Example: manage.py send_messages --loop"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="plan and send until stopped (Ctrl-C or SIGTERM)")

    def handle(self, *, loop: bool, **options: object) -> None:
        if not loop:
            self._send(Event())
            return
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        while not stop.is_set():
            try:
                now = timezone.now()
                lapse_offers(at=now)
                plan_messages(at=now)
                self._send(stop)
            except (OperationalError, InterfaceError):
                self.stderr.write("The database is away. Trying again.")
                connection.close()
            stop.wait(TICK_SECONDS)

    def _send(self, stop: Event) -> None:
        now = timezone.now()
        sweep_messages(at=now)
        outcomes = send_due_messages(keep_going=lambda: not stop.is_set())
        if outcomes:
            self.stdout.write(", ".join(f"{outcome}: {number}" for outcome, number in sorted(outcomes.items())))
        elif is_quiet(now):
            self.stdout.write(
                f"Quiet hours: nothing is sent before {timezone.localtime(next_allowed(now)):%Y-%m-%d %H:%M}."
            )
        else:
            self.stdout.write("Nothing is due.")
