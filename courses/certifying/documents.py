"""Certificates as tagged PDF (PDF/UA-1, PDF/A-2a), each in its holder's language."""

import io
import re
from collections.abc import Sequence

import segno
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.catalogue.models import Centre
from courses.catalogue.models.texts import in_language
from courses.certifying.models import Certificate
from courses.certifying.wording import certificate_facts, check_sentence, completed_sentence
from courses.paper.pdf import compile_pdf

LONG_WORD = re.compile(r"[^\s-]{25,}")


def certificates_pdf(certificates: Sequence[Certificate], *, centre: Centre | None, site_url: str) -> bytes:
    """One page for each, in the order given; courses and people are not asked for. `site_url` has no slash at its end."""
    pages = [_page(certificate, centre, site_url) for certificate in certificates]
    with override(certificates[0].language):
        title = " ".join([_("Certificate"), certificates[0].number]) if len(certificates) == 1 else _("Certificates")
    return compile_pdf(
        "certificate.typ",
        {
            "title": title,
            "author": centre.name if centre else "",
            "language": certificates[0].language,
            "certificates": pages,
        },
    )


def _page(certificate: Certificate, centre: Centre | None, site_url: str) -> dict[str, object]:
    language = certificate.language
    words = certificate.words.get(language) or {}
    title = words.get("title") or in_language(certificate.course, "title", language)
    url = f"{site_url}/{language}/check/{certificate.check_code}/"
    with override(language):
        text = words.get("text") or completed_sentence(title)
        return {
            "language": language,
            "kind": _("Certificate"),
            "name": _breakable(certificate.name),
            "text": _around(text, title),
            "facts": certificate_facts(certificate, words.get("extent") or [], language),
            "signature": [
                line
                for line in (
                    certificate.words.get("signatory"),
                    words.get("signatory_title"),
                    _centre(certificate, centre),
                )
                if line
            ],
            "number": certificate.number,
            "check": check_sentence(centre.phone if centre else ""),
            "address": _typed_address(site_url, language),
            "name_of_program": _("AI mentors"),
            "qr": _qr_code(url),
            "qr_words": _("Square code that leads to the check page of this certificate"),
        }


def _typed_address(site_url: str, language: str) -> str:
    """Where the number is typed in, for who cannot scan; a line may end after the host alone."""
    host = site_url.partition("://")[2]
    return f"{host}/\N{ZERO WIDTH SPACE}{language}/check"


def _breakable(name: str) -> str:
    """A word too long for a line may be broken: nothing of a name is ever cut off."""
    return LONG_WORD.sub(lambda word: "\N{ZERO WIDTH SPACE}".join(re.findall(".{1,16}", word[0])), name)


def _around(text: str, title: str) -> tuple[str, str, str]:
    """The text before the title, the title (set in bold) and the text after it."""
    return text.partition(title) if title else (text, "", "")


def _centre(certificate: Certificate, centre: Centre | None) -> str:
    return certificate.words.get("centre") or (centre.name if centre else "")


def _qr_code(url: str) -> str:
    drawing = io.BytesIO()
    segno.make(url, error="m").save(drawing, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawing.getvalue().decode()
