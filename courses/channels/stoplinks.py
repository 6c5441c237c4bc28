"""The link that stops one kind of reminder: signed, so that it can be neither guessed nor made for somebody else.

It holds no name and no address, and works as long as the mail is kept.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from courses.enums import ReminderRule

SALT = "courses.reminders.stop"


def stop_token(*, person_id: int, rule: str) -> str:
    return signing.dumps([person_id, rule], salt=SALT)


def read_stop_token(token: str) -> tuple[int, ReminderRule] | None:
    """Whose reminders, and of which kind; None for anything that was not made here."""
    try:
        person_id, rule = signing.loads(token, salt=SALT)
        return int(person_id), ReminderRule(rule)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def stop_url(*, person_id: int, rule: str, language: str) -> str:
    with override(language):
        path = reverse("public:reminders-stop", args=[stop_token(person_id=person_id, rule=rule)])
    return f"{settings.SITE_URL}{path}"
