"""Tables as files for a spreadsheet. Nothing that a person typed is ever reckoned with as a formula."""

import csv
import io
import re
from collections.abc import Iterable

import xlsxwriter

from courses.paper.formulas import FORMULA_STARTS, QUOTE
from courses.reporting.documents.tables import Table
from courses.reporting.wording.cells import Cell, Share, file_words, percent

# Excel takes a file for UTF-8 only when it begins so.
BYTE_ORDER_MARK = "\ufeff"


def csv_file(tables: Iterable[Table]) -> bytes:
    """Semicolons, as Excel wants it here; tables one below the other, each under its name, parted by an empty line."""
    stream = io.StringIO()
    stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream, delimiter=";")
    for place, table in enumerate(tables):
        if place:
            writer.writerow([])
        writer.writerow([harmless(table.name)])
        for row in (table.head, *table.rows, *([table.foot] if table.foot else [])):
            writer.writerow([_csv_cell(cell) for cell in row])
    return stream.getvalue().encode()


def xlsx_file(tables: Iterable[Table]) -> bytes:
    """One sheet a table; numbers stay numbers, texts are written as texts."""
    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        bold, shares = book.add_format({"bold": True}), book.add_format({"num_format": "0.0 %"})
        names: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.name, names))
            sheet.set_column(0, 0, 32)
            rows = (table.head, *table.rows, *([table.foot] if table.foot else []))
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, int | float):
                        sheet.write_number(line, column, cell, shares if isinstance(cell, Share) else None)
                    else:
                        sheet.write_string(line, column, file_words(cell), bold if line == 0 else None)
    return stream.getvalue()


def harmless(text: str) -> str:
    return QUOTE + text if text.startswith(FORMULA_STARTS) else text


def _csv_cell(cell: Cell) -> str:
    match cell:
        case str():
            return harmless(file_words(cell))
        case Share():
            return percent(cell, decimals=1).replace("\u00a0", " ")
        case int():
            return str(cell)
        case _:
            return file_words(cell)


def _sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 characters, none of those that Excel refuses, no name twice."""
    short = re.sub(r"[\[\]:*?/\\]", " ", name)[:28].strip("' ") or "-"
    while short.lower() in taken:
        short += "+"
    taken.add(short.lower())
    return short
