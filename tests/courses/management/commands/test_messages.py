from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from courses.messaging.models import Message
from tests.conftest import NOW
from tests.factories import EnrollmentFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "centre")]


def say(command):
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def enrollment():
    starts_at = NOW + timedelta(days=2)
    session = SessionFactory.create(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    return EnrollmentFactory.create(cohort=session.cohort, admitted_at=NOW - timedelta(days=30))


def test_plan_messages_plans_once(enrollment):
    assert [say("plan_messages"), say("plan_messages")] == ["1 messages planned.\n", "0 messages planned.\n"]


def test_send_messages_sends_what_is_due(enrollment, mail_sink):
    say("plan_messages")

    assert [say("send_messages"), say("send_messages")] == ["sent: 1\n", "Nothing is due.\n"]
    assert len(mail_sink.mails) == 1


def test_send_messages_says_when_quiet_hours_end(enrollment, clock):
    say("plan_messages")
    clock.move_to(NOW.replace(hour=20))

    assert say("send_messages") == "Quiet hours: nothing is sent before 2027-01-13 09:00.\n"
    assert Message.objects.get().state == "pending"
