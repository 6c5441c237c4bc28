"""The link of an offered seat: a page with buttons. Signed, so that it can be neither guessed nor made for another offer.

It holds no name and names the offer by its time: with the next offer it means nothing any more.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from courses.enrolling.models import Enrollment

SALT = "courses.offers.answer"
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def offer_token(enrollment: Enrollment) -> str:
    """Of an enrollment to which a seat is offered."""
    assert enrollment.offer_expires_at is not None
    held = (enrollment.offer_expires_at - EPOCH) // timedelta(microseconds=1)
    return signing.dumps([enrollment.pk, held], salt=SALT)


def read_offer_token(token: str) -> tuple[int, datetime] | None:
    """(Enrollment, until when that offer holds or held); None for anything that was not made here.

    Whether the offer still stands is for the page to say: its time may be over, or another offer may be there.
    """
    try:
        enrollment_id, held = signing.loads(token, salt=SALT)
        return int(enrollment_id), EPOCH + timedelta(microseconds=int(held))
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return None


def offer_url(enrollment: Enrollment, language: str) -> str:
    with override(language):
        path = reverse("public:offers-answer", args=[offer_token(enrollment)])
    return f"{settings.SITE_URL}{path}"


def application_url(language: str) -> str:
    """Where the code of an application is typed. The code itself stands in no address."""
    with override(language):
        return f"{settings.SITE_URL}{reverse('public:applications-lookup')}"
