"""What may happen with an enrollment, as a coordinator chooses it."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from courses.enrolling.enums import EnrollmentState

REOPEN = "reopen"


class TransitionChoice(NamedTuple):
    """`to_state`: an EnrollmentState, or REOPEN."""

    to_state: str
    words: StrPromise


TRANSITIONS_TO_CHOOSE: dict[str, list[TransitionChoice]] = {
    EnrollmentState.APPLIED: [
        TransitionChoice(EnrollmentState.DECLINED, gettext_lazy("They are not admitted")),
        TransitionChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They do not want to come any more")),
    ],
    EnrollmentState.WAITLISTED: [
        TransitionChoice(EnrollmentState.ENROLLED, gettext_lazy("They get a place")),
        TransitionChoice(EnrollmentState.DECLINED, gettext_lazy("They are not admitted")),
        TransitionChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They do not want to wait any more")),
    ],
    EnrollmentState.OFFERED: [
        TransitionChoice(EnrollmentState.ENROLLED, gettext_lazy("They take the place")),
        TransitionChoice(EnrollmentState.WAITLISTED, gettext_lazy("No answer: to the end of the waiting list")),
        TransitionChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They do not want the place")),
    ],
    EnrollmentState.ENROLLED: [
        TransitionChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They stop, and the seat is free")),
        TransitionChoice(EnrollmentState.NO_SHOW, gettext_lazy("They never came")),
    ],
    EnrollmentState.ACTIVE: [
        TransitionChoice(EnrollmentState.WITHDRAWN, gettext_lazy("They stop, and the seat is free"))
    ],
}
REOPENING = [TransitionChoice(REOPEN, gettext_lazy("The enrollment is opened again"))]
