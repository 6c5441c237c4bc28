from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MessageState(TextChoices):
    PENDING = "pending", pgettext_lazy("message", "Planned")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    DEAD = "dead", pgettext_lazy("message", "Could not be sent")
    UNKNOWN = "unknown", pgettext_lazy("message", "Not known whether it arrived")
    CANCELLED = "cancelled", pgettext_lazy("message", "Cancelled")
    MISSED = "missed", pgettext_lazy("message", "Too late, not sent")


class MessagePolicy(TextChoices):
    """What to do when it is not known whether a hand-over succeeded."""

    RESEND = "resend", pgettext_lazy("policy", "Send again")
    HOLD = "hold", _("Never twice")


class MessageTrouble(TextChoices):
    """Why a message did not go out, or not yet; stands in Message.last_error."""

    NO_ADDRESS = "no_address", _("No way to reach the person is known.")
    NO_EMAIL = "no_email", _("The person has no e-mail address.")
    BAD_EMAIL = "bad_email", _("The e-mail address is not a valid one.")
    NO_CONNECTION = "no_connection", _("The mail server could not be reached. Sending goes on by itself.")
    BROKEN_OFF = "broken_off", _("The connection broke off before the message left.")
    IN_DOUBT = "in_doubt", _("The connection broke off while the message was handed over. It may have arrived.")
    FAULT = "fault", _("An error in the program. It is tried again.")
    TOO_LATE = "too_late", _("It would have come too late.")
    ONE_A_DAY = "one_a_day", _("The person got another reminder on that day. It waits for the next working day.")
    NOT_WANTED = "not_wanted", _("It does not apply any more.")
    STOPPED = "stopped", _("The person does not want these reminders.")
    BY_HAND = "by_hand", _("Cancelled by hand.")
    WRONG_NUMBER = "wrong_number", _("The phone number is wrong.")
    MOVED_SESSION = "moved_session", _("The session was moved or cancelled.")
    ENROLLMENT_ENDED = "enrollment_ended", _("The person's place in the group ended.")
    PERSON_UNREACHABLE = "person_unreachable", _("The person is not to be contacted any more.")
    OFFER_ENDED = "offer_ended", _("The offer was answered or has lapsed.")
    CONTACT_ENDED = "contact_ended", _("The contact person is not told any more.")


class CallAnswer(TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    CALL_AGAIN = "call_again", _("Asked to call again")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
