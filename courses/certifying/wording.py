"""What stands on a certificate, in the language in use."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.rules.phones import show_phone
from courses.certifying.models import Certificate
from courses.dates.words import month_words


class Fact(NamedTuple):
    """A name and its lines."""

    name: str
    lines: list[str]


def completed_sentence(title: str) -> str:
    """What follows the name, where the course has no words of its own."""
    return _("has completed the course %(course)s.") % {"course": title}


def certificate_facts(certificate: Certificate, extent: list[str], language: str) -> list[Fact]:
    """How much was learned, where and when it was issued, and until when it holds."""
    place = [certificate.words["place"]] if certificate.words.get("place") else []
    facts = [Fact(_("Issued"), [*place, month_words(certificate.issued_on, language, year=True)])]
    if extent:
        facts.insert(0, Fact(_("Extent"), extent))
    if certificate.valid_until:
        day = month_words(certificate.valid_until, language, year=True)
        facts.append(Fact(_("Valid"), [_("until %(day)s") % {"day": day}]))
    return facts


def check_sentence(phone: str) -> str:
    """`phone` of the centre, if it has one."""
    if not phone:
        return _("Check this certificate: scan the square.")
    return _("Check this certificate: scan the square or phone %(phone)s.") % {"phone": show_phone(phone)}


def no_such_certificate() -> str:
    return _("There is no certificate with this number. Compare each letter and digit, or phone us.")
