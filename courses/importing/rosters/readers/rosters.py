"""A roster as an office sends it: which column holds what, and what each row says. Nothing here asks the database.

Whether a person is on file already and whether the group takes people is judged afterwards (importing.rosters.rules.judge_rows).
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.exceptions import RuleError
from courses.importing.rosters.readers.rows import masked, read_row
from courses.importing.rosters.readers.tables import read_table
from courses.importing.rosters.rules import Columns, Found, RosterRow, texts_of
from courses.importing.rosters.rules.vocabulary import FIELD_BY_HEADER, is_identity_column, word_key
from courses.importing.rosters.rules.whole_names import WHOLE_NAMES, order_of, whole_name_in
from courses.importing.rosters.wording import column_missing

# A header may stand under a title and an empty line.
HEADER_WITHIN = 10
# So many names tell which part comes first.
NAMES_LOOKED_AT = 200
# Which of some words are known to be first names, folded.
FirstNames = Callable[[set[str]], Collection[str]]


@dataclass(frozen=True)
class RosterFile:
    """`cells` = the file's text from its header on, without identity codes. `digest` = SHA-256 of the content: two files
    with the same one are one roster.
    """

    rows: list[RosterRow]
    found: Found
    cells: list[list[str]]
    digest: str


def read_roster(
    data: bytes,
    name: str = "",
    *,
    progress: Callable[[list[int]], Iterable[int]] = iter,
    today: date | None = None,
    lenient: bool = False,
    first_names: FirstNames = lambda words: frozenset(),
) -> RosterFile:
    """The rows of a roster, one for each row of the file under its header, with the faults its text has.

    `progress` wraps the rows, to show how far the reading is. Raises RuleError when the file or its header cannot be
    read: see tables.read_table, and no_header, header_twice, column_missing. `lenient` reads a table whose header says
    too little or the same twice: somebody will say what the columns hold. `first_names` tells which of some words are
    known to be first names: where names stand in one column, they show which part comes first.
    """
    table = read_table(data, name)
    place = _header_place(table.rows, lenient)
    header = table.rows[place] if place is not None else []
    fields = fields_of(header)
    if not lenient:
        check_fields(fields, header)
    cells = _kept(header, table.rows[0 if place is None else place + 1 :])
    fields = without_twins([*fields, *[""] * (len(cells[0]) - len(fields))])
    fields = _with_order(fields, cells[1:], first_names)
    found: Found = {
        "format": table.format,
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "empty_sheets": table.empty_sheets,
        "other_sheets": table.other_sheets,
        "header_row": 0 if place is None else place + 1,
        **columns_of(fields, cells[0]),
    }
    rows = read_rows(found, cells, {}, progress=progress, today=today)
    if not any(any(line) for line in cells[1:]) or not (lenient or any(not row.blank for row in rows)):
        raise RuleError([_("The file holds a header and no people.")], code="empty")
    return RosterFile(rows=rows, found=found, cells=cells, digest=hashlib.sha256(data).hexdigest())


def read_rows(
    found: Found,
    cells: Sequence[Sequence[str]],
    edits: Mapping[str, Mapping[str, str]],
    *,
    progress: Callable[[list[int]], Iterable[int]] = iter,
    today: date | None = None,
) -> list[RosterRow]:
    """All rows under the header, as the columns are taken and with what was mended."""
    year = (today or date.today()).year
    first = found["header_row"] + 1
    numbers = list(range(first, first + len(cells) - 1))
    return [
        read_row(number, texts_of(number, found=found, cells=cells, edits=edits), year) for number in progress(numbers)
    ]


def _header_place(rows: list[list[str]], lenient: bool) -> int | None:
    """The first of the first rows that names at least two columns we know, or the name alone. None: there is none."""
    for place, cells in enumerate(rows[:HEADER_WITHIN]):
        fields = {FIELD_BY_HEADER.get(word_key(cell)) for cell in cells} - {None}
        if len(fields) >= 2 or fields & set(WHOLE_NAMES):
            return place
    if not lenient:
        raise RuleError(
            [
                _(
                    "The first row must name the columns, for example: Last name, First name, Year of birth, Phone, Group."
                )
            ],
            code="no_header",
        )
    first = next((place for place, cells in enumerate(rows) if any(cells)), 0)
    # A row with figures in it is a person, not a row of titles.
    return None if any(re.search(r"\d{4}", cell) for cell in rows[first]) else first


def fields_of(header: Sequence[str]) -> list[str]:
    """What each column is taken for by its title; empty when it is not known."""
    return [FIELD_BY_HEADER.get(word_key(title), "") for title in header]


def without_twins(fields: Sequence[str]) -> list[str]:
    """The first column of each kind is read."""
    kinds = _kinds(fields)
    return [name if kinds[place] not in kinds[:place] else "" for place, name in enumerate(fields)]


def _kinds(fields: Sequence[str]) -> list[str]:
    """Whole names are of one kind, whatever comes first in them."""
    return ["name" if name in WHOLE_NAMES else name for name in fields]


def _with_order(fields: list[str], lines: Sequence[Sequence[str]], first_names: FirstNames) -> list[str]:
    """A column of whole names whose title does not say it is taken for what most of its names say."""
    if "name" not in fields:
        return fields
    place = fields.index("name")
    names = [line[place] for line in lines if line[place]][:NAMES_LOOKED_AT]
    known = first_names({word for name in names for word in name.split()})
    return [*fields[:place], order_of(names, known), *fields[place + 1 :]]


def check_fields(fields: Sequence[str], header: Sequence[str]) -> None:
    """RuleError `header_twice` or `column_missing`."""
    kinds = _kinds(fields)
    for place, name in enumerate(kinds):
        if name and name in kinds[:place]:
            raise RuleError(
                [
                    _("Two columns hold the same thing: “%(first)s” and “%(second)s”. Take one of them away.")
                    % {"first": header[kinds.index(name)], "second": header[place]}
                ],
                code="header_twice",
            )
    if not whole_name_in(fields) and not {"last_name", "first_name"} <= set(fields):
        raise RuleError([column_missing(fields)], code="column_missing")


def columns_of(fields: Sequence[str], header: Sequence[str]) -> Columns:
    """The parts of `found` that say what the columns are taken for."""
    titles = zip(fields, header, strict=True)
    # Pairs, because a JSON object in PostgreSQL does not keep the order of its keys.
    return {
        "fields": list(fields),
        "columns": [[name, title] for name, title in titles if name],
        "ignored": [
            title[:100]
            for name, title in zip(fields, header, strict=True)
            if title and not name and not says_what_to_mend(title)
        ],
    }


def _kept(header: Sequence[str], lines: Sequence[Sequence[str]]) -> list[list[str]]:
    """The text of the file that is kept for the preview: all of one width, identity codes masked; a column of them is not kept."""
    width = max((len(line) for line in (header, *lines)), default=0)
    codes = {place for place, title in enumerate(header) if is_identity_column(title)}
    kept = [[masked(title) for title in header] + [""] * (width - len(header))]
    kept += [
        ["" if place in codes else masked(text) for place, text in enumerate(line)] + [""] * (width - len(line))
        for line in lines
    ]
    return kept


def says_what_to_mend(title: str) -> bool:
    """Whether the column is the one that the file of rows to mend adds; in any language, and never read."""
    return word_key(title) in _mend_keys()


@lru_cache(maxsize=1)
def _mend_keys() -> frozenset[str]:
    keys = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            keys.add(word_key(_("What to mend")))
    return frozenset(keys)
