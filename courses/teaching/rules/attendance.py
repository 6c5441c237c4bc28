"""What a mark on a register is worth: lessons credited, and the module it passes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from courses.teaching.enums import ABSENT_STATES, ATTENDED_STATES, AttendanceState


@dataclass(frozen=True)
class Mark:
    """What one person has on one session. `session` is its id."""

    session: int
    state: str
    lessons: int

    @property
    def counts(self) -> bool:
        return self.state in ATTENDED_STATES and self.lessons > 0

    @property
    def made_up(self) -> bool:
        return self.counts and self.state == AttendanceState.MADE_UP


def lessons_credited(state: str, session_lessons: int, given: int | None = None) -> int:
    """The lessons a mark brings: what the trainer gave, else all of them, one less for coming late or leaving early."""
    if state in ABSENT_STATES:
        return 0
    if given is not None:
        return min(given, session_lessons)
    if state in (AttendanceState.LATE, AttendanceState.LEFT_EARLY):
        return max(session_lessons - 1, 0)
    return session_lessons


def module_from_attendance(own_sessions: Collection[int], marks: Iterable[Mark]) -> str | None:
    """`passed`, `made_up` or None: whether attendance alone passes a module.

    `own_sessions` are the sessions of the person's own cohort that cover the module, `marks` the person's marks on any
    session that covers it. Each session of the own cohort has to be attended, or made up by one of another cohort.
    """
    counting = [mark for mark in marks if mark.counts]
    needed = len(own_sessions) or 1
    if len(counting) < needed:
        return None
    attended = sum(not mark.made_up for mark in counting)
    return "passed" if attended >= needed else "made_up"


def lessons_reached(
    *,
    counted: Mapping[str, int],
    covered: Mapping[int, Collection[str]],
    marks: Iterable[Mark],
    passed_by_hand: Collection[str],
) -> int:
    """Lessons reached in the counted modules, never more than they hold.

    `counted` = module code to lessons; `covered` = session id to the codes of the modules it covers. A session that
    covers other modules too counts with as many of its lessons as the counted modules hold, in the learner's favor. A
    module passed by hand without any attendance counts whole: it was made up some other way.
    """
    if not counted:
        return sum(mark.lessons for mark in marks if mark.counts)
    reached: int = 0
    attended: set[str] = set()
    for mark in marks:
        codes = _counted_codes(mark, counted, covered)
        reached += min(mark.lessons, sum(counted[code] for code in codes))
        attended.update(codes)
    otherwise = counted.keys() & set(passed_by_hand) - attended
    return min(reached + sum(counted[code] for code in otherwise), sum(counted.values()))


def _counted_codes(mark: Mark, counted: Mapping[str, int], covered: Mapping[int, Collection[str]]) -> list[str]:
    """The counted modules that a mark brings lessons of; none when the person was not there."""
    return [code for code in covered.get(mark.session, ()) if code in counted] if mark.counts else []
