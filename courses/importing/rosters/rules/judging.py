"""What becomes of each row of a roster, once its text is read: who is on file already, who stands there twice, which group.

A row is judged twice by the same rule: for the preview, and again under the lock when the roster is applied.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from accounts.rules.names import fold
from courses.importing.rosters.enums import ROSTER_DUPLICATES, RosterChoice, RosterFault, RosterVerdict
from courses.importing.rosters.rules.likeness import EarlierRows, KnownPerson, Likest, likest
from courses.importing.rosters.rules.rows import Fault, RosterRow


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


def _compare_with_rows(row: RosterRow, like: Likest | None, taken: dict[tuple[str, int, int | None], int]) -> None:
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
    like: Likest | None,
    enrolled: AbstractSet[tuple[int, int]],
    taken: dict[tuple[str, int, int | None], int],
) -> None:
    if like is None:
        return
    person, how = like
    row.person = person.pk
    figures: dict[str, object] = {"code": person.code}
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


def people_of(rows: Iterable[RosterRow]) -> dict[int, tuple[str, int]]:
    """Whom each row enrolls, by its number: ("row", number) of the row that adds the person, or ("person", id).

    A row with the person of an earlier one goes with that, also when the earlier one's person is on file; when the
    earlier one was left out by hand, so is this one.
    """
    found: dict[int, tuple[str, int]] = {}
    in_already: dict[int, tuple[str, int]] = {}
    for row in rows:
        if row.action == RosterChoice.NEW:
            found[row.number] = ("row", row.number)
        elif row.action == RosterChoice.KNOWN and row.person is not None:
            found[row.number] = ("person", row.person)
        elif row.action == RosterChoice.KNOWN and (
            same := found.get(row.same_row or 0) or in_already.get(row.same_row or 0)
        ):
            found[row.number] = same
        elif row.person is not None and row.worst and row.worst.code == RosterFault.ENROLLED_ALREADY:
            in_already[row.number] = ("person", row.person)
    return found


def enrolling_rows(rows: Sequence[RosterRow], enrolled: AbstractSet[tuple[int, int]]) -> list[RosterRow]:
    """The rows of which an enrollment comes. A person chosen twice for one cohort, or in it already, brings none.
    `enrolled` as for judge_rows."""
    people = people_of(rows)
    taken: set[tuple[str, int, int | None]] = {("person", person, cohort) for person, cohort in enrolled}
    kept = []
    for row in rows:
        place = (*people.get(row.number, ("", 0)), row.cohort_id)
        if row.number in people and place not in taken:
            taken.add(place)
            kept.append(row)
    return kept


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
