"""Those who stand in a queue as one: who they are, who stands before and behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import Person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.cohorts import CohortWithWaiting
from courses.enrolling.selectors.queues import party_members, queue_of

# Those who take part already are moved one by one: each has attended something of their own.
MOVED_TOGETHER = (EnrollmentState.WAITLISTED, EnrollmentState.OFFERED, EnrollmentState.ENROLLED)


class Lacking(NamedTuple):
    """What one of a party has not of what the course asks for, as sentences."""

    person: Person
    sentences: list[str]


@dataclass(frozen=True)
class Line:
    """Those who stand in the queue as one."""

    members: Sequence[Enrollment]

    @property
    def people(self) -> list[Person]:
        return [one.person for one in self.members]


def party_line(enrollment: Enrollment) -> Line:
    return Line(party_members(enrollment) or [enrollment])


def moved_together(enrollment: Enrollment) -> list[Enrollment]:
    """The party, as far as it stands where the enrollment stands and has not begun."""
    if enrollment.state not in MOVED_TOGETHER:
        return [enrollment]
    members = [one for one in party_members(enrollment) if one.state == enrollment.state]
    return members or [enrollment]


def before_them(enrollment: Enrollment) -> list[Enrollment]:
    """Those who stand before somebody and their party in the queue."""
    queue = queue_of(enrollment.cohort)
    mine = {one.pk for one in party_members(enrollment)}
    places = [place for place, one in enumerate(queue) if one.pk in mine]
    return queue[: places[0]] if places else []


def one_down(queue: Sequence[Enrollment], enrollment: Enrollment) -> int:
    """The place behind the line that follows: a party is passed as one."""
    mine = _line_in(queue, enrollment)
    first = queue.index(mine[0])
    after = [one for one in queue[first:] if one not in mine]
    following = _line_in(after, after[0]) if after else []
    return first + 1 + len(following)


def _line_in(queue: Sequence[Enrollment], enrollment: Enrollment) -> list[Enrollment]:
    """Somebody and those of their party, as far as they stand in `queue`."""
    return [one for one in queue if one == enrollment or (one.party_id and one.party_id == enrollment.party_id)]


def group_with(groups: Sequence[CohortWithWaiting], code: str | None) -> CohortWithWaiting | None:
    return next((group for group in groups if group.code == code), None)
