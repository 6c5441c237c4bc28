from datetime import date
from typing import Protocol

from django import template
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django_stubs_ext import StrPromise

from accounts.wording.marks import StateMark
from courses.certifying.enums import CertificateStatus as Status
from courses.certifying.enums import MentorState
from courses.certifying.models import Certificate
from courses.dates.words import day_numbers, month_words

register = template.Library()

ICONS = {
    Status.VALID: "cert",
    Status.EXPIRES_SOON: "clock",
    Status.EXPIRED: "end",
    Status.REVOKED: "bad",
    Status.RENEWED: "end",
}
TONES = {Status.EXPIRES_SOON: "warn", Status.REVOKED: "bad"}
# What the page of the check says first; of a certificate that is valid the last.
VERDICTS: dict[str, StrPromise] = {
    Status.REVOKED: gettext_lazy("The certificate is not valid"),
    Status.EXPIRED: gettext_lazy("The certificate has expired"),
    Status.RENEWED: gettext_lazy("There is a newer certificate"),
}
VALID = gettext_lazy("The certificate is valid")


class MentorWithFacts(Protocol):
    """A Mentor of certifying.selectors.mentors_with_facts."""

    state: str
    certificate_number: str | None
    valid_until: date | None
    visits: int | None

    def get_state_display(self) -> str: ...


@register.filter
def mentor_mark(mentor: MentorWithFacts, today: date) -> StateMark:
    """{% state_mark mentor|mentor_mark:today %}: one without visits of late is quiet."""
    if mentor.state != MentorState.CERTIFIED:
        return StateMark("end", mentor.get_state_display())
    if not mentor.certificate_number or (mentor.valid_until and mentor.valid_until < today):
        return StateMark("warn", _("no valid certificate"), "warn")
    if mentor.visits:
        return StateMark("done", pgettext("mentor", "active"))
    return StateMark("ring", pgettext("mentor", "quiet"))


@register.filter
def verdict(status: str) -> StrPromise:
    """{{ status|verdict }}: "The certificate is valid"."""
    return VERDICTS.get(status, VALID)


@register.filter
def validity_words(certificate: Certificate, today: date) -> str:
    """{{ certificate|validity_words:today }}: "Valid until 9.3.2029"."""
    if certificate.revoked_at:
        return pgettext("certificate", "Revoked")
    if certificate.replaced_at:
        return pgettext("certificate", "Renewed")
    if not certificate.valid_until:
        return pgettext("certificate", "Valid")
    words = _("Expired %(day)s") if certificate.valid_until < today else _("Valid until %(day)s")
    return words % {"day": day_numbers(certificate.valid_until, get_language() or "en")}


@register.filter
def own_validity(certificate: Certificate, status: Status) -> str:
    """{{ certificate|own_validity:status }}, for the one who has it: "Valid until 9. maaliskuuta 2029"."""
    if not certificate.valid_until or status == Status.REVOKED:
        return str(status.label)
    day = month_words(certificate.valid_until, get_language() or "en", year=True)
    words = _("Valid until %(day)s") % {"day": day}
    return f"{words} ({status.label.lower()})" if status == Status.EXPIRED else words


@register.filter
def certificate_icon(status: str) -> str:
    """The state mark of a certificate's status."""
    return ICONS[Status(status)]


@register.filter
def certificate_tone(status: str) -> str:
    return TONES.get(Status(status), "")
