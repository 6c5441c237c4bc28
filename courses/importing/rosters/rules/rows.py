"""One row of a roster: what it says, what is wrong with it, what becomes of it."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from courses.importing.rosters.enums import ROSTER_DUPLICATES, ROSTER_WARNINGS, RosterChoice, RosterFault, RosterVerdict
from courses.importing.rosters.rules.whole_names import whole_name_in

# Stands for an identity code, which is not kept even for the preview.
MASK = "••••••-••••"
# By field, of several kinds: words, a year, a tick.
Values = dict[str, Any]


class StoredRow(TypedDict):
    """A RosterRow as it is kept with the roster."""

    row: int
    values: Values
    faults: list[list[object]]
    blank: bool
    person: int | None
    same_row: int | None
    cohort_id: int | None
    choice: str


class Columns(TypedDict):
    """What the columns of a file were taken for: `fields` by column, empty when it is not read; `columns` = [field, header]
    as in the file; `ignored` = the headers of those that are not read."""

    fields: list[str]
    columns: list[list[str]]
    ignored: list[str]


class Found(Columns):
    """What was found out about a file. `header_row` is 0 when it has none. `empty_sheets` were passed over before `sheet`,
    `other_sheets` hold something too."""

    format: str
    encoding: str
    separator: str
    sheet: str
    empty_sheets: NotRequired[list[str]]
    other_sheets: NotRequired[list[str]]
    header_row: int


@dataclasses.dataclass(frozen=True)
class Fault:
    code: RosterFault
    field: str | None = None
    figures: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def verdict(self) -> RosterVerdict:
        if self.code in ROSTER_DUPLICATES:
            return RosterVerdict.DUPLICATE
        return RosterVerdict.WARNING if self.code in ROSTER_WARNINGS else RosterVerdict.ERROR

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return str(self.code.label) % self.figures

    def to_json(self) -> list[object]:
        return [self.code.value, self.field, dict(self.figures)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> "Fault":
        code, name, figures = stored
        return cls(RosterFault(code), name, figures)


_SEVERITY = (RosterVerdict.WARNING, RosterVerdict.DUPLICATE, RosterVerdict.ERROR)


@dataclasses.dataclass
class RosterRow:
    """One row of the file. `values` = what will be stored, by field of Person, and `cohort` (a code) and `note`; what could
    not be read stays as it was written, for the reader of the preview.

    `person` = the known person, `same_row` = the earlier row with the same person, `cohort_id` = where to enroll.
    """

    number: int
    values: Values
    faults: list[Fault] = dataclasses.field(default_factory=list)
    blank: bool = False
    person: int | None = None
    same_row: int | None = None
    cohort_id: int | None = None
    choice: str = ""

    @property
    def worst(self) -> Fault | None:
        return max(self.faults, key=lambda fault: _SEVERITY.index(fault.verdict), default=None)

    @property
    def verdict(self) -> RosterVerdict:
        if self.blank:
            return RosterVerdict.BLANK
        return self.worst.verdict if self.worst else RosterVerdict.OK

    @property
    def known_code(self) -> str:
        """The own code of the person on file that the row is compared with."""
        return next((str(fault.figures["code"]) for fault in self.faults if "code" in fault.figures), "")

    @property
    def choices(self) -> tuple[RosterChoice, ...]:
        """What a coordinator may do with a duplicate; the first is done when nothing is chosen."""
        match self.worst and self.worst.code:
            case RosterFault.SAME_AS_KNOWN:
                return (RosterChoice.KNOWN, RosterChoice.SKIP, RosterChoice.NEW)
            case RosterFault.SAME_AS_ROW_ELSEWHERE:
                return (RosterChoice.KNOWN, RosterChoice.SKIP)
            case RosterFault.LIKE_ROW:
                return (RosterChoice.SKIP, RosterChoice.NEW)
            case RosterFault.SAME_AS_ROW | RosterFault.ENROLLED_ALREADY | RosterFault.KNOWN_NOT_ACTIVE:
                return (RosterChoice.SKIP,)
        if self.verdict == RosterVerdict.DUPLICATE:
            return (RosterChoice.SKIP, RosterChoice.KNOWN, RosterChoice.NEW)
        return ()

    @property
    def action(self) -> RosterChoice:
        """What applying does with the row: adds a new person, enrolls a known one, or leaves the row out."""
        if self.verdict in (RosterVerdict.ERROR, RosterVerdict.BLANK):
            return RosterChoice.SKIP
        if not self.choices:
            return RosterChoice.NEW
        return RosterChoice(self.choice) if self.choice in self.choices else self.choices[0]

    def to_json(self) -> StoredRow:
        return {
            "row": self.number,
            "values": self.values,
            "faults": [fault.to_json() for fault in self.faults],
            "blank": self.blank,
            "person": self.person,
            "same_row": self.same_row,
            "cohort_id": self.cohort_id,
            "choice": self.choice,
        }

    @classmethod
    def from_json(cls, stored: StoredRow) -> "RosterRow":
        return cls(
            number=stored["row"],
            values=stored["values"],
            faults=[Fault.from_json(fault) for fault in stored["faults"]],
            blank=stored["blank"],
            person=stored["person"],
            same_row=stored["same_row"],
            cohort_id=stored["cohort_id"],
            choice=stored["choice"],
        )


def texts_of(
    number: int, *, found: Found, cells: Sequence[Sequence[str]], edits: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """What stands in row `number` of the file, by the field that its column was taken for; what was mended goes before."""
    line = cells[number - found["header_row"]]
    texts = {name: line[place] if place < len(line) else "" for place, name in enumerate(found["fields"]) if name}
    mended = edits.get(str(number), {})
    if (whole := whole_name_in(texts)) and mended.keys() & {"last_name", "first_name"}:
        # Whoever parts the name by hand has the last word on both parts.
        texts[whole] = ""
    return {**texts, **mended}


def mark_of(texts: Mapping[str, str]) -> str:
    """Changes whenever somebody changes the row or what its columns are taken for."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]
