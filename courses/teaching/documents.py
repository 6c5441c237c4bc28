"""The register of a session on paper: names in order, a line for each signature."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.catalogue.selectors.centre import CentreFacts
from courses.dates.words import when_words
from courses.paper.pdf import compile_pdf
from courses.scheduling.models import Session
from courses.teaching.enums import AttendanceState
from courses.teaching.selectors.attendance import RegisterLine


def register_pdf(session: Session, lines: Sequence[RegisterLine], *, centre: CentreFacts, arrange: str = "") -> bytes:
    """In the language of the cohort, for the table in the library. Marks that stand, such as a told absence, are printed;
    `arrange`: what to arrange for how many, in that language."""
    cohort = session.cohort
    language = cohort.language
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    venue = session.venue or cohort.venue
    with override(language):
        return compile_pdf(
            "register.typ",
            {
                "title": _("Register: %(cohort)s, session %(number)d")
                % {"cohort": cohort.name, "number": session.number},
                "author": centre.name,
                "language": language,
                "lines": [
                    line
                    for line in (
                        when_words(starts, ends, language, year=True),
                        venue.name if venue else "",
                        ", ".join(str(module) for module in session.modules.all()),
                        arrange,
                    )
                    if line
                ],
                "head": ["", _("Name"), _("Signature"), _("Mark"), _("Lessons")],
                "rows": [[str(number), line.name, _mark(line)] for number, line in enumerate(lines, start=1)],
                "signs": [_("Trainer's signature"), _("Place and day")],
                "foot": f"{cohort.code} · {centre.name} · {centre.phone}".strip(" ·"),
                "page": _("Page"),
            },
        )


def _mark(line: RegisterLine) -> str:
    return str(AttendanceState(line.state).label) if line.state else ""
