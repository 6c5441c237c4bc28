"""What the tests of the outbox share: people with places, processes that send, and what became of each message."""

import os
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from courses.enrolling.messages.places import plan_place_confirmed
from courses.enrolling.models import Enrollment
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.models import Cohort
from tests.conftest import NOW
from tests.factories import CentreFactory, CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory
from tests.faults.killing_mail_server import KillingMailServer
from tests.processes import site_environment

ROOT = Path(__file__).parents[2]
# After every lease of a crashed process, and still in working hours.
LATER = NOW + timedelta(minutes=40)
DUE = NOW.replace(day=22)


def coming_session() -> Cohort:
    """A cohort whose one session starts so that its reminders are due on the day of DUE."""
    CentreFactory.create()
    starts_at = NOW.replace(day=26)
    session = SessionFactory.create(
        cohort=CohortFactory.create(capacity=500), starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )
    return session.cohort


def give_places(count: int, *, cohort: Cohort | None = None, phone: str = "") -> list[Enrollment]:
    cohort = cohort or coming_session()
    return [
        EnrollmentFactory.create(
            cohort=cohort, person=PersonFactory.create(phone=phone), admitted_at=NOW - timedelta(days=1)
        )
        for _number in range(count)
    ]


def plan_mails(count: int, *, policy: str = "resend", phone: str = "") -> list[Message]:
    """`count` messages about a place, due at NOW; they would be too late half a year later only."""
    plan_place_confirmed(enrollments=give_places(count, phone=phone), at=NOW)
    Message.objects.update(policy=policy, expires_at=NOW + timedelta(days=180))
    return list(Message.objects.order_by("pk"))


def start(
    how: str, *options: object, server: KillingMailServer | None = None, at: datetime = NOW, **environment: str
) -> "subprocess.Popen[str]":
    if server:
        environment["EMAIL_URL"] = f"smtp://{server.host}:{server.port}"
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.faults.outbox_client",
            how,
            "--clock",
            at.isoformat(),
            *[str(option) for option in options],
        ],
        cwd=ROOT,
        env=site_environment() | environment | {"ENV_FILE": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]", seconds: float = 120) -> str:
    """What it printed; fails loudly when it failed."""
    output, errors = process.communicate(timeout=seconds)
    assert process.returncode == 0, errors
    return output


def ends() -> dict[str, int]:
    """State -> how many e-mails ended in it."""
    return dict(Counter(Message.objects.filter(channel="email").values_list("state", flat=True)))


def copies(server: KillingMailServer) -> dict[int, int]:
    """Message -> how many copies of it the server accepted."""
    return {
        message.pk: server.copies[message.message_id]
        for message in Message.objects.filter(channel="email").order_by("pk")
    }


def lost(server: KillingMailServer) -> list[int]:
    """Messages that neither arrived nor stand before a coordinator."""
    shown = [MessageState.DEAD, MessageState.UNKNOWN]
    arrived = copies(server)
    return [
        message.pk
        for message in Message.objects.filter(channel="email")
        if not arrived[message.pk] and message.state not in shown
    ]
