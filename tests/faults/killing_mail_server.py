"""A real SMTP server that keeps what it accepts and, at a step of the hand-over, does something to the sender."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes import free_port

# In the order in which they come. At `claimed` the sender has connected and said nothing; at `offered` it has named the
# recipient and waits; at `taken` it was told 250 and has not read it; at `wired` it has said DATA; at `half` the server
# has read a part of the content and never accepts it; at `whole` the server has all of it and has not said so; at
# `accepted` it has said 250, which the sender has not read.
STEPS = ("claimed", "offered", "taken", "wired", "half", "whole", "accepted")
# The sender does not run while the server's reply is on its way to it.
BEFORE_READING = ("taken", "accepted")


@dataclass
class KillingMailServer:
    """Kills the process `victim` once, when a mail reaches `step`; or calls `at_rcpt` in place of killing.

    `copies`: Message-ID -> how many copies were accepted. `answer(counter)` may give another reply to DATA: the reply,
    and whether the mail counts as accepted.
    """

    step: str = ""
    victim: int = 0
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    copies: Counter[str] = field(default_factory=Counter)
    recipients: dict[str, str] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    at_rcpt: Callable[[str], None] | None = None
    at_data: Callable[[str], None] | None = None
    answer_rcpt: Callable[[str], str] = field(default=lambda address: "250 OK")
    answer_data: Callable[[str], tuple[str, bool]] = field(default=lambda address: ("250 OK", True))
    killed: bool = False

    def freeze(self, step: str) -> bool:
        """Stops the victim at this step; it runs again never, or after `kill`."""
        if self.killed or step != self.step:
            return False
        os.kill(self.victim, signal.SIGSTOP)
        return True

    def kill(self, step: str) -> bool:
        if self.killed or step != self.step:
            return False
        self.killed = True
        os.kill(self.victim, signal.SIGKILL)
        return True

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.kill("offered"):
            return "250 nobody listens"
        if self.at_rcpt:
            await asyncio.to_thread(self.at_rcpt, address)
        reply = self.answer_rcpt(address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        if self.freeze("taken"):
            asyncio.get_running_loop().call_later(0.05, self.kill, "taken")
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        reply, accepted = self.answer_data(address)
        if accepted:
            mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            self.copies[mail["Message-ID"]] += 1
            self.recipients[mail["Message-ID"]] = address
        if self.kill("whole"):
            return "250 nobody listens"
        if self.at_data:
            await asyncio.to_thread(self.at_data, address)
        if reply == "cut":
            cut(server)
            return "250 nobody listens"
        if self.freeze("accepted"):
            asyncio.get_running_loop().call_later(0.05, self.kill, "accepted")
        return reply


def cut(server: SMTP) -> None:
    """The connection ends without a word."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class SteppedSMTP(SMTP):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.kill("claimed")
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:
        server: KillingMailServer = self.event_handler
        server.kill("wired")
        if server.step == "half" and not server.killed:
            await self.push("354 go on")
            await self._reader.readexactly(200)
            server.kill("half")
            cut(self)
            return
        await super().smtp_DATA(arg)


class SteppedController(Controller):
    def factory(self) -> SMTP:
        return SteppedSMTP(self.handler, **self.SMTP_kwargs)


@contextmanager
def killing_mail_server(**options: Any) -> Iterator[KillingMailServer]:
    server = KillingMailServer(**options)
    controller = SteppedController(server, hostname=server.host, port=server.port, decode_data=False)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
