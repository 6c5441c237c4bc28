"""Reads a records package and checks every cell. References between rows are importing.records.readers.checks' to check."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.rules.chunks import chunks
from courses.importing.records.readers.columns import COLUMNS, EMPTY, Parse
from courses.importing.records.readers.problems import MOST_PROBLEMS, Problem, refuse_problems
from courses.importing.records.rules.packages import FILES, File, OnRows, Package
from courses.importing.records.rules.rows import Row
from courses.paper.formulas import unquote_formula

CHUNK = 2000
NEEDED = object()

ReadRow: TypeAlias = Callable[[int, list[str]], Row | list[Problem]]


def read_package(folder: Path, *, on_rows: OnRows = lambda rows: None) -> Package:
    """The rows of every file in `folder`, each cell read and checked; raises BadRecords with all that is wrong."""
    package = Package()
    problems: list[Problem] = []
    found = False
    for file in FILES:
        path = folder / file.file_name
        if path.exists():
            found = True
            problems += _read_file(file, path, package, on_rows)
    if not found:
        problems.append(Problem(str(folder), 0, "", _("the folder holds no file of a records package.")))
    known = {file.file_name for file in FILES}
    package.warnings += [
        _("%(file)s is no file of a records package and is left out.") % {"file": path.name}
        for path in sorted(folder.glob("*.csv"))
        if path.name not in known
    ]
    refuse_problems(problems)
    return package


def count_rows(folder: Path) -> int:
    """About how many rows the package has, for a progress bar: lines without the headers."""
    total = 0
    for path in (folder / file.file_name for file in FILES):
        if path.exists():
            with path.open("rb") as stream:
                total += max(sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b"")) - 1, 0)
    return total


def _read_file(file: File, path: Path, package: Package, on_rows: OnRows) -> Iterator[Problem]:
    """Adds the rows of one file to the package; gives what is wrong with it."""
    with path.open("rb") as stream:
        lines = _numbered_rows(stream)
        try:
            line, header = next(lines, (0, []))
            names = [name.strip() for name in header]
            package.warnings += _header_warnings(file, names)
            in_header = _header_problems(file, line, names)
            yield from in_header
            if not in_header:
                yield from _read_rows(lines, _row_reader(file, names), package.rows(file.name), on_rows)
        except _BrokenLine as broken:
            yield Problem(file.file_name, broken.line, "", str(broken))


def _read_rows(
    lines: Iterator[tuple[int, list[str]]], read_row: ReadRow, rows: list[Row], on_rows: OnRows
) -> Iterator[Problem]:
    """Adds to `rows` until the first problem; then goes on only to find the others."""
    found = 0
    for chunk in chunks(lines, CHUNK):
        for line, cells in chunk:
            row = read_row(line, cells)
            if isinstance(row, list):
                found += len(row)
                yield from row
            elif not found:
                rows.append(row)
        if found >= MOST_PROBLEMS:
            return
        on_rows(len(chunk))


class _BrokenLine(Exception):
    def __init__(self, line: int, text: str) -> None:
        self.line = line
        super().__init__(text)


def _numbered_rows(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line on which each begins; empty lines are passed over."""
    reader = csv.reader(_decoded_lines(stream))
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _BrokenLine(line, _("this is not CSV: %(error)s.") % {"error": error}) from error


def _decoded_lines(stream: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise _BrokenLine(number, _("the file is not UTF-8.")) from error
        if "\x00" in text:
            raise _BrokenLine(number, _("the file is not text: it holds a zero byte."))
        yield text


def _header_warnings(file: File, names: Sequence[str]) -> list[str]:
    return [
        _("%(file)s: the column %(column)s is not known and is left out.") % {"file": file.file_name, "column": name}
        for name in names
        if name not in file.all_columns
    ]


def _header_problems(file: File, line: int, names: Sequence[str]) -> list[Problem]:
    if not names:
        return [Problem(file.file_name, 0, "", _("the file is empty; its first row names the columns."))]
    missing = [name for name in file.columns if name not in names]
    if missing and len(names) == 1 and ";" in names[0]:
        sentence = _("the columns are parted by semicolons; a records package uses commas.")
        return [Problem(file.file_name, line, "", sentence)]
    twice = sorted({name for name in names if names.count(name) > 1})
    return _at_columns(file, line, missing, _("this column is missing.")) + _at_columns(
        file, line, twice, _("this column is there twice.")
    )


def _at_columns(file: File, line: int, names: Sequence[str], text: str) -> list[Problem]:
    return [Problem(file.file_name, line, name, text) for name in names]


class _Column(NamedTuple):
    """How one column is read. `place`: where it stands in a line; `target`: in the row; `memory`: what its texts meant."""

    name: str
    place: int
    target: int
    parse: Parse
    empty: object
    memory: dict[str, object]


def _columns(file: File, names: Sequence[str]) -> list[_Column]:
    """Those that the file has, in the order of its row."""
    empty = EMPTY.get(file.name, {}) | file.row._field_defaults
    return [
        _Column(name, names.index(name), index, COLUMNS[file.name][name], empty.get(name, NEEDED), {})
        for index, name in enumerate(file.all_columns, start=1)
        if name in names
    ]


def _row_reader(file: File, names: Sequence[str]) -> ReadRow:
    """Reads one line into a row, or gives the list of its problems.

    The same text is parsed once a column: dates and codes repeat, and so they are held in memory once.
    """
    columns, width, make_row = _columns(file, names), len(names), file.row._make
    left_out = [file.row._field_defaults.get(name) for name in file.all_columns]

    def read_row(line: int, cells: list[str]) -> Row | list[Problem]:
        if len(cells) != width:
            sentence = _("there are %(found)d cells where the header has %(wanted)d.")
            return [Problem(file.file_name, line, "", sentence % {"found": len(cells), "wanted": width})]
        values: list[object] = [line, *left_out]
        problems = []
        for column in columns:
            text = cells[column.place]
            try:
                if text not in column.memory:
                    column.memory[text] = _read_cell(column, text)
                values[column.target] = column.memory[text]
            except (ValueError, ValidationError) as error:
                problems.append(Problem(file.file_name, line, column.name, _sentence(error)))
        return problems or make_row(values)

    return read_row


def _read_cell(column: _Column, text: str) -> object:
    """What the text of a cell means; raises ValueError or ValidationError when it means nothing."""
    text = unquote_formula(text.strip())
    if text:
        return column.parse(text)
    if column.empty is NEEDED:
        raise ValueError(_("this must be filled in."))
    return column.empty


def _sentence(error: ValueError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
