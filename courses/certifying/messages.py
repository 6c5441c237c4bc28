"""What is told about a certificate."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.certifying.enums import ReminderRule
from courses.certifying.models import Certificate
from courses.certifying.rules import KEPT_CERTIFICATE, certificate_ready_key
from courses.dates.words import day_numbers, month_words
from courses.messaging.enums import MessagePolicy
from courses.messaging.kinds import Kind, Notification
from courses.messaging.models import Message
from courses.messaging.services.planning import best_row, save_rows


class CertificateFacts:
    """The facts of messages about certificates (messaging.kinds.Facts): they stand in the rows themselves."""

    def __init__(self, messages: Sequence[Message], *, at: datetime) -> None:
        pass

    def words(self, message: Message) -> dict[str, object]:
        certificate, language = message.certificate, message.person.language
        if certificate is None:
            return {}
        until = certificate.valid_until
        check = reverse("public:certificates-show", args=[certificate.number])
        return {
            "course": certificate.course.title,
            "certificate": certificate,
            "valid_until": month_words(until, language, year=True) if until else "",
            "check_url": f"{settings.SITE_URL}{check}",
            "own_page_url": f"{settings.SITE_URL}{reverse('learner:home')}",
        }


class CertificateReady(Kind):
    """A second mail would look like a second certificate: never twice."""

    rule = ReminderRule.CERTIFICATE_READY
    templates = "courses/certifying/messages"
    facts = CertificateFacts
    policy = MessagePolicy.HOLD
    kept = KEPT_CERTIFICATE

    def still_so(self, at: datetime) -> Q:
        return Q(certificate__revoked_at__isnull=True, certificate__replaced_at__isnull=True)

    def why(self, message: Message) -> str:
        certificate = message.certificate
        if certificate is None:
            return ""
        return _("%(course)s: certificate %(number)s was issued on %(day)s.") % {
            "course": certificate.course.title,
            "number": certificate.number,
            "day": day_numbers(certificate.issued_on, get_language() or "en"),
        }


@transaction.atomic
def plan_certificate_ready(*, certificates: Iterable[Certificate], at: datetime) -> int:
    """Tells each holder that the certificate is ready. Returns how many rows are new."""
    notifications = [
        Notification(
            kind=CertificateReady(),
            person=certificate.person,
            key=certificate_ready_key(certificate.pk),
            about={"certificate": certificate},
        )
        for certificate in certificates
    ]
    return save_rows([best_row(notification, at) for notification in notifications])
