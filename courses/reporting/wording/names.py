"""What figures, steps, ages, reasons and sessions of a report are called."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from courses.dates.words import day_short
from courses.enrolling.enums import EnrollmentState, WithdrawalReason
from courses.reporting.rules.rows import ShownSession


def figure_names() -> dict[str, str]:
    """What each figure of a report is called, in the order in which they are read."""
    return {
        "enrollments": _("Enrollments"),
        "unique_people": _("People"),
        **{
            state: str(EnrollmentState(state).label)
            for state in ("applied", "waitlisted", "offered", "enrolled", "active")
        },
        "admitted": _("Got a place"),
        "started": _("Started"),
        **{state: str(EnrollmentState(state).label) for state in ("completed", "not_completed", "withdrawn")},
        "withdrawn_before_start": _("Withdrew before the start"),
        **{state: str(EnrollmentState(state).label) for state in ("no_show", "declined", "cohort_cancelled")},
        "certified": _("Got a certificate"),
        "active_mentors": _("Active mentors"),
        "completion_rate": _("Completed of those who started"),
        "show_up_rate": _("Started of those who had a place"),
        "lessons_held": _("Lessons held"),
        "participant_lessons": _("Participant lessons"),
    }


def funnel_names() -> dict[str, str]:
    return {
        "enrollments": pgettext("funnel", "Applied"),
        "admitted": pgettext("funnel", "Got a place"),
        "started": pgettext("funnel", "Started"),
        "completed": pgettext("funnel", "Completed"),
        "certified": pgettext("funnel", "Got a certificate"),
        "active_mentors": pgettext("funnel", "Active as mentors"),
    }


def age_names() -> dict[str, str]:
    return {
        "under_55": _("Under 55"),
        **{band: band.replace("_", "–") for band in ("55_64", "65_69", "70_74", "75_79", "80_84")},
        "85_over": _("85 or over"),
        "unknown": pgettext("age", "Not known"),
    }


def reason_name(reason: str) -> str:
    return str(WithdrawalReason(reason).label)


def session_day(row: ShownSession, *, year: bool = False) -> str:
    return day_short(row.starts_at.date(), get_language() or "fi", year=year)
