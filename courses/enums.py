from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CourseFormat(TextChoices):
    COURSE = "course", _("Course")
    TALK = "talk", _("Talk")
    WORKSHOP = "workshop", _("Workshop")
    HOSTING = "hosting", _("Hosting")
    PROJECT = "project", _("Project")
    UPDATE = "update", _("Update day")


class ModuleKind(TextChoices):
    CLASSROOM = "classroom", _("In the group")
    PRACTICE = "practice", _("Practice")
    CLOSING = "closing", _("Closing")


class CohortState(TextChoices):
    DRAFT = "draft", pgettext_lazy("cohort", "Draft")
    PUBLISHED = "published", pgettext_lazy("cohort", "Published")
    CONFIRMED = "confirmed", pgettext_lazy("cohort", "Confirmed")
    RUNNING = "running", pgettext_lazy("cohort", "Running")
    FINISHED = "finished", pgettext_lazy("cohort", "Finished")
    CLOSED = "closed", pgettext_lazy("cohort", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("cohort", "Cancelled")


class SessionState(TextChoices):
    PLANNED = "planned", pgettext_lazy("session", "Planned")
    HELD = "held", pgettext_lazy("session", "Held")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


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


class AttendanceState(TextChoices):
    PRESENT = "present", pgettext_lazy("attendance", "Present")
    LATE = "late", pgettext_lazy("attendance", "Came late")
    LEFT_EARLY = "left_early", pgettext_lazy("attendance", "Left early")
    ABSENT_TOLD = "absent_told", pgettext_lazy("attendance", "Absent, told us")
    ABSENT = "absent", pgettext_lazy("attendance", "Absent, did not tell")
    MADE_UP = "made_up", pgettext_lazy("attendance", "Made up")


CAME_STATES = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEFT_EARLY, AttendanceState.MADE_UP)
ABSENT_STATES = (AttendanceState.ABSENT_TOLD, AttendanceState.ABSENT)


class Result(TextChoices):
    PASSED = "passed", pgettext_lazy("result", "Passed")
    FAILED = "failed", pgettext_lazy("result", "Failed")


class ResultSource(TextChoices):
    ATTENDANCE = "attendance", _("From attendance")
    HAND = "hand", _("By hand")
    RECORDS = "records", _("From earlier records")


class Assessment(TextChoices):
    TEACH_BACK = "teach_back", _("Teach-back")


class Declaration(TextChoices):
    CODE_OF_CONDUCT = "code_of_conduct", _("Code of conduct")
    CONFIDENTIALITY = "confidentiality", _("Promise of confidentiality")


class CompletionState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("completion", "Proposed")
    DECIDED = "decided", pgettext_lazy("completion", "Decided")
    REVOKED = "revoked", pgettext_lazy("completion", "Taken back")


class CertificateStatus(TextChoices):
    """Derived from dates and the stored revocation, never stored itself."""

    VALID = "valid", pgettext_lazy("certificate", "Valid")
    EXPIRES_SOON = "expires_soon", pgettext_lazy("certificate", "Expires soon")
    EXPIRED = "expired", pgettext_lazy("certificate", "Expired")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")
    RENEWED = "renewed", pgettext_lazy("certificate", "Renewed")


class MentorState(TextChoices):
    CERTIFIED = "certified", pgettext_lazy("mentor", "Certified")
    PAUSED = "paused", pgettext_lazy("mentor", "Paused")
    RETIRED = "retired", pgettext_lazy("mentor", "Retired")
    REMOVED = "removed", pgettext_lazy("mentor", "Removed")


class ReminderRule(TextChoices):
    """What a message is about. Who may stop it and when it goes stands in rules.reminders."""

    APPLICATION_RECEIVED = "application_received", _("Application received")
    PLACE_CONFIRMED = "place_confirmed", _("Place confirmed")
    SEAT_OFFERED = "seat_offered", _("Seat offered")
    OFFER_LAPSING = "offer_lapsing", _("The offer lapses tomorrow")
    COHORT_CANCELLED = "cohort_cancelled", _("Group cancelled")
    COMPANION_LEFT = "companion_left", _("The companion does not come")
    SESSION_SOON = "session_soon", _("Session in two working days")
    CERTIFICATE_READY = "certificate_ready", _("Certificate ready")


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


class SeatAnswer(TextChoices):
    """What somebody says about their seat in a call. Not kept in the call: the enrollment moves with it."""

    TAKES = "takes", _("Takes the seat")
    DECLINES = "declines", _("Does not want it")
    ALL_DECLINE = "all_decline", _("None of them wants it")
    COMES = "comes", _("Still comes")


class RosterVerdict(TextChoices):
    """What becomes of a row of a roster; the worst of what was found in it."""

    OK = "ok", pgettext_lazy("roster", "In order")
    WARNING = "warning", pgettext_lazy("roster", "Warning")
    DUPLICATE = "duplicate", pgettext_lazy("roster", "Duplicate")
    ERROR = "error", pgettext_lazy("roster", "Error")
    BLANK = "blank", pgettext_lazy("roster", "Blank")


class RosterChoice(TextChoices):
    """What to do with a duplicate."""

    KNOWN = "known", _("Enroll the one on file")
    NEW = "new", _("Add as a new person")
    SKIP = "skip", _("Leave out")


class RosterFault(TextChoices):
    """What was found in a row of a roster. The label is a sentence that says what to do, with %-places for its figures."""

    LAST_NAME_MISSING = "last_name_missing", _("The last name is missing. Write it in the file.")
    FIRST_NAME_MISSING = "first_name_missing", _("The first name is missing. Write it in the file.")
    NAME_UNPARTED = "name_unparted", _("Write the name as “Last name, First name”, or in two columns.")
    TOO_LONG = "too_long", _("The text is longer than %(limit)d characters. Shorten it.")
    IDENTITY_CODE = "identity_code", _("There is a personal identity code here. We do not need it: take it out.")
    BIRTH_YEAR_DIGITS = "birth_year_digits", _("Write the year of birth with four digits, such as 1948.")
    BIRTH_YEAR_UNREADABLE = (
        "birth_year_unreadable",
        _("The year of birth cannot be read. Write it like 1948 or 12.3.1948, or leave it empty."),
    )
    BIRTH_YEAR_RANGE = "birth_year_range", _("The year of birth is between %(oldest)d and %(newest)d. Correct it.")
    PHONE_UNREADABLE = (
        "phone_unreadable",
        _("This is no phone number. Write it like 040 123 4567 or +358 40 123 4567, or leave it empty."),
    )
    PHONE_MISSING_SMS = (
        "phone_missing_sms",
        _("Text messages are asked for, but there is no phone number. Add it, or choose another channel."),
    )
    PHONE_MISSING_CALL = (
        "phone_missing_call",
        _("Phone calls are asked for, but there is no phone number. Add it, or choose another channel."),
    )
    PHONE_LANDLINE = "phone_landline", _("A text message does not reach a landline. The channel becomes a phone call.")
    EMAIL_UNREADABLE = "email_unreadable", _("This is no e-mail address. Correct it, or leave it empty.")
    EMAIL_MISSING = (
        "email_missing",
        _("E-mail is asked for, but there is no address. Add it, or choose another channel."),
    )
    ADDRESS_MISSING = "address_missing", _("Letters are asked for, but the postal address is not whole. Ask for it.")
    CONTACT_MISSING = "contact_missing", _("Add the contact person on the person's page.")
    LANGUAGE_UNKNOWN = "language_unknown", _("This language is not known. Write Finnish, Swedish or English.")
    CHANNEL_UNKNOWN = (
        "channel_unknown",
        _("This channel is not known. Write e-mail, text message, letter, phone call or contact person."),
    )
    GENDER_UNKNOWN = "gender_unknown", _("Woman, man or other was expected here. It is left empty.")
    PROTECTED_UNKNOWN = "protected_unknown", _("Write yes or no for the safety ban.")
    PROTECTED_ADDRESS = "protected_address", _("The person is under a safety ban. The address is not stored.")
    COHORT_MISSING = (
        "cohort_missing",
        _("No group is named. Write its code in the file, or choose one group for the whole file."),
    )
    COHORT_UNKNOWN = (
        "cohort_unknown",
        _("There is no group “%(cohort)s”. Correct the code, or make the group first."),
    )
    COHORT_CLOSED = "cohort_closed", _("Nobody can be enrolled in %(cohort)s now. Choose another group.")
    SAME_AS_ROW = "same_as_row", _("The same person as on row %(row)d. The row is left out.")
    SAME_AS_ROW_ELSEWHERE = (
        "same_as_row_elsewhere",
        _("The same person as on row %(row)d, for another group. The person is added once and enrolled in both."),
    )
    LIKE_ROW = "like_row", _("Perhaps the same person as on row %(row)d. Choose what to do.")
    ENROLLED_ALREADY = "enrolled_already", _("On file as %(code)s, and in this group already. Nothing is left to do.")
    SAME_AS_KNOWN = (
        "same_as_known",
        _("On file as %(code)s, not yet in this group. That person is enrolled; what is on file stays as it is."),
    )
    LIKE_KNOWN_YEAR = (
        "like_known_year",
        _("Perhaps the same person as %(code)s: the same name and year of birth. Choose what to do."),
    )
    LIKE_KNOWN_CONTACT = (
        "like_known_contact",
        _("Perhaps the same person as %(code)s: the same name, and the same phone or e-mail. Choose what to do."),
    )
    LIKE_KNOWN_NAME = (
        "like_known_name",
        _("Perhaps the same person as %(code)s: the same name. Choose what to do."),
    )
    LIKE_KNOWN_NEAR = (
        "like_known_near",
        _("Perhaps the same person as %(code)s: a name much alike. Choose what to do."),
    )
    KNOWN_NOT_ACTIVE = (
        "known_not_active",
        _("On file as %(code)s, who cannot be enrolled now. Look at the person's page."),
    )


ROSTER_WARNINGS = (
    RosterFault.PHONE_LANDLINE,
    RosterFault.ADDRESS_MISSING,
    RosterFault.CONTACT_MISSING,
    RosterFault.GENDER_UNKNOWN,
    RosterFault.PROTECTED_ADDRESS,
)
ROSTER_DUPLICATES = (
    RosterFault.SAME_AS_ROW,
    RosterFault.SAME_AS_ROW_ELSEWHERE,
    RosterFault.LIKE_ROW,
    RosterFault.ENROLLED_ALREADY,
    RosterFault.SAME_AS_KNOWN,
    RosterFault.LIKE_KNOWN_YEAR,
    RosterFault.LIKE_KNOWN_CONTACT,
    RosterFault.LIKE_KNOWN_NAME,
    RosterFault.LIKE_KNOWN_NEAR,
    RosterFault.KNOWN_NOT_ACTIVE,
)
