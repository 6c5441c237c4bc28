"""E-mail over SMTP, in steps: the server is asked whether it takes the recipient, then `fence` says for the last time
whether the mail may leave, then the content goes. What each end means for sending again is the Outcome."""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from pathlib import Path
from types import TracebackType

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.utils import DNS_NAME
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from accounts.wording.senders import sender
from courses.messaging.channels.texts import MessageFacts, Text, html_of, text_of
from courses.messaging.enums import MessageTrouble
from courses.messaging.models import Message
from courses.messaging.rules.attempts import COMMAND_SECONDS, CONNECT_SECONDS, CONTENT_SECONDS, REPLY_SECONDS

# No field is folded: mail programs read a folded List-Unsubscribe, whose link is one long word, as no link at all (RFC 2047
# forbids an encoded word there). Lines of 998 letters are what SMTP takes.
POLICY = SMTP.clone(max_line_length=998)

LOOKS = Path(__file__).resolve().parents[2] / "templates/courses/messaging/mail"
STYLES = (LOOKS / "mail.css").read_text()
DARK_STYLES = (LOOKS / "dark.css").read_text()
INLINER = css_inline.CSSInliner(extra_css=STYLES, load_remote_stylesheets=False)


class Outcome(StrEnum):
    SENT = "sent"
    LATER = "later"  # the server refused for now
    REFUSED = "refused"  # the server refused for good
    DOUBT = "doubt"  # the content may have arrived
    NO_CONNECTION = "no_connection"  # the server, not the mail, is at fault
    FENCED = "fenced"  # the last check said no; nothing left


@dataclass(frozen=True)
class Reply:
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True)
class Mail:
    """A mail ready to go; `text` is what is kept of it."""

    recipient: str
    text: Text
    html: str
    content: bytes


class BadAddress(ValueError):
    pass


def mail_of(message: Message, facts: MessageFacts, *, at: datetime, recipient: str = "", prefix: str = "") -> Mail:
    """The mail as it leaves now. `recipient` and `prefix` (before the subject) are for a test to somebody else.

    Raises BadAddress when no mail program would take the address.
    """
    address = _address(recipient or message.reader_email, name="" if recipient else message.reader_name)
    text = text_of(message, facts)
    text = Text(subject=f"{prefix}{text.subject}"[:200], body=text.body)
    html = mail_html(message, facts)
    mail = EmailMessage(policy=POLICY)
    mail["Subject"] = text.subject
    with override(message.person.language):
        mail["From"] = sender()
    mail["To"] = address
    if facts.centre.email:
        mail["Reply-To"] = facts.centre.email
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(message)
    mail["Auto-Submitted"] = "auto-generated"
    link = facts.context(message).get("stop_url")
    if link:
        # RFC 8058: the mail program stops the reminders with one click, by POST.
        mail["List-Unsubscribe"] = f"<{link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text.body, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.person.language
    return Mail(recipient=address.addr_spec, text=text, html=html, content=mail.as_bytes())


def mail_html(message: Message, facts: MessageFacts) -> str:
    """The HTML part, its styles written into the elements: many mail programs know no style sheets."""
    inlined = INLINER.inline(html_of(message, facts, layout="layout.html"))
    return inlined.replace("</head>", f"<style>{DARK_STYLES}</style></head>", 1)


def message_id(message: Message) -> str:
    """The same for every copy of a message, so that a mail program that gets two shows one."""
    secret = salted_hmac("courses.message-id", message.dedupe_key).hexdigest()[:24]
    return f"<{message.pk}.{secret}@{_sender_domain()}>"


class MailServer:
    """One connection to the mail server, opened when it is first needed and kept for the next mail."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def hand_over(self, mail: Mail, *, fence: Callable[[], bool]) -> Reply:
        """`fence` is asked once, after the server took the recipient and right before the content. What it raises
        passes through; nothing has left then."""
        try:
            refusal = self._offer(mail.recipient)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Reply(Outcome.NO_CONNECTION, _kind(error))
        if refusal:
            return refusal
        try:
            allowed = fence()
        except BaseException:
            self._drop()
            raise
        if not allowed:
            self._reset()
            return Reply(Outcome.FENCED)
        return self._give(mail.content)

    def _offer(self, recipient: str) -> Reply | None:
        """Connects when needed, names sender and recipient. None when the server takes them."""
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        kept = self._smtp is not None
        try:
            code, words = self._connection().mail(sender)
        except (OSError, smtplib.SMTPException):
            if not kept:
                raise
            # The server may have closed a connection that lay idle.
            self._drop()
            code, words = self._connection().mail(sender)
        if code != 250:
            self._drop()
            # A server that refuses the sender refuses every mail: it is no fault of this one.
            return Reply(Outcome.NO_CONNECTION, _shown(code, words, recipient))
        code, words = self._connection().rcpt(recipient)
        if code in (250, 251):
            return None
        if code == 421:
            self._drop()
        else:
            self._reset()
        return Reply(_outcome_of(code), _shown(code, words, recipient))

    def _give(self, content: bytes) -> Reply:
        smtp = self._connection()
        try:
            smtp.putcmd("data")
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Reply(Outcome.LATER, MessageTrouble.BROKEN_OFF)
        if code != 354:
            self._reset()
            return Reply(_outcome_of(code), _shown(code, words))
        try:
            _set_timeout(smtp, CONTENT_SECONDS)
            smtp.send(re.sub(rb"(?m)^\.", b"..", content).removesuffix(b"\r\n") + b"\r\n.\r\n")
            _set_timeout(smtp, REPLY_SECONDS)
            code, words = smtp.getreply()
            _set_timeout(smtp, COMMAND_SECONDS)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Reply(Outcome.DOUBT, MessageTrouble.IN_DOUBT)
        if code == 250:
            return Reply(Outcome.SENT)
        if code == 421:
            self._drop()
        return Reply(_outcome_of(code), _shown(code, words))

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            kind = smtplib.SMTP_SSL if settings.EMAIL_USE_SSL else smtplib.SMTP
            smtp = kind(
                settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=DNS_NAME.get_fqdn(), timeout=CONNECT_SECONDS
            )
            self._smtp = smtp
            _set_timeout(smtp, COMMAND_SECONDS)
            smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        return self._smtp

    def _reset(self) -> None:
        try:
            self._connection().rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        """Ends the connection without a word: a goodbye could wait for a server that is gone."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _leave(self) -> None:
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._drop()


def _set_timeout(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _outcome_of(code: int) -> Outcome:
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.LATER


def _shown(code: int, words: bytes, recipient: str = "") -> str:
    """What the server said, without the address."""
    said = " ".join(words.decode("utf-8", "replace").split())
    said = re.sub(r"<?[^\s<>]+@[^\s<>]+>?", "…", said.replace(f"<{recipient}>", "…") if recipient else said)
    return f"{code} {said}"[:200]


def _kind(error: Exception) -> str:
    """A refused sign-in or greeting in the server's words, anything else by its own trouble."""
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return _shown(error.smtp_code, words if isinstance(words, bytes) else str(words).encode())
    return MessageTrouble.NO_CONNECTION


def _address(email: str, *, name: str) -> Address:
    """The domain in its ASCII form. Raises BadAddress."""
    local, _at, domain = email.strip().rpartition("@")
    try:
        ascii_form = f"{local}@{domain.encode('idna').decode('ascii')}"
        validate_email(ascii_form)
        ascii_form.encode("ascii")
        return Address(display_name=" ".join(name.split()), addr_spec=ascii_form)
    except (UnicodeError, ValidationError, ValueError, IndexError) as error:
        raise BadAddress(MessageTrouble.BAD_EMAIL) from error


def _sender_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
