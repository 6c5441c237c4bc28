"""Which state of a cohort may follow which, and what stands in the way. The drawing stands in docs/domain.md.

Obstacles are codes with figures; scheduling.wording says them as sentences.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from courses.scheduling.enums import CohortState as State

NEXT_STATES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.PUBLISHED, State.CANCELLED}),
    State.PUBLISHED: frozenset({State.CONFIRMED, State.CANCELLED}),
    State.CONFIRMED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.FINISHED, State.CANCELLED}),
    State.FINISHED: frozenset({State.CLOSED}),
}
# What a mistaken press may be taken back to. A cancelled cohort stays so: its people were told.
UNDOES: dict[str, str] = {
    State.PUBLISHED: State.DRAFT,
    State.CONFIRMED: State.PUBLISHED,
    State.RUNNING: State.CONFIRMED,
    State.FINISHED: State.RUNNING,
    State.CLOSED: State.FINISHED,
}
# A group that is over is not edited any more, only its results are.
EDITABLE_STATES = (State.DRAFT, State.PUBLISHED, State.CONFIRMED, State.RUNNING)
# The languages without which nothing is published; English is a courtesy.
REQUIRED_LANGUAGES = ("fi", "sv")


@dataclass(frozen=True)
class Obstacle:
    """One reason why not. `count` and `what` (a code or language) where the sentence needs them."""

    code: str
    count: int = 0
    what: str = ""
    language: str = ""


def may_follow(from_state: str, to_state: str) -> bool:
    return to_state in NEXT_STATES.get(from_state, frozenset())


def wrong_order(from_state: str, to_state: str) -> list[Obstacle]:
    return [] if may_follow(from_state, to_state) else [Obstacle("wrong_order", what=from_state)]


def missing_texts(texts: Mapping[str, Mapping[str, str]], needed: Collection[str] = ()) -> list[Obstacle]:
    """Texts without their Finnish or Swedish. `texts`: what it is -> language -> text.

    Those in `needed` must exist; others must exist in both languages as soon as they exist in one.
    """
    return [
        Obstacle("missing_text", what=what, language=language)
        for what, by_language in texts.items()
        if what in needed or any(text.strip() for text in by_language.values())
        for language in REQUIRED_LANGUAGES
        if not by_language.get(language, "").strip()
    ]


def start_obstacles(*, first_day: date, today: date) -> list[Obstacle]:
    return [Obstacle("starts_later", what=first_day.isoformat())] if today < first_day else []


def finish_obstacles(*, sessions_to_come: int) -> list[Obstacle]:
    return [Obstacle("sessions_to_come", sessions_to_come)] if sessions_to_come else []


def close_obstacles(*, open_enrollments: int) -> list[Obstacle]:
    """Attendance and results of a closed cohort are locked: nobody may be undecided in it."""
    return [Obstacle("undecided_people", open_enrollments)] if open_enrollments else []


def undo_obstacles(*, state: str, enrollments: int, marked_sessions: int) -> list[Obstacle]:
    """`enrollments` of any state keep a cohort published; a marked register keeps it running."""
    if state not in UNDOES:
        return [Obstacle("not_undone", what=state)]
    if state == State.PUBLISHED and enrollments:
        return [Obstacle("has_enrollments", enrollments)]
    if state == State.RUNNING and marked_sessions:
        return [Obstacle("has_registers", marked_sessions)]
    return []
