"""The first sheet of an XLSX that holds anything. Its parts are unpacked under a limit and counted before any program opens it."""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time
from xml.parsers import expat

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from accounts.exceptions import RuleError
from courses.importing.rosters.readers.limits import (
    MAX_CELL,
    MAX_ELEMENTS,
    MAX_PARTS,
    MAX_SHEETS,
    MAX_TEXT,
    MAX_UNPACKED,
    Table,
    check_columns,
    check_rows,
    damaged,
    limited,
    too_big_inside,
)

_REFERENCE = re.compile(r"([A-Z]{1,4})([0-9]{1,9})").fullmatch


def read_xlsx(data: bytes) -> Table:
    """The first sheet that holds anything. The workbook is opened only after each part of it was unpacked under a limit
    and counted. RuleError `empty` when none does."""
    try:
        with CalamineWorkbook.from_filelike(checked_workbook(data)) as opened:
            return _first_full_sheet(opened)
    except (CalamineError, OSError, ValueError, IndexError):
        raise damaged() from None
    except BaseException as error:
        # The reader is written in Rust; what it did not foresee arrives as a panic, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from None


def _first_full_sheet(opened: CalamineWorkbook) -> Table:
    """Behind an empty first sheet the others are looked at too, for the reader is told which of them hold anything."""
    titles = [one.name for one in opened.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet][:MAX_SHEETS]
    for place, title in enumerate(titles):
        if rows := _rows(opened.get_sheet_by_name(title)):
            others = titles[place + 1 :] if place else []
            return Table(
                rows=rows,
                format="xlsx",
                sheet=title,
                empty_sheets=titles[:place],
                other_sheets=[other for other in others if _rows(opened.get_sheet_by_name(other))],
            )
    raise RuleError([_("Every sheet of the file is empty. Choose the file that holds the people.")], code="empty")


def _rows(sheet: CalamineSheet) -> list[list[str]]:
    rows = limited([cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False))
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def checked_workbook(data: bytes) -> io.BytesIO:
    """The same workbook with only those of its parts that were unpacked and counted, so that no part is other than it
    said. Raises RuleError wrong_type, damaged, too_big, too_many_rows, too_many_columns."""
    parts = _unpacked_parts(data)
    strings = _string_lengths(parts.get("xl/sharedStrings.xml", b""))
    for name, content in parts.items():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            SheetCounter(strings).count(content)
    return _packed_anew(parts)


def _unpacked_parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if "xl/workbook.xml" not in packed.NameToInfo:
                raise RuleError(
                    [_("This is no Excel file (XLSX). Save it as XLSX or as CSV, and choose it again.")],
                    code="wrong_type",
                )
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise too_big_inside()
            return {part.filename: _unpack(packed, part) for part in parts if _holds_cells(part.filename)}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise damaged() from None


def _packed_anew(parts: dict[str, bytes]) -> io.BytesIO:
    """Empties `parts` as it goes: they may be large."""
    clean = io.BytesIO()
    with zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as stored:
        for name in list(parts):
            stored.writestr(name, parts.pop(name))
    clean.seek(0)
    return clean


def _holds_cells(name: str) -> bool:
    """Pictures, macros and themes are never unpacked."""
    return name.endswith((".xml", ".rels")) and not name.startswith(("xl/drawings", "xl/theme", "xl/media", "docProps"))


def _unpack(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with packed.open(part) as stream:
        content = stream.read(part.file_size + 1)
    if len(content) > part.file_size:
        raise too_big_inside()
    return content


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
            raise too_big_inside()
        if kind == "c":
            self.column += 1
            place = attributes.get("r")
            if place:
                self.column, self.row = _place(place)
            self.shared = attributes.get("t") == "s"
        elif kind == "v" or kind == "t":
            self.in_row += 1
            self.value = ""
            check_rows(self.row - 1)
            check_columns(max(self.column, self.in_row))
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
            raise too_big_inside()


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
        raise too_big_inside()
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
        raise damaged() from None


def _refuse_doctype(*_declaration: object) -> None:
    raise damaged()


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
