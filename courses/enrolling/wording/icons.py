"""The shapes that stand beside the words for the states of enrollments; the names are those of icons.svg."""

from courses.enrolling.enums import EnrollmentState

ENROLLMENT_ICONS = {
    EnrollmentState.APPLIED: "ring",
    EnrollmentState.WAITLISTED: "queue",
    EnrollmentState.OFFERED: "clock",
    EnrollmentState.ENROLLED: "ring",
    EnrollmentState.ACTIVE: "half",
    EnrollmentState.COMPLETED: "done",
}


def enrollment_icon(state: str) -> str:
    """{% state enrollment.state|enrollment_icon enrollment.get_state_display %}: closed without completion is `end`."""
    return ENROLLMENT_ICONS.get(EnrollmentState(state), "end")
