import signal
import smtplib
import subprocess
import sys
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command

from tests.house.programs import ROOT
from tests.processes import free_port


@pytest.fixture
def sink(tmp_path):
    """A running `manage.py mail_sink`: its port and its folder."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "mail_sink"],
        cwd=ROOT,
        env={"DEMO": "1", "VAR_DIR": str(tmp_path), "EMAIL_URL": f"smtp://127.0.0.1:{port}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"Taking mail on 127.0.0.1:{port} into {tmp_path / 'mail'}\n"
    yield port, tmp_path / "mail"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    process.stdout.close()


def mail(subject):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "centre@demo.example", "learner@demo.example", subject
    message.set_content("Tervetuloa!")
    return message


@pytest.mark.processes
def test_each_mail_becomes_one_file_in_order_of_arrival(sink):
    port, folder = sink

    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(mail("Ensimmäinen"))
        time.sleep(0.001)
        server.send_message(mail("Toinen"))

    kept = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.iterdir())]
    assert [path.suffix for path in folder.iterdir()] == [".eml", ".eml"]
    assert [(one["Subject"], one.get_content().strip()) for one in kept] == [
        ("Ensimmäinen", "Tervetuloa!"),
        ("Toinen", "Tervetuloa!"),
    ]


def test_outside_the_demo_it_refuses_to_swallow_mail(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="belongs to the demo"):
        call_command("mail_sink")
