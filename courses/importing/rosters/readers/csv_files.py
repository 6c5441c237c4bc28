"""CSV in any usual encoding and separator."""

import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.exceptions import RuleError
from courses.importing.rosters.readers.limits import Table, damaged, limited

SEPARATORS = (";", ",", "\t", "|")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def read_csv(data: bytes) -> Table:
    text, encoding = decode(data)
    text, separator = _told_separator(text)
    separator = separator or find_separator(text)
    try:
        rows = limited([cell.strip(" \t\u00a0") for cell in row] for row in _csv_rows(text, separator))
    except csv.Error:
        raise damaged() from None
    while rows and not rows[-1]:
        rows.pop()
    return Table(rows=rows, format="csv", encoding=encoding, separator=separator)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises RuleError when it is no text at all."""
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "") or _utf16_without_bom(data)
    for candidate in [encoding] if encoding else ["utf-8", _western(data)]:
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text.lstrip("\ufeff"), candidate
    raise RuleError(
        [_("This is no table we can read. Save it as CSV or as an Excel file (XLSX), and choose it again.")],
        code="wrong_type",
    )


def _utf16_without_bom(data: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte."""
    sample = data[:2000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 == 0 and max(even, odd) > len(sample) * 0.4 and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return ""


def _western(data: bytes) -> str:
    """Windows-1252 and ISO 8859-1 differ in 0x80-0x9F only, where ISO 8859-1 has nothing that is written."""
    return "cp1252" if re.search(rb"[\x80-\x9f]", data) else "iso-8859-1"


def _told_separator(text: str) -> tuple[str, str]:
    """Excel's own first line `sep=;`, which it does not show, taken off."""
    first, _newline, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?\r?', first, re.IGNORECASE)
    return (rest, told[1]) if told else (text, "")


def find_separator(text: str) -> str:
    """The one that parts the first rows into the most, and evenly many, cells; a comma when there is only one column."""

    def evenness(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in _first_rows(text, separator) if row]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) * (usual > 1), usual)

    best = max(SEPARATORS, key=evenness)
    return best if evenness(best)[0] else ","


def _first_rows(text: str, separator: str) -> list[list[str]]:
    try:
        return [row for row, _number in zip(_csv_rows(text, separator), range(30), strict=False)]
    except csv.Error:
        return []


def _csv_rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)
