"""When two records become one: what is chosen between them, and which of two enrollments or cards stays. How long notes
may be changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.rules.names import fold
from accounts.rules.undo import UNDO_WITHIN
from courses.certifying.enums import MentorState
from courses.enrolling.enums import EnrollmentState as State

# The further one stays.
FURTHEST_FIRST = (State.ACTIVE, State.ENROLLED, State.OFFERED, State.WAITLISTED, State.APPLIED)

# A stop is not lifted by a merge: of two cards of a mentor the strictest state stays.
STRICTEST_FIRST = (MentorState.REMOVED, MentorState.RETIRED, MentorState.PAUSED, MentorState.CERTIFIED)

# What is chosen as one, in the order of the page: what belongs together is not torn apart.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "birth_year": ("birth_year",),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("street", "postal_code", "city"),
    "ways": ("channel", "second_channel"),
    "language": ("language",),
    "district": ("district",),
    "gender": ("gender",),
}


def standing(*, state: str, queue_number: int | None, applied_at: datetime, pk: int) -> tuple[int, int, datetime, int]:
    """A sort key, the one that stays first: by state, in the waiting list by the earlier place, then who applied first."""
    return FURTHEST_FIRST.index(State(state)), queue_number or 0, applied_at, pk


@dataclass(frozen=True)
class Line:
    """One thing that both records say: `values` in words, first side first."""

    group: str
    label: str
    values: tuple[str, str]
    differs: bool
    # Which side says nothing about it.
    empty: tuple[bool, bool]


def may_change_note(*, written_by: int | None, written_at: datetime, by: int | None, at: datetime) -> bool:
    """Whoever wrote it may mend it for as long as anything can be undone."""
    return by is not None and written_by == by and at - written_at <= UNDO_WITHIN


@dataclass(frozen=True)
class Known:
    """What is weighed of a record. `history`: how much has happened under it; `details`: how much of a person it says."""

    name: str
    has_role: bool
    history: int
    details: int


def better_spelled(one: str, another: str) -> int | None:
    """Which of two spellings of one name is the better, 0 or 1: with a capital letter, then with å, ä and ö. None when
    neither is, or they are two names."""
    if fold(one) != fold(another):
        return None
    care = [(name not in (name.lower(), name.upper()), sum(not c.isascii() for c in name)) for name in (one, another)]
    return None if care[0] == care[1] else care.index(max(care))


def record_to_keep(one: Known, another: Known) -> tuple[int, str]:
    """Which of two records is proposed to stay, 0 or 1, and why: `role` (such a record cannot go), `history`, `details`,
    `spelling`; else `older`, and that is the first."""
    for why in ("has_role", "history", "details"):
        values = [getattr(one, why), getattr(another, why)]
        if values[0] != values[1]:
            return values.index(max(values)), why.removeprefix("has_")
    spelled = better_spelled(one.name, another.name)
    return (0, "older") if spelled is None else (spelled, "spelling")
