"""Reads a records package and checks every cell and every reference before anything is written."""

import csv
import json
import re
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext as _

from accounts.enums import Channel, Gender, HowAsked, Language, PersonState
from accounts.rules.identity import holds_identity_code
from accounts.rules.names import clean_name
from accounts.rules.phones import parse_phone
from accounts.validators import OLDEST_YEAR
from courses.catalogue.enums import Assessment, CourseFormat, Declaration, ModuleKind
from courses.catalogue.models.courses import CODE
from courses.certifying.enums import MentorState
from courses.enrolling.enums import EnrollmentState, WithdrawalReason
from courses.importing.records.exceptions import BadRecords
from courses.importing.records.rules import FILES, File, Package
from courses.paper.formulas import unquote_formula
from courses.scheduling.enums import CohortState, SessionState
from courses.teaching.enums import AttendanceState, CompletionState, Result, ResultSource

MOST_PROBLEMS = 50
NEEDED = object()


class Problem(NamedTuple):
    file: str
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        values = self._asdict()
        if not self.line:
            return _("%(file)s: %(text)s") % values
        if not self.column:
            return _("%(file)s, line %(line)d: %(text)s") % values
        return _("%(file)s, line %(line)d, column %(column)s: %(text)s") % values


class Cell(NamedTuple):
    """How a column is read. `empty`: what an empty or left out cell means; NEEDED: it must be filled."""

    parse: Callable[[str], Any]
    empty: Any = NEEDED


def read_package(folder: Path, *, on_rows: Callable[[int], Any] = lambda rows: None) -> Package:
    """The rows of every file in `folder`, each cell read and checked; raises BadRecords with all that is wrong.

    `on_rows` is told how many rows were read since it was last told. References between the files are
    importing.records.readers.checks' to check.
    """
    package, problems = Package(), []
    for file in FILES:
        path = folder / f"{file.name}.csv"
        if path.exists():
            problems += _read_file(file, path, package, on_rows)
        elif file.required:
            problems.append(Problem(path.name, 0, "", _("the file is missing.")))
    known = {f"{file.name}.csv" for file in FILES}
    package.warnings += [
        _("%(file)s is no file of a records package and is left out.") % {"file": path.name}
        for path in sorted(folder.glob("*.csv"))
        if path.name not in known
    ]
    if problems:
        raise BadRecords(str(problem) for problem in problems[:MOST_PROBLEMS])
    return package


def count_rows(folder: Path) -> int:
    """About how many rows the package has, for a progress bar: lines without the headers."""
    total = 0
    for path in (folder / f"{file.name}.csv" for file in FILES):
        if path.exists():
            with path.open("rb") as stream:
                total += max(sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b"")) - 1, 0)
    return total


def _read_file(file: File, path: Path, package: Package, on_rows: Callable[[int], Any]) -> list[Problem]:
    rows, problems = package.rows[file.name], []
    with path.open("rb") as stream:
        lines = _numbered_rows(stream)
        try:
            header_line, header = next(lines, (0, []))
            problems = _header_problems(file, path, header_line, header, package)
            if problems:
                return problems
            read_row = _row_reader(file, path, header)
            while chunk := list(islice(lines, 2000)):
                for line, cells in chunk:
                    row = read_row(line, cells)
                    if isinstance(row, list):
                        problems += row
                    elif not problems:
                        rows.append(row)
                if len(problems) >= MOST_PROBLEMS:
                    break
                on_rows(len(chunk))
        except _BrokenLine as broken:
            problems.append(Problem(path.name, broken.line, "", str(broken)))
    return problems


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


def _header_problems(file: File, path: Path, line: int, header: Sequence[str], package: Package) -> list[Problem]:
    names = [name.strip() for name in header]
    if not names:
        return [Problem(path.name, 0, "", _("the file is empty; its first row names the columns."))]
    missing = [name for name in file.columns if name not in names]
    if missing and len(names) == 1 and ";" in names[0]:
        return [Problem(path.name, line, "", _("the columns are parted by semicolons; a records package uses commas."))]
    twice = sorted({name for name in names if names.count(name) > 1})
    package.warnings += [
        _("%(file)s: the column %(column)s is not known and is left out.") % {"file": path.name, "column": name}
        for name in names
        if name not in file.all_columns
    ]
    return [Problem(path.name, line, name, _("this column is missing.")) for name in missing] + [
        Problem(path.name, line, name, _("this column is there twice.")) for name in twice
    ]


def _row_reader(file: File, path: Path, header: Sequence[str]) -> Callable[[int, list[str]], Any]:
    """Reads one row into a named tuple, or gives the list of its problems.

    The same text is parsed once a column: dates and codes repeat, and so they are held in memory once.
    """
    places = {name.strip(): place for place, name in enumerate(header)}
    plan: list[tuple[str, int | None, Cell, dict[str, Any]]] = [
        (name, places.get(name), CELLS[file.name][name], {}) for name in file.all_columns
    ]
    make_row = namedtuple(file.name.capitalize(), ["line", *file.all_columns])  # type: ignore[misc]  # the columns come from a list

    def value(name: str, text: str, cell: Cell, memory: dict[str, Any]) -> Any:
        if text not in memory:
            stripped = unquote_formula(text.strip())
            if stripped:
                memory[text] = cell.parse(stripped)
            elif cell.empty is NEEDED:
                raise ValueError(_("this must be filled in."))
            else:
                memory[text] = cell.empty
        return memory[text]

    def read_row(line: int, cells: list[str]) -> Any:
        if len(cells) != len(header):
            words = _("there are %(found)d cells where the header has %(wanted)d.")
            return [Problem(path.name, line, "", words % {"found": len(cells), "wanted": len(header)})]
        values, problems = [line], []
        for name, place, cell, memory in plan:
            try:
                values.append(cell.empty if place is None else value(name, cells[place], cell, memory))
            except (ValueError, ValidationError) as error:
                words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                problems.append(Problem(path.name, line, name, words))
        return problems or make_row._make(values)

    return read_row


# What a cell may hold. Each takes the text without outer spaces and raises ValueError in words.


def words(limit: int, clean: Callable[[str], str] = clean_name) -> Callable[[str], str]:
    def parse(text: str) -> str:
        text = clean(text)
        if len(text) > limit:
            raise ValueError(_("this is longer than %(limit)d characters.") % {"limit": limit})
        if holds_identity_code(text):
            raise ValueError(_("take the personal identity code out of this text. We do not need it."))
        return text

    return parse


def code(limit: int = 30) -> Callable[[str], str]:
    def parse(text: str) -> str:
        CODE(text)
        if len(text) > limit:
            raise ValueError(_("this is longer than %(limit)d characters.") % {"limit": limit})
        return text

    return parse


def codes(text: str) -> tuple[str, ...]:
    return tuple(code()(part) for part in text.split())


def number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text[:10]) <= most):
            raise ValueError(
                _("“%(text)s” is no whole number between %(least)d and %(most)d.")
                % {"text": text[:40], "least": least, "most": most}
            )
        return int(text)

    return parse


def day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is no day like 2027-01-31.") % {"text": text[:40]})


def moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("“%(text)s” is no time like 2027-01-31T10:00+02:00.") % {"text": text[:40]}) from error
    return at if at.tzinfo else make_aware(at, get_current_timezone())


def one_of(values: Sequence[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(_("“%(text)s” is none of: %(values)s.") % {"text": text[:40], "values": ", ".join(values)})
        return text

    return parse


def yes_no(text: str) -> bool:
    answers = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
    if text.lower() not in answers:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
    return answers[text.lower()]


def phone(text: str) -> str:
    """E.164 as it stands stays, also where it is out of use by now."""
    found = parse_phone(text) or (text if re.fullmatch(r"\+[0-9]{6,15}", text) else None)
    if found is None:
        raise ValueError(_("this is no phone number."))
    return found


def email(text: str) -> str:
    validate_email(text)
    return text


def link(text: str) -> str:
    URLValidator(schemes=["http", "https"])(text)
    return text


def json_object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(_("this is not JSON.")) from error
    if not isinstance(found, dict):
        raise ValueError(_("this is no JSON object."))
    return found


def _choice(choices: Any, empty: Any = NEEDED) -> Cell:
    return Cell(one_of(choices.values), empty)


def _in_three_languages(name: str, limit: int, empty: Any = NEEDED, clean: Callable[[str], str] = clean_name) -> dict:
    return {f"{name}_{language}": Cell(words(limit, clean), empty) for language in Language.values}


_SMALL = number(0, 32767)
_LARGE = number(0, 2_147_483_647)
_ORDINAL = Cell(number(1, 1000), None)
_TEXT: dict[str, Any] = {"limit": 20_000, "empty": "", "clean": str.strip}

CELLS: dict[str, dict[str, Cell]] = {
    "courses": {
        "code": Cell(code()),
        **_in_three_languages("title", 150),
        "lessons": Cell(_SMALL),
        "valid_months": Cell(number(1, 240), None),
        "format": _choice(CourseFormat, CourseFormat.COURSE.value),
        **_in_three_languages("summary", **_TEXT),
        "makes_mentors": Cell(yes_no, False),
        "minimum": Cell(_SMALL, 1),
        "capacity": Cell(_LARGE, None),
        "completion_rule": Cell(json_object, {}),
    },
    "modules": {
        "course": Cell(code()),
        "code": Cell(code()),
        "order": Cell(_SMALL),
        **_in_three_languages("title", 150),
        "lessons": Cell(_SMALL),
        "mandatory": Cell(yes_no),
        "kind": _choice(ModuleKind, ModuleKind.CLASSROOM.value),
        **_in_three_languages("description", **_TEXT),
        "practice_minutes": Cell(_SMALL, 0),
    },
    "venues": {
        "name": Cell(words(120)),
        "street": Cell(words(120), ""),
        "postal_code": Cell(words(12), ""),
        "city": Cell(words(60), ""),
        "district": Cell(words(100), ""),
        **_in_three_languages("directions", **_TEXT),
    },
    "people": {
        "code": Cell(code(20)),
        "first_name": Cell(words(80), ""),
        "last_name": Cell(words(80), ""),
        "birth_year": Cell(number(OLDEST_YEAR, 2200), None),
        "gender": _choice(Gender, ""),
        "language": _choice(Language),
        "district": Cell(words(100), ""),
        "phone": Cell(phone, ""),
        "email": Cell(email, ""),
        "street": Cell(words(120), ""),
        "postal_code": Cell(words(12), ""),
        "city": Cell(words(60), ""),
        "channel": _choice(Channel, None),
        "second_channel": _choice(Channel, ""),
        "state": _choice(PersonState, PersonState.ACTIVE.value),
        "protected": Cell(yes_no, False),
    },
    "cohorts": {
        "course": Cell(code()),
        "code": Cell(code()),
        "language": _choice(Language),
        "starts_on": Cell(day),
        "ends_on": Cell(day),
        "capacity": Cell(_LARGE),
        "state": _choice(CohortState),
        "minimum": Cell(_SMALL, 1),
        "venue": Cell(words(120), ""),
        **_in_three_languages("name", 100, ""),
        **_in_three_languages("notice", **_TEXT),
        "applications_open_on": Cell(day, None),
        "applications_close_on": Cell(day, None),
        "remote_link": Cell(link, ""),
        "waiting_list_capacity": Cell(_LARGE, None),
        "trainers": Cell(codes, ()),
    },
    "enrollments": {
        "cohort": Cell(code()),
        "person": Cell(code()),
        "state": _choice(EnrollmentState),
        "applied_on": Cell(day),
        "ended_on": Cell(day, None),
        "reason": _choice(WithdrawalReason, ""),
        "how_asked": _choice(HowAsked, HowAsked.RECORDS.value),
        "admitted_on": Cell(day, None),
        "started_on": Cell(day, None),
        "queue_number": Cell(number(1, 2_147_483_647), None),
        "offer_expires_at": Cell(moment, None),
        "completion": _choice(CompletionState, ""),
        "completion_on": Cell(day, None),
        "completion_rule": Cell(json_object, None),
        "completion_figures": Cell(json_object, None),
    },
    "sessions": {
        "cohort": Cell(code()),
        "number": Cell(_SMALL),
        "starts_at": Cell(moment),
        "ends_at": Cell(moment),
        "lessons": Cell(_SMALL),
        "state": _choice(SessionState),
        "modules": Cell(codes, ()),
        "venue": Cell(words(120), ""),
        "remote_link": Cell(link, ""),
        "marked_at": Cell(moment, None),
    },
    "attendance": {
        "cohort": Cell(code()),
        "session": Cell(_SMALL),
        "person": Cell(code()),
        "state": _choice(AttendanceState),
        "lessons": Cell(_SMALL),
        "enrolled_in": Cell(code(), ""),
        "enrollment": _ORDINAL,
        "marked_on": Cell(day, None),
    },
    "completions": {
        "cohort": Cell(code()),
        "person": Cell(code()),
        "module": Cell(code()),
        "result": _choice(Result),
        "recorded_on": Cell(day),
        "enrollment": _ORDINAL,
        "made_up": Cell(yes_no, False),
        "source": _choice(ResultSource, ResultSource.RECORDS.value),
    },
    "assessments": {
        "cohort": Cell(code()),
        "person": Cell(code()),
        "assessment": _choice(Assessment),
        "result": _choice(Result),
        "recorded_on": Cell(day),
        "enrollment": _ORDINAL,
    },
    "declarations": {
        "cohort": Cell(code()),
        "person": Cell(code()),
        "declaration": _choice(Declaration),
        "recorded_on": Cell(day),
        "enrollment": _ORDINAL,
    },
    "certificates": {
        "number": Cell(words(40)),
        "person": Cell(code()),
        "course": Cell(code()),
        "issued_on": Cell(day),
        "valid_until": Cell(day, None),
        "cohort": Cell(code(), ""),
        "enrollment": _ORDINAL,
        "name": Cell(words(170), ""),
        "language": _choice(Language, ""),
        "check_code": Cell(words(40), ""),
        "renews": Cell(words(40), ""),
        "replaced_on": Cell(day, None),
        "revoked_on": Cell(day, None),
        "revoked_reason": Cell(words(200), ""),
        "words": Cell(json_object, {}),
    },
    "mentors": {
        "person": Cell(code()),
        "state": _choice(MentorState),
        "agreement_signed_on": Cell(day, None),
    },
    "visits": {
        "person": Cell(code()),
        "visited_on": Cell(day),
        "minutes": Cell(number(1, 600)),
        "people_helped": Cell(_SMALL),
        "place": Cell(words(120), ""),
        "supervised": Cell(yes_no, False),
        "cohort": Cell(code(), ""),
        "enrollment": _ORDINAL,
        "how_asked": _choice(HowAsked, HowAsked.RECORDS.value),
    },
}
