from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EnrollmentState(TextChoices):
    APPLIED = "applied", pgettext_lazy("enrollment", "Applied")
    WAITLISTED = "waitlisted", pgettext_lazy("enrollment", "On the waiting list")
    OFFERED = "offered", pgettext_lazy("enrollment", "Seat offered")
    ENROLLED = "enrolled", pgettext_lazy("enrollment", "Has a place")
    ACTIVE = "active", pgettext_lazy("enrollment", "Taking part")
    COMPLETED = "completed", pgettext_lazy("enrollment", "Completed")
    NOT_COMPLETED = "not_completed", pgettext_lazy("enrollment", "Not completed")
    DECLINED = "declined", pgettext_lazy("enrollment", "Not admitted")
    WITHDRAWN = "withdrawn", pgettext_lazy("enrollment", "Withdrawn")
    NO_SHOW = "no_show", pgettext_lazy("enrollment", "Never came")
    COHORT_CANCELLED = "cohort_cancelled", pgettext_lazy("enrollment", "Group cancelled")


OPEN_STATES = (
    EnrollmentState.APPLIED,
    EnrollmentState.WAITLISTED,
    EnrollmentState.OFFERED,
    EnrollmentState.ENROLLED,
    EnrollmentState.ACTIVE,
)
SEAT_STATES = (EnrollmentState.OFFERED, EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)
# Those who ever had a place, for an enrollment whose history is not known (imported records).
ADMITTED_STATES = (
    EnrollmentState.ENROLLED,
    EnrollmentState.ACTIVE,
    EnrollmentState.COMPLETED,
    EnrollmentState.NOT_COMPLETED,
    EnrollmentState.NO_SHOW,
)
# States that presuppose that the person came at least once.
STARTED_STATES = (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.NOT_COMPLETED)


class WithdrawalReason(TextChoices):
    HEALTH = "health", _("Health")
    FAMILY_CARE = "family_care", _("Caring for family")
    TRANSPORT = "transport", _("Getting there")
    TIME = "time", _("The time does not suit")
    TOO_HARD = "too_hard", _("Too hard")
    TOO_EASY = "too_easy", _("Too easy")
    NOT_AS_EXPECTED = "not_as_expected", _("Not as expected")
    DEVICE = "device", _("The device")
    MOVED = "moved", _("Moved away")
    DECEASED = "deceased", _("Deceased")
    OTHER = "other", pgettext_lazy("reason", "Other reason")
    NOT_TOLD = "not_told", _("Not told")


class QueueReason(TextChoices):
    """Why somebody does not stand in the waiting list by the time of applying alone."""

    COHORT_CANCELLED = "cohort_cancelled", _("Their group was cancelled")
    TRANSFER = "transfer", _("Comes from another group")
    OUR_MISTAKE = "our_mistake", _("Our mistake is put right")
    ACCESS = "access", _("This place or time is the only one they can get to")
    MENTOR_NEEDED = "mentor_needed", _("A mentor is needed where they live or in their language")
    AWAY = "away", _("Cannot come just now: others are asked first")
    LAPSED = "lapsed", _("Did not answer an offer in time")
    OTHER = "other", pgettext_lazy("queue", "Another reason")


class SeatAnswer(TextChoices):
    """What somebody says about their seat in a call. Not kept in the call: the enrollment moves with it."""

    TAKES = "takes", _("Takes the seat")
    DECLINES = "declines", _("Does not want it")
    ALL_DECLINE = "all_decline", _("None of them wants it")
    COMES = "comes", _("Still comes")


# Whom a register lists; others only when they are marked already, as a guest or before they left.
REGISTER_STATES = (
    EnrollmentState.ENROLLED,
    EnrollmentState.ACTIVE,
    EnrollmentState.COMPLETED,
    EnrollmentState.NOT_COMPLETED,
)


class ReminderRule(TextChoices):
    """The messages of this topic; each is a class in enrolling/messages."""

    APPLICATION_RECEIVED = "application_received", _("Application received")
    PLACE_CONFIRMED = "place_confirmed", _("Place confirmed")
    SEAT_OFFERED = "seat_offered", _("Seat offered")
    OFFER_LAPSING = "offer_lapsing", _("The offer lapses tomorrow")
    COHORT_CANCELLED = "cohort_cancelled", _("Group cancelled")
    COMPANION_LEFT = "companion_left", _("The companion does not come")
    SESSION_SOON = "session_soon", _("Session in two working days")


# They speak of one offer, and mean nothing once it was answered or has lapsed.
OFFER_RULES = (ReminderRule.SEAT_OFFERED, ReminderRule.OFFER_LAPSING)
