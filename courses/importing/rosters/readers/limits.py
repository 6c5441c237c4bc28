"""How large a table may be, and how a file is refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.exceptions import RuleError
from courses.importing.rosters.wording import too_many_columns, too_many_rows

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
# What a spreadsheet may unpack to, and how much text its cells may hold together.
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 500
# So many sheets are looked through for the one with the list: each may be as large as the first.
MAX_SHEETS = 6
MAX_TEXT = 20_000_000
MAX_CELL = 32_767
# A full table of the above, with its cells, values and rows.
MAX_ELEMENTS = 3_000_000


@dataclass(frozen=True)
class Table:
    """`rows` = the file's rows as text, numbered from 1 by their place; none is left out. `encoding` and `separator` are
    empty for a spreadsheet, `sheet` for a CSV file. `empty_sheets` = those before `sheet`; `other_sheets` = those after it
    that hold something too, looked for only when the first is empty."""

    rows: list[list[str]]
    format: str
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    empty_sheets: list[str] = field(default_factory=list)
    other_sheets: list[str] = field(default_factory=list)


def limited(rows: Iterator[list[str]]) -> list[list[str]]:
    kept = []
    for row in rows:
        if len(row) > MAX_COLUMNS:
            while row and not row[-1]:
                row.pop()
            check_columns(len(row))
        kept.append(row)
        # One more: the header.
        check_rows(len(kept) - 1)
    return kept


def check_rows(count: int) -> None:
    if count > MAX_ROWS:
        raise RuleError([too_many_rows(MAX_ROWS)], code="too_many_rows")


def check_columns(count: int) -> None:
    if count > MAX_COLUMNS:
        raise RuleError([too_many_columns(MAX_COLUMNS)], code="too_many_columns")


def damaged() -> RuleError:
    return RuleError(
        [_("The file is damaged and cannot be read. Open it in a spreadsheet program and save it anew.")],
        code="damaged",
    )


def too_big_inside() -> RuleError:
    return RuleError(
        [_("The file unpacks to far more than a list of people holds. Copy the rows into a new file and save that.")],
        code="too_big",
    )
