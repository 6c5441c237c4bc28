"""What every stored field says about a person. A field that is not registered here fails the tests.

personal      names a person, reaches a person or is told by them: given out on request, gone after erasure
pseudonymous  about one person, whom only a key leads to: stays as a figure after the person is anonymized
none          about no person, or about the run of the machine

A new field gets one word in the line of its model; a new model gets a line.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fields:
    personal: str = ""
    pseudonymous: str = ""
    none: str = ""

    def kinds(self) -> list[tuple[str, str]]:
        """(field, kind) as written: a field written twice stands twice."""
        return [(field, kind) for kind in ("personal", "pseudonymous", "none") for field in getattr(self, kind).split()]


REGISTER = {
    "accounts.AuditEntry": Fields(pseudonymous="id at by action subject object_type object_id detail"),
    "accounts.Consent": Fields(
        pseudonymous="id person purpose text given_at how_asked by withdrawn_at withdrawn_how_asked withdrawn_by"
    ),
    "accounts.ContactPerson": Fields(
        personal="name relation phone email",
        pseudonymous="id person told_reminders told_changes told_absences consent until added_at ended_at",
    ),
    "accounts.District": Fields(none="id name name_sv name_en"),
    "accounts.Person": Fields(
        personal="code first_name last_name phone email street postal_code city name_key sort_key "
        "alike_head alike_middle alike_tail",
        pseudonymous="id birth_year gender language district channel second_channel state protected created_at last_login",
        none="password is_active",
    ),
    "accounts.PersonMerge": Fields(personal="old_code", pseudonymous="id kept old_id moved at by"),
    "accounts.RoleGrant": Fields(pseudonymous="id person role granted_at granted_by ended_at"),
    "accounts.SearchWord": Fields(personal="word", pseudonymous="id person"),
    "accounts.SuspectedPair": Fields(pseudonymous="id first second rank signs"),
    "accounts.ToldApart": Fields(pseudonymous="id first second at by"),
    "accounts.UncomparedPerson": Fields(pseudonymous="person"),
    "courses.AssessmentResult": Fields(
        pseudonymous="id enrollment assessment result recorded_on recorded_at recorded_by revoked_at revoked_by"
    ),
    "courses.Attendance": Fields(
        pseudonymous="id enrollment session state lessons marked_at marked_by revoked_at revoked_by",
        none="register_version",
    ),
    "courses.Centre": Fields(
        # The signatory is a person in office, whose name stands on every certificate.
        personal="signatory_name",
        none="id name phone hours_fi hours_sv hours_en email street postal_code city certificate_prefix "
        "signatory_title_fi signatory_title_sv signatory_title_en mentor_target is_demo",
    ),
    "courses.Certificate": Fields(
        personal="number check_code name words revoked_reason",
        pseudonymous="id person course completion language issued_on valid_until issued_at issued_by renews replaced_at "
        "revoked_at revoked_by",
    ),
    "courses.CertificateSeries": Fields(none="id course year last"),
    "courses.Cohort": Fields(
        pseudonymous="trainers",
        none="id course code name_fi name_sv name_en notice_fi notice_sv notice_en language state starts_on ends_on "
        "applications_open_on applications_close_on venue remote_link capacity minimum waiting_list_capacity "
        "seats_taken queue_last state_changed_at",
    ),
    "courses.Completion": Fields(
        personal="reason",
        pseudonymous="id enrollment state proposed_at proposed_by decided_at decided_by revoked_at revoked_by rule figures",
    ),
    "courses.Course": Fields(
        none="id code format title_fi title_sv title_en summary_fi summary_sv summary_en lessons valid_months price "
        "makes_mentors minimum capacity completion_rule required_course required_certificate"
    ),
    "courses.Enrollment": Fields(
        personal="goal waiver application_code",
        pseudonymous="id cohort person state how_asked applied_at admitted_at started_at ended_at reason queue_number "
        "queue_reason offers_lapsed party offer_expires_at state_changed_at draft_key",
    ),
    "courses.Mentor": Fields(pseudonymous="id person state agreement_signed_on state_changed_at"),
    "courses.Message": Fields(
        personal="address subject body last_error",
        pseudonymous="id rule dedupe_key person contact enrollment session certificate channel due_at state held sent_at answer "
        "done_by created_at",
        none="schedule_revision policy expires_at next_attempt_at attempts doubts claim_token lease_until wire_at message_id",
    ),
    "courses.Module": Fields(
        none="id course code order kind title_fi title_sv title_en description_fi description_sv description_en lessons "
        "mandatory practice_minutes"
    ),
    "courses.ModuleResult": Fields(
        pseudonymous="id enrollment module result made_up source recorded_on recorded_at recorded_by revoked_at revoked_by"
    ),
    "courses.Note": Fields(personal="text", pseudonymous="id person kind outcome written_at written_by"),
    "courses.Party": Fields(pseudonymous="id cohort made_at made_by how_asked blocked_since ended_at"),
    "courses.ReminderStop": Fields(pseudonymous="id person rule stopped_at how_asked by ended_at"),
    "courses.Roster": Fields(
        personal="file_name cells edits rows",
        pseudonymous="uploaded_by queued_by made",
        none="id file_hash cohort state found version result uploaded_at changed_at queued_at skip_errors hold_messages attempts "
        "applied_at undone_at",
    ),
    "courses.Session": Fields(
        pseudonymous="marked_by",
        none="id cohort number starts_at ends_at venue remote_link lessons modules state schedule_revision "
        "register_version marked_at",
    ),
    "courses.SignedDeclaration": Fields(
        pseudonymous="id enrollment declaration recorded_on recorded_at recorded_by revoked_at revoked_by"
    ),
    "courses.SupportNeeds": Fields(
        personal="note", pseudonymous="id enrollment hearing_loop wheelchair loan_device noted_at noted_by how_asked"
    ),
    "courses.Transition": Fields(
        personal="reason", pseudonymous="id enrollment from_state to_state at by how_asked from_cohort"
    ),
    "courses.Venue": Fields(
        none="id name_fi name_sv name_en street postal_code city district directions_fi directions_sv directions_en"
    ),
    "courses.Visit": Fields(
        personal="place",
        pseudonymous="id person enrollment visited_on minutes people_helped supervised how_asked recorded_at recorded_by "
        "revoked_at revoked_by",
    ),
}

# Texts that the product writes itself or that have a form of their own. Every other text is typed by people and
# refuses personal identity codes (accounts.validators.refuse_identity_code).
NOT_TYPED = {
    "accounts.AuditEntry": "action object_type",
    "accounts.Consent": "text",
    "accounts.ContactPerson": "phone",
    "accounts.Person": "password code phone name_key sort_key alike_head alike_middle alike_tail",
    "accounts.PersonMerge": "old_code",
    "accounts.SearchWord": "word",
    "accounts.SuspectedPair": "signs",
    "courses.Centre": "phone certificate_prefix",
    # Frozen copies of names and words that were checked where they were typed.
    "courses.Certificate": "number check_code name",
    "courses.Cohort": "code remote_link",
    "courses.Course": "code",
    "courses.Enrollment": "application_code draft_key",
    "courses.Message": "rule dedupe_key claim_token message_id last_error address subject body",
    "courses.Module": "code",
    "courses.ReminderStop": "rule",
    "courses.Roster": "file_name file_hash",
    "courses.Session": "remote_link",
}
