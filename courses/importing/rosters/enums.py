from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
