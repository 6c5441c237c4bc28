"""A file of unknown origin as a table of text: CSV in any usual encoding and separator, or the first sheet of an XLSX.

Nothing of the file is believed before it is checked: sizes, parts of the zip, rows, columns and text are counted first.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from python_calamine import CalamineError, CalamineWorkbook

from accounts.exceptions import RuleError

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
# What a spreadsheet may unpack to, and how much text its cells may hold together.
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 500
MAX_TEXT = 20_000_000
MAX_CELL = 32_767
# A full table of the above, with its cells, values and rows.
MAX_ELEMENTS = 3_000_000

SEPARATORS = (";", ",", "\t", "|")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_REFERENCE = re.compile(r"([A-Z]{1,4})([0-9]{1,9})").fullmatch
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Table:
    """`rows` = the file's rows as text, numbered from 1 by their place; none is left out. `encoding` and `separator` are
    empty for a spreadsheet, `sheet` for a CSV file."""

    rows: list[list[str]]
    format: str
    encoding: str = ""
    separator: str = ""
    sheet: str = ""


def read_table(data: bytes, name: str = "") -> Table:
    """The table in `data`; what it is, is found out from the content, not from `name`.

    Raises RuleError, with one sentence that says what to do: empty, too_big, wrong_type, damaged, too_many_rows,
    too_many_columns.
    """
    if len(data) > MAX_BYTES:
        raise RuleError(
            [
                _("The file is larger than %(limit)d MB. Split it, or take the pictures out of it.")
                % {"limit": MAX_BYTES // 1024**2}
            ],
            code="too_big",
        )
    if not data.strip(b"\x00 \t\r\n\xff\xfe\xef\xbb\xbf"):
        raise RuleError([_("The file is empty. Choose the file that holds the people.")], code="empty")
    if data.startswith(b"PK\x03\x04"):
        return read_xlsx(data)
    if data.startswith(_OLD_EXCEL):
        raise RuleError(
            [_("This is an old or a locked Excel file. Open it in Excel and save it as XLSX without a password.")],
            code="wrong_type",
        )
    return read_csv(data)


# CSV


def read_csv(data: bytes) -> Table:
    text, encoding = decode(data)
    text, separator = _told_separator(text)
    separator = separator or find_separator(text)
    try:
        rows = _limited([cell.strip(" \t\u00a0") for cell in row] for row in _csv_rows(text, separator))
    except csv.Error:
        raise _damaged() from None
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


def _limited(rows: Iterator[list[str]]) -> list[list[str]]:
    kept = []
    for row in rows:
        if len(row) > MAX_COLUMNS:
            while row and not row[-1]:
                row.pop()
            _check_columns(len(row))
        kept.append(row)
        # One more: the header.
        _check_rows(len(kept) - 1)
    return kept


def _check_rows(count: int) -> None:
    if count > MAX_ROWS:
        raise RuleError(
            [
                ngettext(
                    "The file has more than %(limit)d row. Split it into smaller files.",
                    "The file has more than %(limit)d rows. Split it into smaller files.",
                    MAX_ROWS,
                )
                % {"limit": MAX_ROWS}
            ],
            code="too_many_rows",
        )


def _check_columns(count: int) -> None:
    if count > MAX_COLUMNS:
        raise RuleError(
            [
                ngettext(
                    "The file has more than %(limit)d column. Leave the others out.",
                    "The file has more than %(limit)d columns. Leave the others out.",
                    MAX_COLUMNS,
                )
                % {"limit": MAX_COLUMNS}
            ],
            code="too_many_columns",
        )


def _damaged() -> RuleError:
    return RuleError(
        [_("The file is damaged and cannot be read. Open it in a spreadsheet program and save it anew.")],
        code="damaged",
    )


# XLSX


def read_xlsx(data: bytes) -> Table:
    """The first sheet. The workbook is opened only after each part of it was unpacked under a limit and counted."""
    title, cells = _first_sheet(checked_workbook(data))
    rows = _limited([cell_text(cell) for cell in row] for row in cells)
    while rows and not any(rows[-1]):
        rows.pop()
    return Table(rows=rows, format="xlsx", sheet=title)


def _first_sheet(workbook: io.BytesIO) -> tuple[str, list[list[Any]]]:
    try:
        with CalamineWorkbook.from_filelike(workbook) as opened:
            sheet = opened.get_sheet_by_index(0)
            return sheet.name, sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise _damaged() from None
    except BaseException as error:
        # The reader is written in Rust; what it did not foresee arrives as a panic, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged() from None


def checked_workbook(data: bytes) -> io.BytesIO:
    """The same workbook with only those of its parts that were unpacked and counted, so that no part is other than it
    said. Raises RuleError wrong_type, damaged, too_big, too_many_rows, too_many_columns."""
    clean = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if "xl/workbook.xml" not in packed.NameToInfo:
                raise RuleError(
                    [_("This is no Excel file (XLSX). Save it as XLSX or as CSV, and choose it again.")],
                    code="wrong_type",
                )
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise _too_big_inside()
            wanted = {part.filename: _unpack(packed, part) for part in parts if _holds_cells(part.filename)}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _damaged() from None
    strings = _string_lengths(wanted.get("xl/sharedStrings.xml", b""))
    for name, content in wanted.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            SheetCounter(strings).count(content)
    with zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as stored:
        for name in list(wanted):
            stored.writestr(name, wanted.pop(name))
    clean.seek(0)
    return clean


def _holds_cells(name: str) -> bool:
    """Pictures, macros and themes are never unpacked."""
    return name.endswith((".xml", ".rels")) and not name.startswith(("xl/drawings", "xl/theme", "xl/media", "docProps"))


def _unpack(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with packed.open(part) as stream:
        content = stream.read(part.file_size + 1)
    if len(content) > part.file_size:
        raise _too_big_inside()
    return content


def _too_big_inside() -> RuleError:
    return RuleError(
        [_("The file unpacks to far more than a list of people holds. Copy the rows into a new file and save that.")],
        code="too_big",
    )


class SheetCounter:
    """Counts rows, columns and text of one sheet without keeping any of it.

    A sheet says where each cell stands: one cell far away would make its reader lay out millions of empty ones, and one
    long text may be pointed at from many cells. Called for each of millions of elements, hence plain comparisons.
    """

    def __init__(self, string_lengths: Sequence[int]) -> None:
        self.string_lengths = string_lengths
        self.row = self.column = self.in_row = self.elements = self.text = 0
        self.shared = False
        self.value: str | None = None
        self.kinds: dict[str, str] = {}

    def count(self, content: bytes) -> None:
        _walk(content, self.start, self.end, self.characters)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self.kinds.get(name)
        if kind is None:
            kind = self.kinds[name] = name.rpartition(":")[2]
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise _too_big_inside()
        if kind == "c":
            self.column += 1
            place = attributes.get("r")
            if place:
                self.column, self.row = _place(place)
            self.shared = attributes.get("t") == "s"
        elif kind == "v" or kind == "t":
            self.in_row += 1
            self.value = ""
            _check_rows(self.row - 1)
            _check_columns(max(self.column, self.in_row))
        elif kind == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = self.in_row = 0

    def characters(self, text: str) -> None:
        if self.value is not None:
            self.value += text

    def end(self, _name: str) -> None:
        value, self.value = self.value, None
        if value is None:
            return
        length = len(value)
        if self.shared and value.isdecimal() and int(value) < len(self.string_lengths):
            length = self.string_lengths[int(value)]
        self.text += length
        if self.text > MAX_TEXT:
            raise _too_big_inside()


def _string_lengths(content: bytes) -> list[int]:
    """The length of each shared text, by its number."""
    lengths: list[int] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def characters(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    if content:
        _walk(content, start, lambda name: None, characters)
    if any(length > MAX_CELL for length in lengths):
        raise _too_big_inside()
    return lengths


def _walk(content: bytes, start, end, characters) -> None:  # type: ignore[no-untyped-def]  # expat's own handlers
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    # A document type declares entities, which can blow up; no spreadsheet program writes one.
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        raise _damaged() from None


def _refuse_doctype(*_declaration: object) -> None:
    raise _damaged()


def _place(reference: str) -> tuple[int, int]:
    """Column and row of `AB12`, from 1."""
    match = _REFERENCE(reference)
    if not match:
        raise ValueError(reference)
    letters, row = match.groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column, int(row)


def cell_text(cell: object) -> str:
    """A cell as a person would have typed it: whole numbers without their `.0`, days as `1948-03-12`."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip(" \t\u00a0")
