"""What needs a coordinator on the first page, in words: each with why and one action."""

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from courses.dates.words import day_words
from courses.enrolling.models import Enrollment
from courses.importing.rosters.models import Roster
from courses.overview.selectors.needs import Need
from courses.overview.wording.notices import Notice, call_or_open, language
from courses.scheduling.models import Cohort, Session


def task_notice(task: Need) -> Notice:
    return WORDS[task.code](task)


def _failed(task: Need) -> Notice:
    words = ngettext("%(number)s message did not arrive", "%(number)s messages did not arrive", task.count)
    return Notice(
        "bad",
        words % {"number": task.count},
        _("No other way to reach the person was left. Choose what to do."),
        _("Open the messages"),
        reverse("coordinator:messages-list") + "?tab=failed",
        tone="bad",
    )


def _never_notified(task: Need) -> Notice:
    words = ngettext(
        "%(number)s person does not know of their place or application",
        "%(number)s people do not know of their places or applications",
        task.count,
    )
    return Notice(
        "bad",
        words % {"number": task.count},
        _(
            "A letter would have come too late, and there is no phone number. Tell them in another way, then set it aside."
        ),
        _("See who they are"),
        reverse("coordinator:messages-list") + "?tab=missed",
        tone="bad",
    )


def _held(task: Need) -> Notice:
    words = ngettext("%(number)s message is held back", "%(number)s messages are held back", task.count)
    roster = task.thing
    if isinstance(roster, Roster):
        why = _("The people of %(file)s are told nothing until you release their messages.") % {
            "file": roster.file_name
        }
        action, url = _("Open the list of people"), reverse("coordinator:rosters-detail", args=[roster.pk])
    else:
        why = _("They do not go out until you release them.")
        action, url = _("See what is held back"), reverse("coordinator:messages-list") + "?tab=held"
    return Notice("hold", words % {"number": task.count}, why, action, url, tone="warn")


def _too_late(task: Need) -> Notice:
    words = ngettext("%(number)s message was too late", "%(number)s messages were too late", task.count)
    return Notice(
        "warn",
        words % {"number": task.count},
        _("There was too little time, or nothing went out for a while. Those people were not told."),
        _("See who was not told"),
        reverse("coordinator:messages-list") + "?tab=missed",
        tone="warn",
    )


def _absent_twice(task: Need) -> Notice:
    enrollment = _enrollment(task)
    person, cohort = enrollment.person, enrollment.cohort
    return call_or_open(
        person,
        title=_("%(name)s has missed two sessions in a row") % {"name": person.list_name},
        why=_("%(cohort)s, did not tell. Ask kindly how they are.") % {"cohort": cohort.name},
    )


def _offer_lapses(task: Need) -> Notice:
    words = ngettext(
        "%(number)s offer lapses today: %(cohort)s", "%(number)s offers lapse today: %(cohort)s", task.count
    )
    return Notice(
        "clock",
        words % {"number": task.count, "cohort": _cohort(task).name},
        _("No answer has come. A call now saves the turn in the queue."),
        _("See who is asked"),
        _learners(task, "#asked"),
        tone="warn",
        about=_cohort(task).name,
    )


def _applications(task: Need) -> Notice:
    words = ngettext(
        "%(number)s application to check: %(cohort)s", "%(number)s applications to check: %(cohort)s", task.count
    )
    return Notice(
        "ring",
        words % {"number": task.count, "cohort": _cohort(task).name},
        _("The course asks for something they may not have."),
        _("Check"),
        _learners(task, "#applied"),
        about=_cohort(task).name,
    )


def _seats_for_queue(task: Need) -> Notice:
    why = ngettext(
        "%(number)s person is on the waiting list.", "%(number)s people are on the waiting list.", task.count
    )
    return Notice(
        "clock",
        _("A seat is free in the group %(cohort)s") % {"cohort": _cohort(task).name},
        why % {"number": task.count},
        _("Open the queue"),
        _learners(task),
        tone="warn",
        about=_cohort(task).name,
    )


def _unmarked(task: Need) -> Notice:
    session = _session(task)
    day = day_words(timezone.localtime(session.starts_at), language())
    return Notice(
        "warn",
        _("Attendance not marked: %(cohort)s, session %(number)s")
        % {"cohort": session.cohort.name, "number": session.number},
        _("It was held %(day)s, and its register is empty.") % {"day": day},
        _("Mark attendance"),
        reverse("coordinator:attendance-register", args=[session.pk]),
        tone="warn",
        about=session.cohort.name,
    )


def _under_minimum(task: Need) -> Notice:
    cohort = _cohort(task)
    why = _("%(taken)s of at least %(minimum)s places are taken. It starts %(day)s. Confirm it as it is, or cancel it.")
    day = day_words(cohort.starts_on, language())
    return Notice(
        "warn",
        _("The group %(cohort)s is under its smallest size") % {"cohort": cohort.name},
        why % {"taken": cohort.seats_taken, "minimum": cohort.minimum, "day": day},
        _("Decide about the group"),
        reverse("coordinator:cohorts-minimum", args=[cohort.code]),
        tone="warn",
        about=cohort.name,
    )


def _proposed(task: Need) -> Notice:
    words = ngettext(
        "%(number)s completion is proposed: %(cohort)s", "%(number)s completions are proposed: %(cohort)s", task.count
    )
    return Notice(
        "half",
        words % {"number": task.count, "cohort": _cohort(task).name},
        _("A trainer proposes, you decide."),
        _("Decide"),
        _completions(task),
        about=_cohort(task).name,
    )


def _undecided(task: Need) -> Notice:
    words = ngettext(
        "%(number)s person waits for a decision: %(cohort)s",
        "%(number)s people wait for a decision: %(cohort)s",
        task.count,
    )
    return Notice(
        "half",
        words % {"number": task.count, "cohort": _cohort(task).name},
        _("The group is over. Completed, or not completed?"),
        _("Open completions"),
        _completions(task),
        about=_cohort(task).name,
    )


def _no_contact(task: Need) -> Notice:
    person = _person(task)
    return Notice(
        "help",
        _("No contact person: %(name)s") % {"name": person.list_name},
        _("Messages should go through a contact person, and none is on record or the time is over."),
        _("Add a contact person"),
        reverse("coordinator:contacts-create", args=[person.code]),
        tone="warn",
        about=person.list_name,
    )


def _to_certify(task: Need) -> Notice:
    words = ngettext(
        "%(number)s certificate waits to be issued", "%(number)s certificates wait to be issued", task.count
    )
    return Notice(
        "cert",
        words % {"number": task.count},
        _("The completions are decided."),
        _("Issue certificates"),
        reverse("coordinator:certificates-issue"),
    )


def _calls(task: Need) -> Notice:
    return Notice(
        "call",
        ngettext("%(number)s call to make", "%(number)s calls to make", task.count) % {"number": task.count},
        _("People whom no other message reaches. What to say is on the list."),
        _("Open the call list"),
        reverse("coordinator:messages-calls"),
    )


def _pairs(task: Need) -> Notice:
    return Notice(
        "twin",
        ngettext("%(number)s likely pair", "%(number)s likely pairs", task.count) % {"number": task.count},
        _("Two records may be one person. Compare them, then make them one or tell them apart."),
        _("Open likely pairs"),
        reverse("coordinator:people-pairs"),
    )


def _letters(task: Need) -> Notice:
    return Notice(
        "letter",
        ngettext("%(number)s letter to post", "%(number)s letters to post", task.count) % {"number": task.count},
        _("Print them, fold them, mark them as posted."),
        _("Open the letters"),
        reverse("coordinator:messages-letters"),
    )


def _cohort(task: Need) -> Cohort:
    assert isinstance(task.thing, Cohort)
    return task.thing


def _session(task: Need) -> Session:
    assert isinstance(task.thing, Session)
    return task.thing


def _enrollment(task: Need) -> Enrollment:
    assert isinstance(task.thing, Enrollment)
    return task.thing


def _person(task: Need) -> Person:
    assert isinstance(task.thing, Person)
    return task.thing


def _learners(task: Need, place: str = "") -> str:
    return reverse("coordinator:cohorts-learners", args=[_cohort(task).code]) + place


def _completions(task: Need) -> str:
    return reverse("coordinator:completions-grid", args=[_cohort(task).code])


# The codes are those of overview.selectors.needs and overview.selectors.today.
WORDS: dict[str, Callable[[Need], Notice]] = {
    "never_notified": _never_notified,
    "held": _held,
    "too_late": _too_late,
    "failed": _failed,
    "absent_twice": _absent_twice,
    "offer_lapses": _offer_lapses,
    "applications": _applications,
    "seats_for_queue": _seats_for_queue,
    "unmarked": _unmarked,
    "under_minimum": _under_minimum,
    "proposed": _proposed,
    "undecided": _undecided,
    "no_contact": _no_contact,
    "to_certify": _to_certify,
    "calls": _calls,
    "pairs": _pairs,
    "letters": _letters,
}
