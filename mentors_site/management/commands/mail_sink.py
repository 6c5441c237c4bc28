import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType
from uuid import uuid4

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class KeepInFolder:
    """Writes each mail it is given as one `.eml` file; names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
        draft = self.folder / f"{name}.part"
        draft.write_bytes(envelope.original_content or b"")
        # The mailbox page never finds half a mail.
        draft.rename(self.folder / f"{name}.eml")
        return "250 Kept for the demo mailbox"


class Command(BaseCommand):
    help = (
        "Takes the demo's mail over SMTP and keeps it as .eml files in var/mail; nothing leaves this machine.\n"
        "Example: DEMO=1 manage.py mail_sink"
    )

    def handle(self, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("mail_sink belongs to the demo: it would keep real mail. Set DEMO=1.")
        folder: Path = settings.DEMO_MAIL_DIR
        folder.mkdir(parents=True, exist_ok=True)
        stop = Event()

        def ask_to_stop(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        controller = Controller(KeepInFolder(folder), hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
        controller.start()
        self.stdout.write(f"Taking mail on {settings.EMAIL_HOST}:{settings.EMAIL_PORT} into {folder}")
        self.stdout.flush()
        stop.wait()
        controller.stop()
