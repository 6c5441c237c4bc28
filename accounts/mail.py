"""Mail that somebody waits for at the screen: sent at once, once, or not at all."""

from email.utils import make_msgid
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.http import HttpRequest  # noqa: TID251  # only handed on to the templates
from django.template.loader import render_to_string
from django.utils import translation

from accounts.exceptions import MailUnavailable
from accounts.wording.senders import sender

log = structlog.get_logger(__name__)

# Nobody looks at an empty page for five minutes, as long as a message of the outbox may take.
PATIENCE_SECONDS = 20


def send_now(*, template: str, to: str, language: str, context: dict[str, object], request: HttpRequest) -> None:
    """Sends `{template}_subject.txt`, `{template}_message.txt` and `{template}_message.html` in `language`.

    Raises MailUnavailable when the server is not there. A mailbox that the server refuses is logged and passed over:
    whoever asked must not learn from it which addresses exist.
    """
    with translation.override(language):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context, request).split())
        text = render_to_string(f"{template}_message.txt", context, request).strip() + "\n"
        html = render_to_string(f"{template}_message.html", context, request).strip()
        from_email = str(sender())
    connection = get_connection(timeout=PATIENCE_SECONDS)
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
    }
    message = EmailMultiAlternatives(subject, text, from_email, to=[to], headers=headers, connection=connection)
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (SMTPRecipientsRefused, SMTPDataError):
        log.warning("sign_in_mail_refused")
    except (SMTPException, OSError) as error:
        raise MailUnavailable from error


def try_mail_server() -> None:
    """Meets the mail server without sending, so that an unknown address takes as long as a known one and fails alike."""
    connection = get_connection(timeout=PATIENCE_SECONDS)
    try:
        connection.open()
        connection.close()
    except (SMTPException, OSError) as error:
        raise MailUnavailable from error
