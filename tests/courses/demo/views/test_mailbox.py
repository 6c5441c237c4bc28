from datetime import timedelta
from pathlib import Path

import pytest

from accounts.enums import Channel
from courses.enrolling.messages.places import plan_place_confirmed
from courses.messaging.models import Message
from courses.messaging.services.outbox import send_due_messages
from tests.conftest import NOW
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "centre")]

BOX = "/en/demo/mailbox/"


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.DEMO_MAIL_DIR = tmp_path
    return tmp_path


def receive(folder, number, content=b"", mail=None):
    name = f"20270112T08000{number}000000-0000000{number}"
    (folder / f"{name}.eml").write_bytes(mail.as_bytes() if mail else content)
    return name


def message_to(**person):
    cohort = CohortFactory.create()
    SessionFactory.create(cohort=cohort, starts_at=NOW + timedelta(days=14), ends_at=NOW + timedelta(days=14, hours=3))
    enrollment = EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(**person))
    plan_place_confirmed(enrollments=[enrollment], at=NOW)
    return Message.objects.get()


def test_mails_stand_there_for_anyone_newest_first(client, folder):
    receive(folder, 1, b"Subject: first\r\nTo: a@example.org\r\n\r\nbody")
    receive(folder, 2, b"Subject: second\r\nTo: b@example.org\r\n\r\nbody")
    (folder / "stranger.eml").write_bytes(b"Subject: no")
    (folder / "20270112T080000000000-00000000.part").write_bytes(b"half")

    response = client.get(BOX)

    assert [mail.subject for mail in response.context["mails"]] == ["second", "first"]


def test_mail_is_read_as_it_was_sent(client, folder, mail_sink):
    message = message_to(first_name="Aino")
    send_due_messages(clock=lambda: NOW)
    name = receive(folder, 1, mail=mail_sink.mails[0])

    page = client.get(f"{BOX}{name}/")
    frame = client.get(f"{BOX}{name}/html/")

    message.refresh_from_db()
    assert page.context["mail"].text == message.body
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "Aino" in frame.content.decode()
    assert "unsafe-inline" not in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_sign_in_code_is_found_as_plain_text(client, folder):
    name = receive(folder, 1, b"Subject: Your code\r\nTo: a@example.org\r\n\r\nCode: ABCD-1234")

    assert "Code: ABCD-1234" in client.get(f"{BOX}{name}/").content.decode()
    assert client.get(f"{BOX}{name}/html/").status_code == 404


def test_markup_in_a_mail_stays_text(client, folder):
    name = receive(folder, 1, b"Subject: <script>x</script>\r\nTo: a@example.org\r\n\r\n<script>alert(1)</script>")

    text = client.get(f"{BOX}{name}/").content.decode()

    assert "<script>alert" not in text
    assert "<script>x" not in text


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fsecret", "20270112T080000000000-00000000"])
def test_unknown_name_is_no_page(client, folder, name):
    assert client.get(f"{BOX}{name}/").status_code == 404


def test_call_and_letter_are_met_as_they_are(client, folder):
    message = message_to(channel=Channel.CALL, phone="+358401234567", email="", first_name="Aino")

    assert [row.pk for row in client.get(f"{BOX}?tab=calls").context["page_obj"]] == [message.pk]
    assert "Aino" in client.get(f"{BOX}message/{message.pk}/").context["call"].text.body


def test_letter_is_opened(client, folder):
    message = message_to(channel=Channel.LETTER, street="Tie 1", postal_code="02100", city="Espoo", email="")

    assert "Tie 1<br>" in client.get(f"{BOX}message/{message.pk}/").content.decode()


def test_waiting_mails_say_when_they_leave(client, folder, clock):
    message_to()
    clock.move_to(NOW.replace(hour=20))

    response = client.get(f"{BOX}?tab=waiting")

    assert len(response.context["page_obj"]) == 1
    assert "Wednesday 13\u00a0January, 9:00" in response.content.decode()
