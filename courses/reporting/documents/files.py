"""Reports as files. One list of formats for commands and downloads."""

import json
from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.paper.pdf import compile_pdf
from courses.reporting.documents.spreadsheets import csv_file, xlsx_file
from courses.reporting.documents.tables import Table, cohort_tables, program_tables
from courses.reporting.rules.disclosure import HIDDEN_WORDS
from courses.reporting.rules.reports import AnyCohortReport, AnyProgramReport
from courses.reporting.rules.rows import Json
from courses.reporting.wording.cells import file_words

CONTENT_TYPES = {
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
FORMATS = tuple(CONTENT_TYPES)


def cohort_file(report: AnyCohortReport, format: str) -> bytes:
    title = _("Report: %(cohort)s") % {"cohort": report.name}
    return _file(report, cohort_tables(report), title, format)


def program_file(report: AnyProgramReport, format: str) -> bytes:
    return _file(report, program_tables(report), _("Report of the program"), format)


def _file(report: AnyCohortReport | AnyProgramReport, tables: Sequence[Table], title: str, format: str) -> bytes:
    makers: dict[str, Callable[[], bytes]] = {
        "text": lambda: text_file(tables, title),
        "json": lambda: json_file(report.to_json()),
        "csv": lambda: csv_file(tables),
        "xlsx": lambda: xlsx_file(tables),
        "pdf": lambda: pdf_file(tables, title),
    }
    return makers[format]()


def json_file(report: Mapping[str, Json]) -> bytes:
    return (json.dumps(_hidden_in_words(report), ensure_ascii=False, indent=1) + "\n").encode()


def _hidden_in_words(value: Json, name: str = "") -> Json:
    """A hidden count is written as "<5"; rates of nothing, filters that are not set and hidden tables stay null."""
    if isinstance(value, Mapping):
        return {key: _hidden_in_words(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_hidden_in_words(one) for one in value]
    never_counts = name.endswith("_rate") or name in ("course", "from", "to", "withdrawal_reasons", "ages")
    return HIDDEN_WORDS if value is None and not never_counts else value


def text_file(tables: Sequence[Table], title: str) -> bytes:
    return "\n".join([title, *(_text_table(table) for table in tables)]).encode()


def _text_table(table: Table) -> str:
    rows = [
        [file_words(cell) for cell in row] for row in (table.head, *table.rows, *([table.foot] if table.foot else []))
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    lines = [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(["", table.name, "", *lines, ""])


def pdf_file(tables: Sequence[Table], title: str) -> bytes:
    """Tagged, with a heading and a caption for each table that has rows, in the reader's language."""
    data = {
        "title": title,
        "language": get_language() or "fi",
        "page": _("Page"),
        "tables": [
            {
                "name": table.name,
                "head": list(table.head),
                "rows": table.rows_in_words(),
                "foot": table.foot_in_words(),
            }
            for table in tables
            if table.rows
        ],
    }
    return compile_pdf("report.typ", data)
