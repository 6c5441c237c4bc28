"""A real SMTP server that collects what it is given, and refuses or breaks off as a test asks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes import free_port

# Instead of a reply: the connection ends. The mail counts as taken, as it may with a real server.
CUT = "cut"


@dataclass
class MailServer:
    """`answer_rcpt(address)` and `answer_data(mail)` give a reply such as "450 later", None to accept, or CUT."""

    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    answer_rcpt: Callable[[str], str | None] = field(default=lambda address: None)
    answer_data: Callable[[EmailMessage], str | None] = field(default=lambda mail: None)

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.answer_rcpt(address)
        if reply == CUT:
            server.transport.abort()
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = cast(EmailMessage, message_from_bytes(envelope.original_content or b"", policy=policy.default))
        reply = self.answer_data(mail)
        if reply in (None, CUT):
            self.mails.append(mail)
            self.raw.append(envelope.original_content or b"")
        if reply == CUT:
            server.transport.abort()
        return reply or "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname=server.host, port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
