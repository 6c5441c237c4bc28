"""The demo's mail, which stays on this machine: files that `mail_sink` wrote, read back as a mail program would."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from django.conf import settings
from django.utils import timezone

# As mail_sink names them: the time of arrival in UTC, then something random.
NAME = re.compile(r"^(\d{8}T\d{12})-[0-9a-f]{8}$")


@dataclass(frozen=True)
class ReceivedMail:
    """`name` is its file without the ending. The parts are empty in a list, which reads headers only."""

    name: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str = ""
    html: str = ""
    stop_link: str = ""


def mail_names() -> list[str]:
    """Newest first; half-written files and strangers are left out."""
    folder = Path(settings.DEMO_MAIL_DIR)
    return sorted((path.stem for path in folder.glob("*.eml") if NAME.match(path.stem)), reverse=True)


def mail_heads(names: list[str]) -> list[ReceivedMail]:
    """The headers of some mails, in the given order; one that was removed meanwhile is left out."""
    parser = BytesHeaderParser(policy=policy.default)
    heads = []
    for name in names:
        path = _path(name)
        if path.exists():
            with path.open("rb") as file:
                heads.append(_received(name, parser.parse(file)))
    return heads


def read_mail(name: str) -> ReceivedMail | None:
    """A whole mail, or None when there is none by this name."""
    if not NAME.match(name) or not _path(name).exists():
        return None
    mail = message_from_bytes(_path(name).read_bytes(), policy=policy.default)
    head = _received(name, mail)
    return ReceivedMail(
        name=head.name,
        at=head.at,
        sender=head.sender,
        to=head.to,
        subject=head.subject,
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        stop_link=str(mail.get("List-Unsubscribe", "")).strip("<> "),
    )


def _received(name: str, mail: EmailMessage) -> ReceivedMail:
    match = NAME.match(name)
    assert match is not None
    return ReceivedMail(
        name=name,
        at=datetime.strptime(f"{match[1]}+0000", "%Y%m%dT%H%M%S%f%z").astimezone(timezone.get_default_timezone()),
        sender=str(mail.get("From", "")),
        to=str(mail.get("To", "")),
        subject=str(mail.get("Subject", "")),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _path(name: str) -> Path:
    return Path(settings.DEMO_MAIL_DIR) / f"{name}.eml"
