"""The records package: which files it has, which columns, in which order. Reading and writing it share this one list.

CSV, UTF-8, comma, header row, ISO dates. What a column holds is checked by importing.records.readers, written
by importing.records.documents.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

Held = TypeVar("Held")


@dataclass(frozen=True)
class File:
    """`columns` must be there; `extra` may be left out. A package may lack the file unless it is `required`."""

    name: str
    columns: tuple[str, ...]
    extra: tuple[str, ...] = ()
    required: bool = False

    @property
    def all_columns(self) -> tuple[str, ...]:
        return self.columns + self.extra


def _texts(*fields: str) -> tuple[str, ...]:
    return tuple(f"{field}_{language}" for field in fields for language in ("fi", "sv", "en"))


# In the order in which they are read: nothing names what comes later.
FILES = (
    File(
        "courses",
        ("code", *_texts("title"), "lessons"),
        ("valid_months", "format", *_texts("summary"), "makes_mentors", "minimum", "capacity", "completion_rule"),
        required=True,
    ),
    File(
        "modules",
        ("course", "code", "order", *_texts("title"), "lessons", "mandatory"),
        ("kind", *_texts("description"), "practice_minutes"),
        required=True,
    ),
    File("venues", ("name",), ("street", "postal_code", "city", "district", *_texts("directions"))),
    File(
        "people",
        ("code", "first_name", "last_name", "birth_year", "gender", "language", "district"),
        ("phone", "email", "street", "postal_code", "city", "channel", "second_channel", "state", "protected"),
        required=True,
    ),
    File(
        "cohorts",
        ("course", "code", "language", "starts_on", "ends_on", "capacity", "state"),
        (
            "minimum",
            "venue",
            *_texts("name", "notice"),
            "applications_open_on",
            "applications_close_on",
            "remote_link",
            "waiting_list_capacity",
            "trainers",
        ),
        required=True,
    ),
    File(
        "enrollments",
        ("cohort", "person", "state", "applied_on"),
        (
            "ended_on",
            "reason",
            "how_asked",
            "admitted_on",
            "started_on",
            "queue_number",
            "offer_expires_at",
            "completion",
            "completion_on",
            "completion_rule",
            "completion_figures",
        ),
        required=True,
    ),
    File(
        "sessions",
        ("cohort", "number", "starts_at", "ends_at", "lessons", "state"),
        ("modules", "venue", "remote_link", "marked_at"),
    ),
    # `session` is the number of a session of `cohort`; `enrolled_in` the cohort of somebody who makes a module up there.
    File(
        "attendance",
        ("cohort", "session", "person", "state", "lessons"),
        ("enrolled_in", "enrollment", "marked_on"),
    ),
    File(
        "completions",
        ("cohort", "person", "module", "result", "recorded_on"),
        ("enrollment", "made_up", "source"),
        required=True,
    ),
    File("assessments", ("cohort", "person", "assessment", "result", "recorded_on"), ("enrollment",)),
    File("declarations", ("cohort", "person", "declaration", "recorded_on"), ("enrollment",)),
    File(
        "certificates",
        ("number", "person", "course", "issued_on"),
        (
            "valid_until",
            "cohort",
            "enrollment",
            "name",
            "language",
            "check_code",
            "renews",
            "replaced_on",
            "revoked_on",
            "revoked_reason",
            "words",
        ),
    ),
    File("mentors", ("person", "state"), ("agreement_signed_on",)),
    File(
        "visits",
        ("person", "visited_on", "minutes", "people_helped"),
        ("place", "supervised", "cohort", "enrollment", "how_asked"),
    ),
)


@dataclass
class Package:
    """A package that was read and found whole. `rows[file]` are named tuples: `line` and every column of the file."""

    rows: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    warnings: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


class Stages(NamedTuple):
    """The days a person got a place, first came and left, as far as records tell; None: never, or not known."""

    admitted_on: date | None
    started_on: date | None
    ended_on: date | None


def stages(
    row: Any, *, came_on: date | None, starts_on: date, ends_on: date, admitted: bool, starts: bool, closed: bool
) -> Stages:
    """What an imported enrollment passed through. What `row` tells goes before what is derived.

    `came_on`: the first attendance or result; one earned before the cohort counts from its start. `admitted`, `starts`:
    its state presupposes a place, or that the person came. Somebody who came had a place.
    """
    started_on = row.started_on
    if started_on is None and (came_on or starts):
        started_on = max(came_on or starts_on, starts_on)
    admitted_on = row.admitted_on
    if admitted_on is None and (admitted or started_on):
        admitted_on = row.applied_on
    ended_on = row.ended_on
    if ended_on is None and closed and starts:
        ended_on = ends_on
    return Stages(admitted_on, started_on, ended_on if closed else None)


def ordinals(keys: Iterable[Any]) -> Iterator[int]:
    """1 for the first time a key comes, 2 for the second: somebody may have left a cohort and enrolled anew."""
    seen: dict[Any, int] = defaultdict(int)
    for key in keys:
        seen[key] += 1
        yield seen[key]


def pick(held: Mapping[Any, list[Held]], key: Any, ordinal: int | None) -> Held | None:
    """The enrollment a row is about: the one it numbers, else the last of that person in that cohort."""
    found = held.get(key) or []
    if ordinal is None:
        return found[-1] if found else None
    return found[ordinal - 1] if 0 < ordinal <= len(found) else None
