"""What stands on a certificate, in the language in use; what was issued, and what not."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.rules.phones import show_phone
from courses.catalogue.models import Centre, Course, Module
from courses.catalogue.models.texts import LANGUAGES, in_language
from courses.certifying.models import Certificate
from courses.dates.words import NBSP, month_words


class Fact(NamedTuple):
    """A name and its lines."""

    name: str
    lines: list[str]


def certificate_words(course: Course, modules: Iterable[Module], centre: Centre | None) -> dict[str, object]:
    """What the certificate says, in three languages, as Certificate.words keeps it. `modules` in their order."""
    modules = list(modules)
    words: dict[str, object] = {
        "centre": centre.name if centre else "",
        "place": centre.city if centre else "",
        "signatory": centre.signatory_name if centre else "",
    }
    for language in LANGUAGES:
        with override(language):
            words[language] = _words_in(course, modules, centre, language)
    return words


def completed_sentence(title: str) -> str:
    """What follows the name; also where the certificate has no words of its own."""
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
        return _("Check this certificate: scan the square, or type the number at")
    # The number stays on one line.
    unbroken = show_phone(phone).replace(" ", NBSP)
    return _("Check this certificate: scan the square, phone %(phone)s, or type the number at") % {"phone": unbroken}


def no_such_certificate() -> str:
    return _("There is no certificate with this number. Compare each letter and digit, or phone us.")


def has_one_already(person: Person, held: Certificate) -> str:
    """Why `person` gets no other certificate of the course."""
    words = {"name": person.list_name, "number": held.number}
    if held.valid_until is None:
        return _("%(name)s has certificate %(number)s of this course already.") % words
    day = month_words(held.valid_until, get_language() or "en", year=True)
    return _("%(name)s has certificate %(number)s of this course already, valid until %(day)s.") % {**words, "day": day}


def certificates_issued(count: int) -> str:
    return ngettext("%(count)d certificate was issued.", "%(count)d certificates were issued.", count) % {
        "count": count
    }


def _words_in(course: Course, modules: Sequence[Module], centre: Centre | None, language: str) -> dict[str, object]:
    title = in_language(course, "title", language)
    text = completed_sentence(title)
    if course.makes_mentors:
        text = _(
            "has completed the course %(course)s and is able to guide others in using AI and digital services."
        ) % {"course": title}
    visits = (course.completion_rule.get("practice") or {}).get("visits", 0)
    return {
        "title": title,
        "text": text,
        "extent": _extent(course.lessons or sum(module.lessons for module in modules), visits),
        "modules": [in_language(module, "title", language) for module in modules],
        "signatory_title": in_language(centre, "signatory_title", language) if centre else "",
    }


def _extent(lessons: int, visits: int) -> list[str]:
    extent = []
    if lessons:
        extent.append(ngettext("%(count)d lesson", "%(count)d lessons", lessons) % {"count": lessons})
    if visits:
        extent.append(
            ngettext("%(count)d visit of practice", "%(count)d visits of practice", visits) % {"count": visits}
        )
    return extent
