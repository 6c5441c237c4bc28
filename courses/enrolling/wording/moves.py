"""What may happen with an enrollment, as a coordinator chooses it."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from courses.enrolling.enums import EnrollmentState

REOPEN = "reopen"


class MoveChoice(NamedTuple):
    """`to_state`: an EnrollmentState, or REOPEN."""

    to_state: str
    words: StrPromise


MOVES: dict[str, list[MoveChoice]] = {
    EnrollmentState.APPLIED: [
        MoveChoice(EnrollmentState.DECLINED, gettext_lazy("They are not admitted")),
        MoveChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They do not want to come any more")),
    ],
    EnrollmentState.WAITLISTED: [
        MoveChoice(EnrollmentState.ENROLLED, gettext_lazy("They get a place")),
        MoveChoice(EnrollmentState.DECLINED, gettext_lazy("They are not admitted")),
        MoveChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They do not want to wait any more")),
    ],
    EnrollmentState.OFFERED: [
        MoveChoice(EnrollmentState.ENROLLED, gettext_lazy("They take the place")),
        MoveChoice(EnrollmentState.WAITLISTED, gettext_lazy("No answer: to the end of the waiting list")),
        MoveChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They do not want the place")),
    ],
    EnrollmentState.ENROLLED: [
        MoveChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They stop, and the seat is free")),
        MoveChoice(EnrollmentState.NO_SHOW, gettext_lazy("They never came")),
    ],
    EnrollmentState.ACTIVE: [MoveChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They stop, and the seat is free"))],
}
REOPENING = [MoveChoice(REOPEN, gettext_lazy("The enrollment is opened again"))]
