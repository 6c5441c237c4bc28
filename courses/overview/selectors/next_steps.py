"""What comes next for those who have a place: who is called, what is made up, which session comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.models import Enrollment
from courses.scheduling.models import Cohort, Session
from courses.teaching.selectors.absences import absent_in_a_row
from courses.teaching.selectors.completions import standings


@dataclass(frozen=True)
class NextStep:
    """`call`: missed two sessions in a row without a word. `modules`: codes of those to make up. `session`: the next one."""

    call: bool = False
    modules: Sequence[str] = ()
    session: Session | None = None


def next_steps(
    enrollments: Sequence[Enrollment], *, cohort: Cohort, sessions: Sequence[Session], at: datetime
) -> dict[int, NextStep]:
    """Enrollment's pk -> what comes next, for people of one cohort who have a place. Nine queries, none before the first
    register is marked. `sessions`: those that are held, by time."""
    coming = next((session for session in sessions if session.ends_at > at), None)
    taking_part = [enrollment for enrollment in enrollments if enrollment.state in OPEN_STATES]
    if not taking_part or not any(session.marked_at for session in sessions):
        return {enrollment.pk: NextStep(session=coming) for enrollment in taking_part}
    absent = set(absent_in_a_row(Cohort.objects.filter(pk=cohort.pk)).values_list("pk", flat=True))
    return {
        standing.enrollment.pk: NextStep(call=standing.enrollment.pk in absent, modules=standing.behind, session=coming)
        for standing in standings(taking_part, at)
    }
