"""What a records package leaves behind, and why."""

from django.utils.translation import gettext as _


def left_behind(table: str) -> tuple[str, str]:
    """What it is and why it stays; `table`: one of rules.travels.LEFT_BEHIND."""
    return _reasons()[table]


def parts_left_behind() -> list[tuple[str, str]]:
    """The same of single details whose table travels."""
    return [
        (_("Codes of applications"), _("a code opens an application on the site that gave it; people phone instead.")),
        (_("Goals, reasons in the queue and waivers"), _("they were for the people who ran that group.")),
        (
            _("Names of districts in Swedish and English"),
            _("districts are known by their Finnish names; add the others."),
        ),
        (_("What a course asks for before enrolling"), _("choose it again on the course's page.")),
        (_("What was recorded and taken back"), _("only what holds now is written.")),
    ]


def _reasons() -> dict[str, tuple[str, str]]:
    return {
        "courses.Centre": (_("The centre's details"), _("the other site has its own; write them in its Settings.")),
        "accounts.RoleGrant": (_("Roles of the staff"), _("an administrator of the other site gives them.")),
        "accounts.Consent": (_("Consents"), _("a yes holds for the place and the words it was given to; ask again.")),
        "accounts.ContactPerson": (_("Contact people"), _("each stands on a consent; ask again.")),
        "courses.SupportNeeds": (_("Support needs"), _("each stands on a consent and is deleted soon; ask again.")),
        "courses.ReminderStop": (
            _("Stopped reminders"),
            _("a stop belongs to the site that sends; ask these people before the other site reminds them."),
        ),
        "courses.Message": (_("Messages"), _("they were sent or planned by this site and would go out twice.")),
        "courses.Party": (_("Who applied together"), _("each enrollment travels on its own; the tie is lost.")),
        "courses.Transition": (
            _("What happened with an enrollment, step by step"),
            _("its dates and its state travel, as one step."),
        ),
        "courses.Note": (_("Notes and phone calls"), _("they were written for the people who worked here.")),
        "courses.Roster": (_("Uploaded rosters"), _("the people and the places they brought travel.")),
        "courses.CertificateSeries": (
            _("The last number of the certificates"),
            _("it is read from the certificates that travel."),
        ),
        "accounts.PersonMerge": (_("Own codes of merged records"), _("they lead on only where they were merged.")),
        "accounts.ToldApart": (_("Records told apart"), _("the other site compares people anew and asks again.")),
        "accounts.SearchWord": (_("Words people are found by"), _("made anew by an import.")),
        "accounts.SuspectedPair": (_("Likely pairs"), _("found anew by the other site.")),
        "accounts.UncomparedPerson": (_("People still to be compared"), _("found anew by the other site.")),
        "accounts.AuditEntry": (_("The audit trail"), _("it tells what was done and looked at on this site.")),
    }
