"""Rosters as files: the rows to mend, and a sample to fill in. CSV with semicolons and a byte order mark, for Excel; or XLSX."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from courses.importing.rosters.enums import RosterVerdict
from courses.importing.rosters.rules import Found, RosterRow
from courses.paper.formulas import quote_formula

Lines = Sequence[Sequence[str]]


def rows_to_mend(
    rows: Iterable[RosterRow],
    *,
    found: Found,
    cells: Lines,
    edits: Mapping[str, Mapping[str, str]],
    titles: Mapping[str, str],
) -> list[list[str]]:
    """The rows in error as they stand in the file, what was mended in its place, under the same headers; and a last column
    with what is wrong, which is not read when the file comes back.

    `titles` = a header for each field (for columns without one, and for what was mended in a field that no column holds).
    """
    wanted = [row for row in rows if row.verdict == RosterVerdict.ERROR]
    fields = found["fields"]
    mended = {name for row in wanted for name in edits.get(str(row.number), {})}
    added = [name for name in titles if name in mended - set(fields)]
    lines = [[*_header(cells[0], fields, titles), *(titles[name] for name in added), _("What to mend")]]
    for row in wanted:
        written = zip(cells[row.number - found["header_row"]], fields, strict=True)
        lines.append(_line_to_mend(row, written, changed=edits.get(str(row.number), {}), added=added))
    return lines


def _header(header: Sequence[str], fields: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    return [title or titles.get(name, "") for title, name in zip(header, fields, strict=True)]


def _line_to_mend(
    row: RosterRow, written: Iterable[tuple[str, str]], *, changed: Mapping[str, str], added: Sequence[str]
) -> list[str]:
    """`written`: each text of the file with the field of its column."""
    texts = [changed.get(name, text) for text, name in written]
    faults = " ".join(fault.message for fault in row.faults)
    return [*texts, *(changed.get(name, "") for name in added), faults]


def csv_of(lines: Lines) -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=";").writerows([quote_formula(cell) for cell in line] for line in lines)
    return content.getvalue().encode("utf-8-sig")


def xlsx_of(lines: Lines) -> bytes:
    """Everything is written as text, so that nothing is reckoned with and no zero is eaten."""
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell, bold if number == 0 else None)
        sheet.set_column(0, max(len(lines[0]) - 2, 0), 16)
        sheet.set_column(len(lines[0]) - 1, len(lines[0]) - 1, 60)
    return content.getvalue()


def sample_roster() -> bytes:
    """Headers and two invented people in the reader's language."""
    return csv_of(
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
