"""Setting up a site: the steps from nothing to the first group with people, in their order."""

from collections.abc import Set
from typing import NamedTuple

from accounts.enums import RoleName


class Step(NamedTuple):
    """`role`: who may do it. `waits_for`: the step without which it cannot be done. Not `needed`: a centre may do without."""

    code: str
    role: RoleName
    waits_for: str = ""
    needed: bool = True


STEPS = (
    Step("centre", RoleName.ADMINISTRATOR),
    Step("districts", RoleName.COORDINATOR, needed=False),
    Step("venue", RoleName.COORDINATOR, needed=False),
    Step("trainers", RoleName.ADMINISTRATOR),
    Step("course", RoleName.COORDINATOR),
    Step("cohort", RoleName.COORDINATOR, waits_for="course"),
    Step("people", RoleName.COORDINATOR, waits_for="cohort"),
)


def is_set_up(done: Set[str]) -> bool:
    return all(step.code in done for step in STEPS if step.needed)


def next_step(done: Set[str], roles: Set[str]) -> str:
    """The first step that somebody with `roles` can do now; nothing when there is none.

    What a step waits for stands before it and is of the same role, so the first is never one that waits.
    """
    return next((step.code for step in STEPS if step.code not in done and step.role in roles), "")
