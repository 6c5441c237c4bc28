"""What needs somebody in one cohort, in words: each with why and one action."""

from collections.abc import Callable, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.dates.words import day_short, day_words
from courses.overview.selectors.needs import Need
from courses.overview.wording.notices import Notice, language
from courses.overview.wording.tasks import task_notice
from courses.scheduling.models import Cohort, Session


def need_notice(need: Need, cohort: Cohort) -> Notice:
    """The group is not named where its own page says something of it; what has no words of its own here says what Today
    says."""
    words = WORDS.get(need.code)
    return words(need, cohort) if words else task_notice(need)


def missing_texts_notice(sentences: Sequence[str], url: str) -> Notice:
    """Texts of a draft that are missing; `url`: where the first of them is written."""
    words = ngettext(
        "One text is missing before the group can be published",
        "%(number)s texts are missing before the group can be published",
        len(sentences),
    )
    title = words % {"number": len(sentences)}
    return Notice("letters", title, " ".join(sentences), _("Write the text"), url, tone="warn")


def _no_sessions(need: Need, cohort: Cohort) -> Notice:
    return Notice(
        "calendar",
        _("The group has no sessions"),
        _("Make them all in one go: weekly, without public holidays."),
        _("Make sessions"),
        reverse("coordinator:sessions-create", args=[cohort.code]),
    )


def _unmarked(need: Need, cohort: Cohort) -> Notice:
    assert isinstance(need.thing, Session)
    session = need.thing
    day = day_short(timezone.localtime(session.starts_at), language())
    return Notice(
        "warn",
        _("Session %(number)s, %(day)s: nobody is marked") % {"number": session.number, "day": day},
        _("It was held, and its register is empty."),
        _("Mark attendance"),
        reverse("coordinator:attendance-register", args=[session.pk]),
        tone="warn",
    )


def _to_confirm(need: Need, cohort: Cohort) -> Notice:
    why = ngettext(
        "It starts %(day)s, and %(number)s person has a place.",
        "It starts %(day)s, and %(number)s people have a place.",
        need.count,
    )
    return Notice(
        "clock",
        _("Confirm the group"),
        why % {"day": _day(need.day), "number": need.count},
        _("Confirm the group"),
        _step(cohort, "confirm"),
    )


def _under_minimum(need: Need, cohort: Cohort) -> Notice:
    return Notice(
        "warn",
        _("%(number)s of at least %(limit)s places are taken") % {"number": need.count, "limit": need.limit},
        _("The group starts %(day)s. Confirm it as it is, or cancel it.") % {"day": _day(need.day)},
        _("Decide about the group"),
        reverse("coordinator:cohorts-minimum", args=[cohort.code]),
        tone="warn",
    )


def _to_start(need: Need, cohort: Cohort) -> Notice:
    return Notice(
        "clock",
        _("The group has begun"),
        _("Its first day was %(day)s. Say that it is running.") % {"day": _day(need.day)},
        _("Start the group"),
        _step(cohort, "start"),
    )


def _to_finish(need: Need, cohort: Cohort) -> Notice:
    return Notice(
        "end",
        _("All sessions have been held"),
        _("Finish the group, then decide the completions."),
        _("Finish the group"),
        _step(cohort, "finish"),
    )


def _seats_for_queue(need: Need, cohort: Cohort) -> Notice:
    title = ngettext(
        "%(number)s seat is free, and people wait",
        "%(number)s seats are free, and people wait",
        cohort.free_seats,
    )
    why = ngettext(
        "%(number)s person is on the waiting list.", "%(number)s people are on the waiting list.", need.count
    )
    return Notice(
        "queue",
        title % {"number": cohort.free_seats},
        why % {"number": need.count},
        _("Open the queue"),
        _learners(cohort, "#queue"),
    )


def _unreached(need: Need, cohort: Cohort) -> Notice:
    words = ngettext(
        "A message did not reach %(number)s person", "A message did not reach %(number)s people", need.count
    )
    return Notice(
        "bad",
        words % {"number": need.count},
        _("No other way to reach the person was left. Choose what to do."),
        _("Open the messages"),
        reverse("coordinator:messages-list") + "?tab=failed",
        tone="bad",
    )


def _behind(need: Need, cohort: Cohort) -> Notice:
    words = ngettext(
        "%(number)s person has modules to make up", "%(number)s people have modules to make up", need.count
    )
    return Notice(
        "half",
        words % {"number": need.count},
        _("They missed a session. Another group's session of the same module will do."),
        _("See who and which"),
        _learners(cohort, "#placed"),
    )


def _proposed(need: Need, cohort: Cohort) -> Notice:
    words = ngettext("%(number)s completion is proposed", "%(number)s completions are proposed", need.count)
    return Notice(
        "done",
        words % {"number": need.count},
        _("A trainer proposes, you decide."),
        _("Decide"),
        reverse("coordinator:completions-grid", args=[cohort.code]),
    )


def _undecided(need: Need, cohort: Cohort) -> Notice:
    words = ngettext("%(number)s person waits for a decision", "%(number)s people wait for a decision", need.count)
    return Notice(
        "half",
        words % {"number": need.count},
        _("The group is over. Completed, or not completed?"),
        _("Open completions"),
        reverse("coordinator:completions-grid", args=[cohort.code]),
    )


def _to_close(need: Need, cohort: Cohort) -> Notice:
    return Notice(
        "lock",
        _("Everything is decided"),
        _("Close the group, and its attendance and results are locked."),
        _("Close the group"),
        _step(cohort, "close"),
    )


def _day(day: date | None) -> str:
    return day_words(day, language()) if day else ""


def _learners(cohort: Cohort, place: str) -> str:
    return reverse("coordinator:cohorts-learners", args=[cohort.code]) + place


def _step(cohort: Cohort, name: str) -> str:
    return reverse("coordinator:cohorts-state", args=[cohort.code, name])


# Codes of overview.selectors.needs and overview.selectors.cohort_overview.
WORDS: dict[str, Callable[[Need, Cohort], Notice]] = {
    "no_sessions": _no_sessions,
    "unmarked": _unmarked,
    "to_confirm": _to_confirm,
    "under_minimum": _under_minimum,
    "to_start": _to_start,
    "to_finish": _to_finish,
    "seats_for_queue": _seats_for_queue,
    "unreached": _unreached,
    "behind": _behind,
    "proposed": _proposed,
    "undecided": _undecided,
    "to_close": _to_close,
}
