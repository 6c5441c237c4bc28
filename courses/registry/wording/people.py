"""What happened to a person, and what a change would do, in whole sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import ConsentPurpose, HowAsked, PersonState
from accounts.models import AuditEntry, Person, PersonMerge
from courses.certifying.models import Certificate
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, QueueReason, WithdrawalReason
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import is_reopening
from courses.messaging.kinds import kind_named
from courses.teaching.enums import AttendanceState
from courses.teaching.models import Attendance

# Enrollment states as news; %(cohort)s is the group's name.
NEWS_OF_STATES = {
    EnrollmentState.APPLIED: gettext_lazy("Applied for a place in %(cohort)s."),
    EnrollmentState.WAITLISTED: gettext_lazy("Went on the waiting list of %(cohort)s."),
    EnrollmentState.OFFERED: gettext_lazy("Was offered a seat in %(cohort)s."),
    EnrollmentState.ENROLLED: gettext_lazy("Got a place in %(cohort)s."),
    EnrollmentState.ACTIVE: gettext_lazy("Began in %(cohort)s."),
    EnrollmentState.COMPLETED: gettext_lazy("Completed the course in %(cohort)s."),
    EnrollmentState.NOT_COMPLETED: gettext_lazy("Did not complete the course in %(cohort)s."),
    EnrollmentState.DECLINED: gettext_lazy("Was not admitted to %(cohort)s."),
    EnrollmentState.WITHDRAWN: gettext_lazy("Left %(cohort)s."),
    EnrollmentState.NO_SHOW: gettext_lazy("Never came to %(cohort)s."),
    EnrollmentState.COHORT_CANCELLED: gettext_lazy("%(cohort)s was cancelled."),
}
# Moves that say more than where they lead; by the state before and the state after.
MOVED = {
    (EnrollmentState.WAITLISTED, EnrollmentState.WAITLISTED): gettext_lazy(
        "Was moved within the waiting list of %(cohort)s."
    ),
    (EnrollmentState.OFFERED, EnrollmentState.ENROLLED): gettext_lazy("Took the seat offered in %(cohort)s."),
    (EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED): gettext_lazy(
        "The place in %(cohort)s was taken back: on the waiting list again."
    ),
    (EnrollmentState.ACTIVE, EnrollmentState.ENROLLED): gettext_lazy(
        "The first attendance in %(cohort)s was taken back: has a place."
    ),
    # Only an undoing leads there.
    (EnrollmentState.ENROLLED, EnrollmentState.OFFERED): gettext_lazy(
        "The yes to the seat in %(cohort)s was taken back: it is held for them again."
    ),
    (EnrollmentState.WITHDRAWN, EnrollmentState.OFFERED): gettext_lazy(
        "The no to the seat in %(cohort)s was taken back: it is held for them again."
    ),
    **dict.fromkeys(
        [
            (EnrollmentState.ENROLLED, EnrollmentState.APPLIED),
            (EnrollmentState.WAITLISTED, EnrollmentState.APPLIED),
            (EnrollmentState.DECLINED, EnrollmentState.APPLIED),
            (EnrollmentState.WITHDRAWN, EnrollmentState.APPLIED),
        ],
        gettext_lazy("The decision about %(cohort)s was taken back: the application waits for an answer again."),
    ),
}
OFFER_ENDED = (EnrollmentState.WAITLISTED, EnrollmentState.WITHDRAWN)
# Reasons for which an offer ends without anybody having been asked.
NO_ANSWER_OF_THEIRS = (WithdrawalReason.DECEASED, WithdrawalReason.MOVED)
ATTENDED = {
    AttendanceState.PRESENT: gettext_lazy("Was present at session %(number)d of %(cohort)s."),
    AttendanceState.LATE: gettext_lazy("Came late to session %(number)d of %(cohort)s."),
    AttendanceState.LEFT_EARLY: gettext_lazy("Left session %(number)d of %(cohort)s early."),
    AttendanceState.ABSENT_TOLD: gettext_lazy("Was absent from session %(number)d of %(cohort)s and told us."),
    AttendanceState.ABSENT: gettext_lazy("Was absent from session %(number)d of %(cohort)s without telling."),
    AttendanceState.MADE_UP: gettext_lazy("Made up for a module in session %(number)d of %(cohort)s."),
}
# What is told of the audit trail about a person. Moves of enrollments and certificates are told from their own rows.
CHANGES = {
    "person.create": gettext_lazy("Was put on record."),
    "person.update": gettext_lazy("Details were changed."),
    "person.state": gettext_lazy("The person's state was changed."),
    "person.anonymize": gettext_lazy("Names and contacts were deleted."),
    "person.disable": gettext_lazy("Signing in was stopped."),
    "person.enable": gettext_lazy("Signing in was allowed again."),
    "person.sign_in_once": gettext_lazy("Signed in with a link that works once."),
    "person.look": gettext_lazy("Looked at this page."),
    "contact.add": gettext_lazy("A contact person was added."),
    "contact.change": gettext_lazy("The contact person was changed."),
    "contact.end": gettext_lazy("A contact person was ended."),
    "contact.restore": gettext_lazy("The contact person was brought back."),
    "support.note": gettext_lazy("Support needs were noted."),
    "support.remove": gettext_lazy("Support needs were removed."),
    "support.delete": gettext_lazy("Support needs were deleted, their time was over."),
    "note.change": gettext_lazy("A note was changed."),
    "note.delete": gettext_lazy("A note was deleted."),
    "note.forget": gettext_lazy("A phone call was deleted, its time was over."),
    "person.told_apart": gettext_lazy("Was told apart from another record much alike."),
    "person.told_apart_undone": gettext_lazy("Is not told apart from the other record any more."),
    "enrollment.goal": gettext_lazy("The own goal was changed."),
    "enrollment.split": gettext_lazy(
        "Comes without the others from now on: the seats are no longer asked for together."
    ),
    "completion.propose": gettext_lazy("A trainer proposed the completion."),
    "completion.revoke": gettext_lazy("The completion was taken back."),
    "role.grant": gettext_lazy("Was given a role."),
    "role.end": gettext_lazy("A role was taken away."),
}
CONSENTS = {
    "consent.give": gettext_lazy("Said yes: %(purpose)s."),
    "consent.withdraw": gettext_lazy("Took the yes back: %(purpose)s."),
}
# Those with a value of their own in the sentence.
REMINDERS = {
    "reminder.stop": gettext_lazy("Does not want these reminders any more: %(rule)s."),
    "reminder.resume": gettext_lazy("Wants these reminders again: %(rule)s."),
}
TOLD = (
    *CHANGES,
    *CONSENTS,
    *REMINDERS,
    "certificate.revoke",
    "enrollment.remove",
    "enrollment.together",
    "person.merge",
)


def transition_words(step: Transition) -> str:
    """One move as news. An offer that ended says how; a closed enrollment that is open again says so."""
    cohort = step.enrollment.cohort.name
    if step.from_cohort is not None:
        return _("Went over from %(before)s to %(cohort)s.") % {"before": step.from_cohort.name, "cohort": cohort}
    before, after = step.from_state, EnrollmentState(step.to_state)
    if before and is_reopening(before, after):
        return _("The enrollment in %(cohort)s was opened again: %(state)s.") % {
            "cohort": cohort,
            "state": str(after.label).lower(),
        }
    if before == EnrollmentState.OFFERED and after in OFFER_ENDED:
        return _offer_words(step, cohort)
    moved = MOVED.get((EnrollmentState(before), after)) if before else None
    words = moved or NEWS_OF_STATES[after]
    return str(words % {"cohort": cohort})


def _offer_words(step: Transition, cohort: str) -> str:
    if step.to_state == EnrollmentState.WAITLISTED and step.by is None:
        return _("Did not answer the offer of a seat in %(cohort)s in time: to the end of the waiting list.") % {
            "cohort": cohort
        }
    if step.to_state == EnrollmentState.WAITLISTED:
        return _("The offer of a seat in %(cohort)s was taken back: on the waiting list again.") % {"cohort": cohort}
    if step.reason in WithdrawalReason.values and step.reason not in NO_ANSWER_OF_THEIRS:
        return _("Said no to the seat offered in %(cohort)s.") % {"cohort": cohort}
    return _("The seat offered in %(cohort)s was given up.") % {"cohort": cohort}


def transition_reason_words(step: Transition) -> str:
    """Why it was done: a reason from the lists in words, or the note that somebody wrote."""
    if not step.reason:
        return ""
    applied = step.from_state in ("", EnrollmentState.APPLIED) and step.to_state in OPEN_STATES
    if applied and step.from_cohort is None:
        return _("What the course asks for was set aside: %(reason)s") % {"reason": step.reason}
    return reason_words(step.reason)


def reason_words(reason: str) -> str:
    """A WithdrawalReason or QueueReason in words, or the note that somebody wrote."""
    for reasons in (WithdrawalReason, QueueReason):
        if reason in reasons.values:
            return str(reasons(reason).label)
    return reason


def asked_words(how_asked: str) -> str:
    """Beside who did it: how the wish came. Empty for what nobody asked for."""
    sentences: dict[str, str] = {
        HowAsked.WEB: _("asked on the web"),
        HowAsked.PHONE: _("asked by phone"),
        HowAsked.DESK: _("asked at the desk"),
        HowAsked.LETTER: _("asked by letter"),
        HowAsked.ROSTER: _("from a roster"),
        HowAsked.RECORDS: _("from earlier records"),
    }
    return sentences.get(how_asked, "")


def attendance_words(mark: Attendance) -> str:
    return str(
        ATTENDED[AttendanceState(mark.state)] % {"number": mark.session.number, "cohort": mark.session.cohort.name}
    )


def run_words(routine: str, number: int) -> str:
    """Entries of one kind one after the other, as one: `routine` is present or look."""
    words = {
        "present": ngettext("Was present at %(number)d session.", "Was present at %(number)d sessions.", number),
        "look": ngettext("Looked at this page %(number)d time.", "Looked at this page %(number)d times.", number),
    }
    return words[routine] % {"number": number}


def certificate_words(certificate: Certificate) -> str:
    return _("Certificate %(number)s was issued.") % {"number": certificate.number}


def change_words(entry: AuditEntry) -> str:
    if entry.action == "person.state":
        state = PersonState(entry.detail["to"])
        return _("The person's state became “%(state)s”.") % {"state": state.label.lower()}
    if entry.action in CONSENTS:
        return str(CONSENTS[entry.action] % {"purpose": ConsentPurpose(entry.detail["purpose"]).label.lower()})
    if entry.action in REMINDERS:
        return str(REMINDERS[entry.action] % {"rule": _kind_name(entry.detail["rule"]).lower()})
    match entry.action:
        case "certificate.revoke":
            return _("Certificate %(number)s was revoked.") % {"number": entry.detail["number"]}
        case "enrollment.remove":
            return _("The enrollment in %(cohort)s was removed: its roster was taken back.") % {
                "cohort": entry.detail["cohort"]
            }
        case "enrollment.together":
            size = entry.detail["size"]
            return ngettext(
                "Asked for a seat together with others, %(size)d in all.",
                "Asked for seats together with others, %(size)d in all.",
                size,
            ) % {"size": size}
        case "person.merge":
            return _("Two records of this person were made one.")
        case _:
            return str(CHANGES[entry.action])


def merge_words(merge: PersonMerge) -> str:
    return _("The old code %(code)s leads here.") % {"code": merge.old_code}


def who_words(by: Person | None, how_asked: str) -> str:
    """Who did it, and how it had been asked: what the person did on the web they did themselves."""
    if by is None:
        return _("The person, on the web") if how_asked == HowAsked.WEB else _("The system")
    asked = asked_words(how_asked)
    return _("%(name)s, %(asked)s") % {"name": by.full_name, "asked": asked} if asked else by.full_name


def state_question(person: Person, to_state: PersonState) -> str:
    questions = {
        PersonState.ACTIVE: _("Make %(name)s active again?"),
        PersonState.PAUSED: _("Pause %(name)s?"),
        PersonState.MOVED: _("Has %(name)s moved away?"),
        PersonState.DECEASED: _("Has %(name)s died?"),
    }
    return questions[to_state] % {"name": person.full_name}


def state_action(to_state: PersonState) -> str:
    return {
        PersonState.ACTIVE: _("Make active"),
        PersonState.PAUSED: _("Pause"),
        PersonState.MOVED: _("Moved away: stop messages, free places"),
        PersonState.DECEASED: _("Deceased: stop messages, free places"),
    }[to_state]


def state_done(person: Person, to_state: PersonState) -> str:
    sentences = {
        PersonState.ACTIVE: _("%(name)s is active again."),
        PersonState.PAUSED: _("%(name)s is paused. No messages go out."),
        PersonState.MOVED: _("%(name)s has moved away. Messages are stopped and places are free."),
        PersonState.DECEASED: _("%(name)s has died. Messages are stopped and places are free."),
    }
    return sentences[to_state] % {"name": person.full_name}


def state_consequences(to_state: PersonState, enrollments: Sequence[Enrollment], planned_messages: int) -> list[str]:
    """What the change will do, for the page that asks before. `enrollments`: the open ones, with their cohorts."""
    if to_state == PersonState.ACTIVE:
        return [
            _("Messages and reminders go out again."),
            _("Places that were given up stay given up. Enroll the person again where there is a seat."),
        ]
    sentences = [
        ngettext(
            "No message goes out any more. %(count)d planned message is cancelled.",
            "No message goes out any more. %(count)d planned messages are cancelled.",
            planned_messages,
        )
        % {"count": planned_messages}
    ]
    if to_state == PersonState.PAUSED:
        sentences += [_("The place in %(cohort)s stays.") % {"cohort": row.cohort.name} for row in enrollments]
    else:
        sentences += [
            _("The place in %(cohort)s is given up and free for somebody else.") % {"cohort": row.cohort.name}
            for row in enrollments
        ]
    if to_state == PersonState.DECEASED:
        sentences.append(_("Nobody can sign in as this person any more."))
    sentences.append(_("What is on record stays. You can undo this for 24 hours."))
    return sentences


def _kind_name(rule: str) -> str:
    kind = kind_named(rule)
    return str(kind.rule.label) if kind else rule
