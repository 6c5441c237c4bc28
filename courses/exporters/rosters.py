"""Rosters as files: the rows to mend, and a sample to fill in. CSV with semicolons and a byte order mark, for Excel."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from courses.enums import RosterVerdict
from courses.rules.records import quote_formula
from courses.rules.rosters import RosterRow


def rows_to_mend(rows: Iterable[RosterRow], columns: Sequence[tuple[str, str]]) -> bytes:
    """The rows in error with their reasons, under the headers of the file they came in (`columns`: field and header, in its order)."""
    lines = [[*(header for _name, header in columns), _("What to mend")]]
    lines += [
        [
            *(str(row.values.get(name) or "") for name, _header in columns),
            " ".join(fault.message for fault in row.faults),
        ]
        for row in rows
        if row.verdict == RosterVerdict.ERROR
    ]
    return _csv(lines)


def sample_roster() -> bytes:
    """Headers and two invented people in the reader's language."""
    return _csv(
        [
            [
                _("Last name"),
                _("First name"),
                _("Year of birth"),
                _("Phone"),
                _("E-mail"),
                _("Language"),
                _("Street address"),
                _("Postal code"),
                _("Town"),
                _("District"),
                _("How to reach"),
                _("Group"),
            ],
            [
                "Esimerkki",
                "Aino",
                "1948",
                "040 123 4567",
                "aino@example.org",
                _("Finnish"),
                "Esimerkkikatu 1",
                "02100",
                "Espoo",
                "Tapiola",
                _("E-mail"),
                "AIM-2027K-01",
            ],
            [
                "Exempel",
                "Nils",
                "1945",
                "",
                "",
                _("Swedish"),
                "Exempelgatan 2 B",
                "02600",
                "Esbo",
                "Leppävaara",
                _("Letter"),
                "AIM-2027K-01",
            ],
        ]
    )


def _csv(lines: Iterable[Sequence[str]]) -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=";").writerows([quote_formula(cell) for cell in line] for line in lines)
    return content.getvalue().encode("utf-8-sig")
