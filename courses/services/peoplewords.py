"""What happened to a person, and what a change would do, in whole sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import HowAsked, PersonState
from accounts.models import AuditEntry, Person
from courses.enums import AttendanceState, EnrollmentState, WithdrawalReason
from courses.models import Attendance, Certificate, Enrollment, Message, Transition

# Enrollment states as news; %(cohort)s is the group's name.
CAME_TO = {
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
ATTENDED = {
    AttendanceState.PRESENT: gettext_lazy("Was present at session %(number)d of %(cohort)s."),
    AttendanceState.LATE: gettext_lazy("Came late to session %(number)d of %(cohort)s."),
    AttendanceState.LEFT_EARLY: gettext_lazy("Left session %(number)d of %(cohort)s early."),
    AttendanceState.ABSENT_TOLD: gettext_lazy("Was absent from session %(number)d of %(cohort)s and told us."),
    AttendanceState.ABSENT: gettext_lazy("Was absent from session %(number)d of %(cohort)s without telling."),
    AttendanceState.MADE_UP: gettext_lazy("Made up for a module in session %(number)d of %(cohort)s."),
}
CHANGES = {
    "person.create": gettext_lazy("Was put on record."),
    "person.update": gettext_lazy("Details were changed."),
    "person.state": gettext_lazy("The person's state was changed."),
    "person.disable": gettext_lazy("Signing in was stopped."),
    "person.enable": gettext_lazy("Signing in was allowed again."),
    "person.sign_in_once": gettext_lazy("Signed in with a link that works once."),
    "person.look": gettext_lazy("Looked at this page."),
    "role.grant": gettext_lazy("Was given a role."),
    "role.end": gettext_lazy("A role was taken away."),
}


def transition_words(step: Transition) -> str:
    return str(CAME_TO[EnrollmentState(step.to_state)] % {"cohort": step.enrollment.cohort.name})


def reason_words(reason: str) -> str:
    """A WithdrawalReason in words, or the note that somebody wrote."""
    return str(WithdrawalReason(reason).label) if reason in WithdrawalReason.values else reason


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


def certificate_words(certificate: Certificate) -> str:
    return _("Certificate %(number)s was issued.") % {"number": certificate.number}


def message_words(message: Message) -> str:
    """What the message is about, and by which way it goes."""
    return _("%(about)s: %(channel)s") % {
        "about": message.get_rule_display(),
        "channel": message.get_channel_display().lower(),
    }


def change_words(entry: AuditEntry) -> str:
    if entry.action == "person.state":
        state = PersonState(entry.detail["to"])
        return _("The person's state became “%(state)s”.") % {"state": state.label.lower()}
    return str(CHANGES.get(entry.action, entry.action))


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
