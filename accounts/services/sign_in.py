"""A sign-in that works once, for whoever sets the site up or stands at the machine when no mail goes out."""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.selectors import may_sign_in
from accounts.services.audit import record_change

SALT = "accounts.sign-in-once"
GOOD_FOR = timedelta(hours=1)


def sign_in_token(person: Person) -> str:
    """For one sign-in within `GOOD_FOR`. Any sign-in of the person, and disabling, makes it worthless."""
    return signing.dumps({"pk": person.pk, "seal": _seal(person)}, salt=SALT)


def person_of_token(token: str) -> Person | None:
    """Whose token it is while it still works."""
    try:
        content = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=content["pk"]).first()
    if person is None or not may_sign_in(person) or not constant_time_compare(content["seal"], _seal(person)):
        return None
    return person


@transaction.atomic
def use_sign_in_token(*, token: str) -> Person:
    """Uses the token up and returns whom to sign in. Of two who use it at once, one gets RuleError `used`."""
    person = person_of_token(token)
    # The seal holds the last sign-in, so that writing it makes the token worthless; the update decides who was first.
    same = Person.objects.filter(pk=person.pk, last_login=person.last_login) if person else Person.objects.none()
    if person is None or not same.update(last_login=timezone.now()):
        raise RuleError([_("This sign-in has been used already, or it is too old. Ask for a new one.")], code="used")
    record_change(by=person, action="person.sign_in_once", subject=person)
    return person


def _seal(person: Person) -> str:
    return salted_hmac(SALT, f"{person.pk}|{person.password}|{person.last_login}", algorithm="sha256").hexdigest()
