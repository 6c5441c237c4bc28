"""A roster as an office sends it: which column holds what, and what each row says. Nothing here asks the database.

Whether a person is on file already and whether the group takes people is judged afterwards (importing.rosters.rules.judge_rows).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.enums import Channel
from accounts.exceptions import RuleError
from accounts.rules.identity import holds_identity_code
from accounts.rules.names import clean_name, fold
from accounts.rules.phones import parse_phone, takes_text_messages
from accounts.validators import OLDEST_YEAR
from courses.dates.words import MONTHS
from courses.importing.rosters.enums import RosterFault
from courses.importing.rosters.readers.tables import read_table
from courses.importing.rosters.readers.vocabulary import FIELD_BY_HEADER, IDENTITY_KEYS, VALUE_BY_WORD, word_key
from courses.importing.rosters.rules import MASK, Fault, RosterRow, texts_of
from courses.paper.formulas import unquote_formula

# In the order in which a row is checked and its faults are told.
LIMITS = {
    "last_name": 80,
    "first_name": 80,
    "email": 254,
    "street": 120,
    "postal_code": 12,
    "city": 60,
    "district": 100,
    "cohort": 30,
    "note": 2000,
}
# A header may stand under a title and an empty line.
HEADER_WITHIN = 10
_IDENTITY_DIGITS = re.compile(r"\d{6}[-+A-FU-Ya-fu-y–−]\d{3}[0-9A-Za-z]")


@dataclass(frozen=True)
class RosterFile:
    """`found`: format, encoding, separator, sheet, header_row (0 when the file has none), fields (what each column was
    taken for, empty when it is not read), columns ([field, header] as in the file), ignored (headers).

    `cells` = the file's text from its header on, without identity codes. `digest` = SHA-256 of the content: two files
    with the same one are one roster.
    """

    rows: list[RosterRow]
    found: dict[str, Any]
    cells: list[list[str]]
    digest: str


def read_roster(
    data: bytes,
    name: str = "",
    *,
    progress: Callable[[list[Any]], Iterable[Any]] = iter,
    today: date | None = None,
    lenient: bool = False,
) -> RosterFile:
    """The rows of a roster, one for each row of the file under its header, with the faults its text has.

    `progress` wraps the rows, to show how far the reading is. Raises RuleError when the file or its header cannot be
    read: see tables.read_table, and no_header, header_twice, column_missing. `lenient` reads a table whose header says
    too little or the same twice: somebody will say what the columns hold.
    """
    table = read_table(data, name)
    place = _header_place(table.rows, lenient)
    header = table.rows[place] if place is not None else []
    fields = fields_of(header)
    if not lenient:
        check_fields(fields, header)
    cells = _kept(header, table.rows[0 if place is None else place + 1 :])
    fields = without_twins([*fields, *[""] * (len(cells[0]) - len(fields))])
    found: dict[str, Any] = {
        "format": table.format,
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "header_row": 0 if place is None else place + 1,
    }
    found |= columns_of(fields, cells[0])
    rows = read_rows(found, cells, {}, progress=progress, today=today)
    if not any(any(line) for line in cells[1:]) or not (lenient or any(not row.blank for row in rows)):
        raise RuleError([_("The file holds a header and no people.")], code="empty")
    return RosterFile(rows=rows, found=found, cells=cells, digest=hashlib.sha256(data).hexdigest())


def read_rows(
    found: Mapping[str, Any],
    cells: Sequence[Sequence[str]],
    edits: Mapping[str, Mapping[str, str]],
    *,
    progress: Callable[[list[Any]], Iterable[Any]] = iter,
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
        if len(fields) >= 2 or fields == {"name"}:
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
    return [name if name and name not in fields[:place] else "" for place, name in enumerate(fields)]


def check_fields(fields: Sequence[str], header: Sequence[str]) -> None:
    """RuleError `header_twice` or `column_missing`."""
    for place, name in enumerate(fields):
        if name and name in fields[:place]:
            raise RuleError(
                [
                    _("Two columns hold the same thing: “%(first)s” and “%(second)s”. Take one of them away.")
                    % {"first": header[fields.index(name)], "second": header[place]}
                ],
                code="header_twice",
            )
    if "name" not in fields and not {"last_name", "first_name"} <= set(fields):
        missing = _("Last name") if "last_name" not in fields else _("First name")
        raise RuleError(
            [
                _("The column “%(column)s” is missing. Add it, or write its name in the first row.")
                % {"column": missing}
            ],
            code="column_missing",
        )


def columns_of(fields: Sequence[str], header: Sequence[str]) -> dict[str, Any]:
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


def is_identity_column(title: str) -> bool:
    return word_key(title) in IDENTITY_KEYS


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


def notices(found: dict[str, Any]) -> list[str]:
    """What a reader of the preview should know about the file as a whole, as sentences."""
    said = []
    identity = [title for title in found["ignored"] if is_identity_column(title)]
    others = [title for title in found["ignored"] if title not in identity]
    if identity:
        said.append(
            _("The column “%(column)s” is not read. We do not need identity codes: leave them out next time.")
            % {"column": identity[0]}
        )
    if others:
        said.append(
            ngettext(
                "This column is not known and is not read: %(columns)s.",
                "These columns are not known and are not read: %(columns)s.",
                len(others),
            )
            % {"columns": get_text_list([f"“{title}”" for title in others], _("and"))}
        )
    columns = dict(found["columns"])
    if "note" in columns:
        said.append(
            _("The column “%(column)s” is shown here for you to read. It is not stored.") % {"column": columns["note"]}
        )
    if "cohort" not in columns:
        said.append(_("No column names the group: everybody goes to the group chosen for the whole file."))
    return said


# One row


def read_row(number: int, texts: Mapping[str, str], this_year: int) -> RosterRow:
    """Reads one row, by field. Faults come in the order of the checks; a field has one at most."""
    texts = {name: unquote_formula(text.strip()) if text else "" for name, text in texts.items()}
    if not any(texts.values()):
        return RosterRow(number=number, values={}, blank=True)
    row = RosterRow(number=number, values={name: masked(text) for name, text in texts.items()})
    reading = _Reading(row, this_year)
    for name, text in texts.items():
        if MASK in text or holds_identity_code(text):
            reading.fault(RosterFault.IDENTITY_CODE, name)
    reading.names()
    reading.birth_year()
    reading.phone()
    reading.email()
    for name in VALUE_BY_WORD:
        reading.word(name)
    reading.lengths()
    reading.channel()
    return row


def masked(text: str) -> str:
    return _IDENTITY_DIGITS.sub(MASK, text) if len(text) > 9 and holds_identity_code(text) else text


class _Reading:
    """The checks of one row: each reads some of `row.values`, puts what it made of them back, and adds faults."""

    def __init__(self, row: RosterRow, this_year: int) -> None:
        self.row = row
        self.values = row.values
        self.this_year = this_year
        self.faulty: set[str] = set()

    def fault(self, code: RosterFault, name: str, **figures: Any) -> None:
        if name not in self.faulty:
            self.faulty.add(name)
            self.row.faults.append(Fault(code, name, figures))

    def text(self, name: str) -> str:
        """What stands under `name`; empty when that has a fault already."""
        return "" if name in self.faulty else self.values.get(name, "")

    def names(self) -> None:
        if "name" in self.values:
            self._part_name(self.values.pop("name"))
        for name, missing in (
            ("last_name", RosterFault.LAST_NAME_MISSING),
            ("first_name", RosterFault.FIRST_NAME_MISSING),
        ):
            self.values[name] = clean_name(_one_line(self.values.get(name, "")))
            if not self.values[name]:
                self.fault(missing, name)

    def _part_name(self, text: str) -> None:
        if "name" in self.faulty:
            self.faulty.update({"last_name", "first_name"})
            self.values["last_name"] = text
        elif self.values.get("last_name") or self.values.get("first_name") or not text:
            return
        elif "," in text:
            self.values["last_name"], _comma, self.values["first_name"] = text.partition(",")
        else:
            self.values["last_name"] = text
            self.fault(RosterFault.NAME_UNPARTED, "last_name")
            self.faulty.add("first_name")

    def birth_year(self) -> None:
        text = self.text("birth_year")
        if not text:
            self.values["birth_year"] = None if "birth_year" not in self.faulty else self.values["birth_year"]
            return
        year = year_in(text)
        if year is None:
            short = re.fullmatch(r"(\d{1,2}[./-]\d{1,2}[./-])?['’]?\d{2}\.?", text)
            self.fault(RosterFault.BIRTH_YEAR_DIGITS if short else RosterFault.BIRTH_YEAR_UNREADABLE, "birth_year")
        elif not OLDEST_YEAR <= year <= self.this_year:
            self.fault(RosterFault.BIRTH_YEAR_RANGE, "birth_year", oldest=OLDEST_YEAR, newest=self.this_year)
        else:
            self.values["birth_year"] = year

    def phone(self) -> None:
        text = self.text("phone")
        self.values.setdefault("phone", "")
        if not text:
            return
        number = phone_in(text)
        if number is None:
            self.fault(RosterFault.PHONE_UNREADABLE, "phone")
        else:
            self.values["phone"] = number

    def email(self) -> None:
        text = self.text("email")
        self.values.setdefault("email", "")
        if not text:
            return
        address = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
        try:
            validate_email(address)
        except ValidationError:
            self.fault(RosterFault.EMAIL_UNREADABLE, "email")
        else:
            self.values["email"] = address

    def word(self, name: str) -> None:
        text = self.text(name)
        if not text:
            self.values[name] = self.values.get(name, "") if name in self.faulty else ""
            return
        value = VALUE_BY_WORD[name].get(word_key(text))
        if value is None:
            self.fault(_UNKNOWN_WORD[name], name)
            if name == "gender":
                self.values[name] = ""
        else:
            self.values[name] = str(value)

    def lengths(self) -> None:
        for name, limit in LIMITS.items():
            text = self.values.get(name, "")
            if name not in ("last_name", "first_name", "note"):
                self.values[name] = text = clean_name(_one_line(text))
            if len(text) > limit:
                self.fault(RosterFault.TOO_LONG, name, limit=limit)

    def channel(self) -> None:
        """The channel asked for must be one that reaches the person; without one the surest that does is taken."""
        self._keep_protected()
        wanted = self.text("channel")
        if "channel" not in self.faulty:
            self.values["channel"] = wanted or self._reaching_channel()
        phone, email = self.values["phone"], self.values["email"]
        match wanted:
            case Channel.EMAIL if not email:
                self.fault(RosterFault.EMAIL_MISSING, "email")
            case Channel.SMS if not phone:
                self.fault(RosterFault.PHONE_MISSING_SMS, "phone")
            case Channel.SMS if "phone" not in self.faulty and not takes_text_messages(phone):
                self.values["channel"] = Channel.CALL.value
                self.fault(RosterFault.PHONE_LANDLINE, "phone")
            case Channel.CALL if not phone:
                self.fault(RosterFault.PHONE_MISSING_CALL, "phone")
            case Channel.LETTER if not self._address_whole():
                self.fault(RosterFault.ADDRESS_MISSING, "street")
            case Channel.CONTACT:
                self.fault(RosterFault.CONTACT_MISSING, "channel")

    def _keep_protected(self) -> None:
        protected = self.values.pop("protected", "") == "yes"
        if "protected" not in self.faulty:
            self.values["protected"] = protected
        if protected and any(self.values[name] for name in ("street", "postal_code", "city")):
            self.values.update(street="", postal_code="", city="")
            self.fault(RosterFault.PROTECTED_ADDRESS, "street")

    def _reaching_channel(self) -> str:
        if self.text("email"):
            return Channel.EMAIL.value
        if phone := self.text("phone"):
            return (Channel.SMS if takes_text_messages(phone) else Channel.CALL).value
        return Channel.LETTER.value

    def _address_whole(self) -> bool:
        return all(self.values[name] for name in ("street", "postal_code", "city"))


_UNKNOWN_WORD = {
    "language": RosterFault.LANGUAGE_UNKNOWN,
    "channel": RosterFault.CHANNEL_UNKNOWN,
    "gender": RosterFault.GENDER_UNKNOWN,
    "protected": RosterFault.PROTECTED_UNKNOWN,
}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def phone_in(text: str) -> str | None:
    """E.164 of a phone as lists hold it; a spreadsheet that took it for a number has eaten its first zero or plus."""
    digits = re.sub(r"\D", "", text)
    tries = [text, f"+{digits}" if digits.startswith("358") else "", f"0{digits}" if text == digits else ""]
    return next((number for attempt in tries if attempt and (number := parse_phone(attempt))), None)


_MONTH_NUMBERS = {
    fold(form)[:length]: number
    for names in MONTHS.values()
    for number, form in enumerate(names, start=1)
    for length in (3, 4, len(form))
}
_DAY_FIRST = re.compile(r"(\d{1,2})[./\- ]+(\d{1,2})[./\- ]+(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[./\- ]+(\d{1,2})[./\- ]+(\d{1,2})(?:[T ][\d:.]+)?")
_MONTH_IN_WORDS = re.compile(r"(\d{1,2})\.?\s+([^\W\d_]+)\.?,?\s+(\d{4})|([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})")


def year_in(text: str) -> int | None:
    """The year of `1948`, `12.3.1948`, `3/12/1948`, `1948-03-12`, `12031948`, `19480312` or `12. maaliskuuta 1948`; None
    when it is no year and no day that exists."""
    text = text.strip().rstrip(".")
    if re.fullmatch(r"\d{4}(\.0+)?", text):
        return int(text[:4])
    for year, month, day in _possible_days(text):
        with suppress(ValueError):
            return date(year, month, day).year
    return None


def _possible_days(text: str) -> list[tuple[int, int, int]]:
    if match := _DAY_FIRST.fullmatch(text):
        first, second, year = map(int, match.groups())
        return [(year, second, first), (year, first, second)]
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
        return [(year, month, day)]
    if match := re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text):
        first, second, year = map(int, match.groups())
        return [(year, second, first), (int(text[:4]), int(text[4:6]), int(text[6:]))]
    if match := _MONTH_IN_WORDS.fullmatch(text):
        number, word, of_year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return [(int(of_year), _month_number(word), int(number))]
    return []


def _month_number(word: str) -> int:
    key = fold(word)
    return _MONTH_NUMBERS.get(key) or _MONTH_NUMBERS.get(key.removesuffix("ta"), 0)
