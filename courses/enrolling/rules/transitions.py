"""Which state of an enrollment may follow which. The drawing stands in docs/domain.md; this is its one other copy."""

from courses.enrolling.enums import OPEN_STATES, SEAT_STATES
from courses.enrolling.enums import EnrollmentState as State
from courses.scheduling.enums import CohortState

# The cohorts in which people are enrolled.
ENROLLING_STATES = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)

TRANSITIONS: dict[str, frozenset[str]] = {
    State.APPLIED: frozenset({State.ENROLLED, State.WAITLISTED, State.DECLINED, State.WITHDRAWN}),
    State.WAITLISTED: frozenset({State.OFFERED, State.ENROLLED, State.DECLINED, State.WITHDRAWN}),
    # An offer that lapses goes back to the end of the queue.
    State.OFFERED: frozenset({State.ENROLLED, State.WAITLISTED, State.WITHDRAWN}),
    # Back to the queue only when the place was given by mistake.
    State.ENROLLED: frozenset({State.ACTIVE, State.WITHDRAWN, State.NO_SHOW, State.WAITLISTED}),
    # Back to enrolled only when the first attendance was a mistake.
    State.ACTIVE: frozenset({State.COMPLETED, State.NOT_COMPLETED, State.WITHDRAWN, State.ENROLLED}),
}

# What a closed state reopens to; always with a reason.
REOPENS: dict[str, frozenset[str]] = {
    State.COMPLETED: frozenset({State.ACTIVE}),
    State.NOT_COMPLETED: frozenset({State.ACTIVE}),
    State.DECLINED: frozenset({State.ENROLLED, State.WAITLISTED}),
    State.WITHDRAWN: frozenset({State.ENROLLED, State.ACTIVE, State.WAITLISTED}),
    State.NO_SHOW: frozenset({State.ENROLLED, State.ACTIVE}),
    State.COHORT_CANCELLED: frozenset({State.ENROLLED, State.WAITLISTED}),
}


def may_transition(from_state: str, to_state: str) -> bool:
    """Whether the move is in the drawing; a reopening counts, its reason is asked for elsewhere."""
    if from_state in OPEN_STATES and to_state == State.COHORT_CANCELLED:
        return True
    return to_state in TRANSITIONS.get(from_state, frozenset()) or is_reopening(from_state, to_state)


def is_reopening(from_state: str, to_state: str) -> bool:
    return to_state in REOPENS.get(from_state, frozenset())


def seat_change(from_state: str, to_state: str) -> int:
    """+1 when the move takes a seat, -1 when it frees one, 0 otherwise. `from_state` empty: a new enrollment."""
    return int(to_state in SEAT_STATES) - int(from_state in SEAT_STATES)
