"""The link that stops one kind of reminder: signed, so that it can be neither guessed nor made for somebody else.

It holds no name and no address, and works as long as the mail is kept.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from courses.messaging.kinds import kind_named

SALT = "courses.reminders.stop"
CONTACT_SALT = "courses.contacts.stop"


def stop_token(*, person_id: int, rule: str) -> str:
    return signing.dumps([person_id, rule], salt=SALT)


def read_stop_token(token: str) -> tuple[int, str] | None:
    """Whose reminders, and of which kind; None for anything that was not made here."""
    try:
        person_id, rule = signing.loads(token, salt=SALT)
        return (int(person_id), rule) if kind_named(rule) else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def stop_url(*, person_id: int, rule: str, language: str) -> str:
    with override(language):
        path = reverse("public:reminders-stop", args=[stop_token(person_id=person_id, rule=rule)])
    return f"{settings.SITE_URL}{path}"


def contact_stop_token(contact_id: int) -> str:
    return signing.dumps(contact_id, salt=CONTACT_SALT)


def read_contact_stop_token(token: str) -> int | None:
    """Which contact person; None for anything that was not made here."""
    try:
        return int(signing.loads(token, salt=CONTACT_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def contact_stop_url(contact_id: int, language: str) -> str:
    with override(language):
        return f"{settings.SITE_URL}{reverse('public:contacts-stop', args=[contact_stop_token(contact_id)])}"
