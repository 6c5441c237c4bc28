"""What becomes of each row of a roster, once its text is read: who is on file already, who stands there twice, which group.

A row is judged twice by the same rule: for the preview, and again under the lock when the roster is applied.
"""

import dataclasses
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from accounts.rules.likeness import alike
from accounts.rules.names import fold
from courses.importing.rosters.enums import ROSTER_DUPLICATES, ROSTER_WARNINGS, RosterChoice, RosterFault, RosterVerdict

# Stands for an identity code, which is not kept even for the preview.
MASK = "••••••-••••"


@dataclasses.dataclass(frozen=True)
class Fault:
    code: RosterFault
    field: str | None = None
    figures: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def verdict(self) -> RosterVerdict:
        if self.code in ROSTER_DUPLICATES:
            return RosterVerdict.DUPLICATE
        return RosterVerdict.WARNING if self.code in ROSTER_WARNINGS else RosterVerdict.ERROR

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return str(self.code.label) % self.figures

    def to_json(self) -> list[Any]:
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
    values: dict[str, Any]
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

    def to_json(self) -> dict[str, Any]:
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
    def from_json(cls, stored: Mapping[str, Any]) -> "RosterRow":
        faults = [Fault.from_json(fault) for fault in stored["faults"]]
        named = {name: stored[name] for name in ("values", "blank", "person", "same_row", "cohort_id", "choice")}
        return cls(number=stored["row"], faults=faults, **named)


def texts_of(
    number: int, *, found: Mapping[str, Any], cells: Sequence[Sequence[str]], edits: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """What stands in row `number` of the file, by the field that its column was taken for; what was mended goes before."""
    line = cells[number - found["header_row"]]
    texts = {name: line[place] if place < len(line) else "" for place, name in enumerate(found["fields"]) if name}
    mended = edits.get(str(number), {})
    if "name" in texts and mended.keys() & {"last_name", "first_name"}:
        # Whoever parts the name by hand has the last word on both parts.
        texts["name"] = ""
    return {**texts, **mended}


def mark_of(texts: Mapping[str, str]) -> str:
    """Changes whenever somebody changes the row or what its columns are taken for."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:16]


@dataclasses.dataclass(frozen=True)
class CohortFacts:
    pk: int
    code: str
    language: str
    enrolls: bool


@dataclasses.dataclass(frozen=True)
class Forecast:
    """What applying would do in one cohort. What the course asks for first is looked at only then."""

    code: str
    name: str
    placed: int
    waiting: int


@dataclasses.dataclass(frozen=True)
class KnownPerson:
    """What is compared of a person on file, or of an earlier row (then `pk` is its number)."""

    pk: int
    code: str
    name_key: str
    birth_year: int | None
    phone: str
    email: str
    active: bool = True

    @cached_property
    def words(self) -> list[str]:
        """Lists have the last name first or last."""
        return sorted(self.name_key.split())


LIKENESSES = ("same", "contact", "year", "name", "near")


def likeness(row: KnownPerson, person: KnownPerson) -> str:
    """One of LIKENESSES: "same" when there is no doubt, the others when a human must look; "" for two people.

    Two people may share a phone or an e-mail address, so a name must be alike too. A name only much alike does not
    count against contacts that differ: Kari and Mari of one family name and year are not one person.
    """
    contact = bool(row.phone and row.phone == person.phone) or bool(
        row.email and row.email.casefold() == person.email.casefold()
    )
    same_year = bool(row.birth_year) and row.birth_year == person.birth_year
    other_year = bool(row.birth_year and person.birth_year) and not same_year
    if row.words == person.words:
        if contact:
            return "contact" if other_year else "same"
        return "year" if same_year else "" if other_year else "name"
    apart = bool(row.phone and person.phone) or bool(row.email and person.email)
    worth_looking = contact or (same_year and not apart)
    if not worth_looking or other_year:
        return ""
    return "near" if alike(row.name_key, person.name_key) else ""


def likest(row: KnownPerson, people: Iterable[KnownPerson]) -> tuple[KnownPerson, str] | None:
    """The first of `people` that is most like `row`, and how; None when nobody is."""
    found: dict[str, KnownPerson] = {}
    for person in people:
        if how := likeness(row, person):
            found.setdefault(how, person)
    return next(((found[how], how) for how in LIKENESSES if how in found), None)


class EarlierRows:
    """The people of the rows above, found by what two records of one person share."""

    def __init__(self) -> None:
        self.by_key: dict[object, list[KnownPerson]] = defaultdict(list)

    def add(self, row: KnownPerson) -> None:
        for key in self.keys(row):
            self.by_key[key].append(row)

    def like(self, row: KnownPerson) -> list[KnownPerson]:
        found = {earlier.pk: earlier for key in self.keys(row) for earlier in self.by_key.get(key, ())}
        return list(found.values())

    @staticmethod
    def keys(row: KnownPerson) -> list[object]:
        keys: list[object] = [("name", *row.words)]
        keys += [row.phone] if row.phone else []
        keys += [row.email.casefold()] if row.email else []
        if row.birth_year:
            # A name misspelled once is right at its beginning or at its end.
            keys += [(row.birth_year, row.name_key[:5]), (row.birth_year, "", row.name_key[-5:])]
        return keys


def judge_rows(
    rows: Sequence[RosterRow],
    *,
    cohorts: Mapping[str, CohortFacts],
    default: CohortFacts | None,
    known: Mapping[int, Sequence[KnownPerson]],
    enrolled: AbstractSet[tuple[int, int]],
) -> None:
    """Adds to each row its cohort, its person and the faults that only the records on file can tell.

    `cohorts` by cohort_key; `known` = who on file may be the person, by row number; `enrolled` = (person, cohort) of open
    enrollments. Rows in error are not compared.
    """
    earlier = EarlierRows()
    # Who is enrolled by which row: (row or person, its number, cohort) to the row.
    taken: dict[tuple[str, int, int | None], int] = {}
    for row in rows:
        if row.blank:
            continue
        _find_cohort(row, cohorts, default)
        if row.verdict == RosterVerdict.ERROR:
            continue
        facts = facts_of(row)
        _compare_with_rows(row, likest(facts, earlier.like(facts)), taken)
        if row.verdict != RosterVerdict.DUPLICATE:
            _compare_with_people(row, likest(facts, known.get(row.number, ())), enrolled, taken)
        if row.same_row is None:
            earlier.add(facts)
            taken["row", row.number, row.cohort_id] = row.number


def _find_cohort(row: RosterRow, cohorts: Mapping[str, CohortFacts], default: CohortFacts | None) -> None:
    code = row.values.get("cohort", "")
    cohort = cohorts.get(cohort_key(code)) if code else default
    if cohort is None:
        fault = RosterFault.COHORT_UNKNOWN if code else RosterFault.COHORT_MISSING
        row.faults.append(Fault(fault, "cohort", {"cohort": code} if code else {}))
        return
    row.cohort_id = cohort.pk
    row.values["cohort"] = cohort.code
    row.values["language"] = row.values.get("language") or cohort.language
    if not cohort.enrolls:
        row.faults.append(Fault(RosterFault.COHORT_CLOSED, "cohort", {"cohort": cohort.code}))


def cohort_key(code: str) -> str:
    """`aim-2027k-01` and `AIM 2027K 01` name the same cohort."""
    return fold(code).replace(" ", "")


def facts_of(row: RosterRow) -> KnownPerson:
    values = row.values
    return KnownPerson(
        pk=row.number,
        code="",
        name_key=fold(f"{values['last_name']} {values['first_name']}")[:200],
        birth_year=values.get("birth_year"),
        phone=values.get("phone", ""),
        email=values.get("email", ""),
    )


def _compare_with_rows(
    row: RosterRow, like: tuple[KnownPerson, str] | None, taken: dict[tuple[str, int, int | None], int]
) -> None:
    if like is None:
        return
    earlier, how = like
    if how != "same":
        row.faults.append(Fault(RosterFault.LIKE_ROW, None, {"row": earlier.pk}))
        return
    row.same_row = earlier.pk
    first = taken.setdefault(("row", earlier.pk, row.cohort_id), row.number)
    fault = RosterFault.SAME_AS_ROW_ELSEWHERE if first == row.number else RosterFault.SAME_AS_ROW
    row.faults.append(Fault(fault, None, {"row": earlier.pk}))


def _compare_with_people(
    row: RosterRow,
    like: tuple[KnownPerson, str] | None,
    enrolled: AbstractSet[tuple[int, int]],
    taken: dict[tuple[str, int, int | None], int],
) -> None:
    if like is None:
        return
    person, how = like
    row.person = person.pk
    figures: dict[str, Any] = {"code": person.code}
    fault = _LIKE_KNOWN[how]
    if how == "same":
        first = taken.setdefault(("person", person.pk, row.cohort_id), row.number)
        if (person.pk, row.cohort_id) in enrolled:
            fault = RosterFault.ENROLLED_ALREADY
        elif not person.active:
            fault = RosterFault.KNOWN_NOT_ACTIVE
        elif first != row.number:
            fault, figures = RosterFault.SAME_AS_ROW, {"row": first}
    row.faults.append(Fault(fault, None, figures))


_LIKE_KNOWN = {
    "same": RosterFault.SAME_AS_KNOWN,
    "contact": RosterFault.LIKE_KNOWN_CONTACT,
    "year": RosterFault.LIKE_KNOWN_YEAR,
    "name": RosterFault.LIKE_KNOWN_NAME,
    "near": RosterFault.LIKE_KNOWN_NEAR,
}


def unjudged(rows: Iterable[RosterRow]) -> list[RosterRow]:
    """The rows as they were read, without what judge_rows added; choices are kept."""
    fresh = []
    for row in rows:
        faults = [fault for fault in row.faults if fault.code not in (*ROSTER_DUPLICATES, *_COHORT_FAULTS)]
        fresh.append(RosterRow(row.number, dict(row.values), faults, row.blank, choice=row.choice))
    return fresh


_COHORT_FAULTS = (RosterFault.COHORT_MISSING, RosterFault.COHORT_UNKNOWN, RosterFault.COHORT_CLOSED)


def same_judgement(rows: Sequence[RosterRow], others: Sequence[RosterRow]) -> bool:
    """Whether nothing has changed on file that a reader of the preview would have to know."""
    return [_judgement(row) for row in rows] == [_judgement(row) for row in others]


def _judgement(row: RosterRow) -> tuple[object, ...]:
    return row.number, row.verdict, row.person, row.same_row, row.cohort_id, row.action


def forecast(
    rows: Iterable[RosterRow], *, free: Mapping[int, int], names: Mapping[int, tuple[str, str]]
) -> list[Forecast]:
    """`free` seats and (code, name) by cohort. Seats go in the order of the rows, the others wait."""
    count = Counter(row.cohort_id for row in rows if row.action != RosterChoice.SKIP and row.cohort_id is not None)
    found = [
        Forecast(*names[cohort], placed=min(count[cohort], free[cohort]), waiting=max(count[cohort] - free[cohort], 0))
        for cohort in count
    ]
    return sorted(found, key=lambda one: one.code)
