"""One process of the outbox's tests: `python -m tests.faults.outbox_client HOW [--clock INSTANT] ...`.

`send` is what a worker does, until nothing is open; `plan` plans; `control` is the naive way: select, send, mark. The clock
runs from INSTANT on, so that tests do not depend on the hour at which they run.
"""

import argparse
import os
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentors_site.settings")
django.setup()

from django.core.mail import EmailMessage  # noqa: E402
from django.db import InterfaceError, OperationalError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from courses.messaging.enums import MessageState  # noqa: E402
from courses.messaging.models import Message  # noqa: E402
from courses.messaging.rules.attempts import LEASE, WIRE_LEASE  # noqa: E402
from courses.messaging.rules.quiet_hours import is_quiet, next_allowed  # noqa: E402
from courses.messaging.services.outbox import send_due_messages, sweep_messages  # noqa: E402
from courses.messaging.services.planning import plan_messages  # noqa: E402

OPEN = [MessageState.PENDING, MessageState.SENDING]


class Clock:
    """Runs as clocks do, from another instant; `jump` moves it on."""

    def __init__(self, start: datetime) -> None:
        self.offset = start - timezone.now()

    def __call__(self) -> datetime:
        return timezone.now() + self.offset

    def jump(self, to: datetime) -> None:
        self.offset += max(to - self(), timedelta(0))


def send(clock: Clock, options: argparse.Namespace) -> None:
    """Sweeps and sends until no row is open. With --jump the clock goes on to the next attempt when nothing is due."""
    leases = {"lease": options.lease, "wire_lease": options.wire_lease}
    outcomes: Counter[str] = Counter()
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        try:
            sweep_messages(at=clock())
            done = send_due_messages(clock=clock, seconds=5, **leases)
            outcomes += done
            if not done and not _wait(clock, options.jump):
                break
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.2)
    print(dict(outcomes), flush=True)


def _wait(clock: Clock, jump: bool) -> bool:
    """Whether there is something to wait for."""
    rows = Message.objects.filter(state__in=OPEN, channel="email", held=False)
    if not rows.exists() or is_quiet(clock()):
        return False
    moments = [at for row in rows for at in ([row.lease_until] if row.lease_until else [row.next_attempt_at])]
    if jump:
        clock.jump(next_allowed(min(moments)))
    else:
        time.sleep(0.1)
    return True


def plan(clock: Clock, options: argparse.Namespace) -> None:
    """With --hold FILE the transaction stays open until the file appears; `planned` is printed before."""
    with transaction.atomic():
        planned = plan_messages(at=clock())
        if options.hold:
            print("planned", flush=True)
            while not options.hold.exists():
                time.sleep(0.02)
    print(planned, flush=True)
    if options.wait:
        time.sleep(60)


def control(clock: Clock, options: argparse.Namespace) -> None:
    """Select, send, mark: what must show duplicates when two do it at once, or the harness proves nothing."""
    print("ready", flush=True)
    while not options.go.exists():
        time.sleep(0.002)
    for message in Message.objects.filter(state=MessageState.PENDING).select_related("person").order_by("pk"):
        if Message.objects.filter(pk=message.pk, state=MessageState.PENDING).exists():
            EmailMessage(
                "Control", "Control", to=[message.person.email], headers={"Message-ID": f"<{message.pk}@control>"}
            ).send()
            Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=clock())


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=["send", "plan", "control"])
    parser.add_argument("--clock", type=datetime.fromisoformat)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--lease", type=_seconds, default=LEASE)
    parser.add_argument("--wire-lease", type=_seconds, default=WIRE_LEASE)
    parser.add_argument("--jump", action="store_true")
    parser.add_argument("--hold", type=Path)
    parser.add_argument("--wait", action="store_true")
    parser.add_argument("--go", type=Path)
    options = parser.parse_args(arguments)
    {"send": send, "plan": plan, "control": control}[options.how](Clock(options.clock), options)


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=float(text))


if __name__ == "__main__":
    main(sys.argv[1:])
