"""The steps of a cohort's state in words: question, button, what will happen, what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrPromise

from accounts.enums import Channel


class StepWords(NamedTuple):
    """`link` names the step in a list, `action` on its button. All but these have `%(cohort)s`, the group's name."""

    link: StrPromise
    question: StrPromise
    action: StrPromise
    done: StrPromise


PUBLISH = StepWords(
    gettext_lazy("Publish the group"),
    gettext_lazy("Publish %(cohort)s?"),
    gettext_lazy("Publish the group"),
    gettext_lazy("%(cohort)s is published."),
)
CONFIRM = StepWords(
    gettext_lazy("Confirm the group"),
    gettext_lazy("Confirm that %(cohort)s is held?"),
    gettext_lazy("Confirm the group"),
    gettext_lazy("%(cohort)s is confirmed."),
)
START = StepWords(
    gettext_lazy("Start the group"),
    gettext_lazy("Has %(cohort)s begun?"),
    gettext_lazy("Start the group"),
    gettext_lazy("%(cohort)s is running."),
)
FINISH = StepWords(
    gettext_lazy("Finish the group"),
    gettext_lazy("Is %(cohort)s over?"),
    gettext_lazy("Finish the group"),
    gettext_lazy("%(cohort)s is finished."),
)
CLOSE = StepWords(
    gettext_lazy("Close the group"),
    gettext_lazy("Close %(cohort)s?"),
    gettext_lazy("Close the group"),
    gettext_lazy("%(cohort)s is closed."),
)
CANCEL = StepWords(
    gettext_lazy("Cancel the group"),
    gettext_lazy("Cancel %(cohort)s?"),
    gettext_lazy("Cancel the whole group"),
    gettext_lazy("%(cohort)s is cancelled."),
)


@dataclass(frozen=True)
class Cancelled:
    """What a group that is not held leaves behind. `told`: how many people are told so in which way; `venue`: its name."""

    told: Mapping[Channel, int]
    sessions: int
    venue: str


def publishing() -> list[str]:
    return [
        _("The group stands in the public catalogue, in three languages."),
        _("People can be enrolled in it."),
        _("Reminders of its sessions are planned for those who have a place."),
    ]


def confirming(seated: int, minimum: int) -> list[str]:
    sentence = ngettext("%(count)d person has a place.", "%(count)d people have a place.", seated)
    sentences = [sentence % {"count": seated}]
    if seated < minimum:
        sentences.append(
            _("The smallest group is %(minimum)d. It is yours to decide that fewer are enough.") % {"minimum": minimum}
        )
    return [*sentences, _("The group is held. People can still be enrolled in it.")]


def starting() -> list[str]:
    return [_("The group is running. It is not in the catalogue any more.")]


def finishing(waiting: int, active: int) -> list[str]:
    """`waiting`: who stands in the queue or has no answer yet; `active`: who has come and is not decided about."""
    sentences = []
    if waiting:
        words = ngettext(
            "%(count)d person still waits for a place: the answer becomes no.",
            "%(count)d people still wait for a place: the answer becomes no.",
            waiting,
        )
        sentences.append(words % {"count": waiting})
    if active:
        words = ngettext(
            "%(count)d person waits for your decision: completed or not.",
            "%(count)d people wait for your decision: completed or not.",
            active,
        )
        sentences.append(words % {"count": active})
    return sentences or [_("The group is over.")]


def closing() -> list[str]:
    return [
        _("Attendance and results of the group cannot be changed any more."),
        _("Its report still counts what comes later, such as a certificate that is issued or revoked."),
    ]


def cancelling(cancelled: Cancelled) -> list[str]:
    return [*_of_sessions(cancelled), *_of_people(cancelled.told), _("This cannot be taken back.")]


def _of_sessions(cancelled: Cancelled) -> list[str]:
    if not cancelled.sessions:
        return []
    words = ngettext("%(count)d session is cancelled.", "%(count)d sessions are cancelled.", cancelled.sessions)
    booking = _("%(venue)s is not needed: cancel the booking there.") % {"venue": cancelled.venue}
    return [words % {"count": cancelled.sessions}, *([booking] if cancelled.venue else [])]


def _of_people(told: Mapping[Channel, int]) -> list[str]:
    people = sum(told.values())
    if not people:
        return []
    words = ngettext(
        "%(count)d person loses the place or the turn in the queue.",
        "%(count)d people lose their places or turns in the queue.",
        people,
    )
    ways = ", ".join(f"{channel.label.lower()} {count}" for channel, count in told.items())
    sentences = [words % {"count": people}, _("Each is told at once: %(ways)s.") % {"ways": ways}]
    if calls := told.get(Channel.CALL, 0):
        words = ngettext(
            "%(count)d call is yours to make: it stands in the list of calls.",
            "%(count)d calls are yours to make: they stand in the list of calls.",
            calls,
        )
        sentences.append(words % {"count": calls})
    return sentences
