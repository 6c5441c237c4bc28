"""The steps of a cohort's state as a coordinator meets them: question, what will happen, button."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Channel
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.forms.queue import CancelForm, FinishForm
from courses.enrolling.selectors.enrollments import best_instead, groups_instead_of, told_by, without_attendance
from courses.enrolling.services.cohorts import (
    cancel_cohort,
    close_cohort,
    confirm_cohort,
    finish_cohort,
    publish_cohort,
    start_cohort,
    state_obstacles,
)
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from courses.scheduling.rules.cohorts import MOVES, Obstacle
from courses.scheduling.selectors.sessions import sessions_to_come


@dataclass(frozen=True)
class Step:
    """`final`: not taken back. `link` names the step in a list, `action` on its button. `form` asks what the service is
    told beside the cohort; None when there is nothing to ask."""

    name: str
    to_state: CohortState
    service: Callable[..., Cohort]
    consequences: Callable[[Cohort], list[str]]
    link: Promise
    question: Promise
    action: Promise
    done: Promise
    final: bool = False
    form: Callable[[Cohort, Any], forms.Form | None] = lambda cohort, sent: None

    def obstacles(self, cohort: Cohort) -> list[Obstacle]:
        return state_obstacles(cohort, self.to_state)


def _publishing(cohort: Cohort) -> list[str]:
    return [
        _("The group stands in the public catalogue, in three languages."),
        _("People can be enrolled in it."),
        _("Reminders of its sessions are planned for those who have a place."),
    ]


def confirming(cohort: Cohort) -> list[str]:
    seated = _count(cohort, EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)
    sentence = ngettext("%(count)d person has a place.", "%(count)d people have a place.", seated)
    sentences = [sentence % {"count": seated}]
    if seated < cohort.minimum:
        sentences.append(
            _("The smallest group is %(minimum)d. It is yours to decide that fewer are enough.")
            % {"minimum": cohort.minimum}
        )
    return [*sentences, _("The group is held. People can still be enrolled in it.")]


def _starting(cohort: Cohort) -> list[str]:
    return [_("The group is running. It is not in the catalogue any more.")]


def _finishing(cohort: Cohort) -> list[str]:
    waiting = _count(cohort, EnrollmentState.WAITLISTED, EnrollmentState.APPLIED)
    active = _count(cohort, EnrollmentState.ACTIVE)
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


def _closing(cohort: Cohort) -> list[str]:
    return [_("The figures of the group are frozen: its report does not change any more.")]


def cancelling(cohort: Cohort) -> list[str]:
    told = told_by(cohort)
    people = sum(told.values())
    sessions = sessions_to_come(cohort).count()
    sentences = []
    if sessions:
        words = ngettext("%(count)d session is cancelled.", "%(count)d sessions are cancelled.", sessions)
        sentences.append(words % {"count": sessions})
        if cohort.venue:
            sentences.append(_("%(venue)s is not needed: cancel the booking there.") % {"venue": cohort.venue.name})
    if people:
        words = ngettext(
            "%(count)d person loses the place or the turn in the queue.",
            "%(count)d people lose their places or turns in the queue.",
            people,
        )
        sentences.append(words % {"count": people})
        ways = ", ".join(f"{channel.label.lower()} {count}" for channel, count in told.items())
        sentences.append(_("Each is told at once: %(ways)s.") % {"ways": ways})
    if calls := told.get(Channel.CALL, 0):
        words = ngettext(
            "%(count)d call is yours to make: it stands in the list of calls.",
            "%(count)d calls are yours to make: they stand in the list of calls.",
            calls,
        )
        sentences.append(words % {"count": calls})
    return [*sentences, _("This cannot be taken back.")]


def _who_never_came(cohort: Cohort, sent: Any) -> forms.Form | None:
    absent = without_attendance(cohort)
    return FinishForm(sent, absent=absent) if absent else None


def _group_instead(cohort: Cohort, sent: Any) -> forms.Form | None:
    return cancel_form(cohort, sent) if _count(cohort, *OPEN_STATES) else None


def cancel_form(cohort: Cohort, sent: Any, *, ask: bool = False) -> CancelForm:
    """Asks which group is offered instead; the soonest that has room for everybody is proposed."""
    today = timezone.localdate()
    groups = groups_instead_of(cohort, today)
    best = best_instead(groups, cohort, _count(cohort, *OPEN_STATES), today)
    return CancelForm(sent, groups=groups, best=best, ask=ask)


def _count(cohort: Cohort, *states: EnrollmentState) -> int:
    return cohort.enrollments.filter(state__in=states).count()


STEPS = {
    step.name: step
    for step in (
        Step(
            "publish",
            CohortState.PUBLISHED,
            publish_cohort,
            _publishing,
            gettext_lazy("Publish the group"),
            gettext_lazy("Publish %(cohort)s?"),
            gettext_lazy("Publish the group"),
            gettext_lazy("%(cohort)s is published."),
        ),
        Step(
            "confirm",
            CohortState.CONFIRMED,
            confirm_cohort,
            confirming,
            gettext_lazy("Confirm the group"),
            gettext_lazy("Confirm that %(cohort)s is held?"),
            gettext_lazy("Confirm the group"),
            gettext_lazy("%(cohort)s is confirmed."),
        ),
        Step(
            "start",
            CohortState.RUNNING,
            start_cohort,
            _starting,
            gettext_lazy("Start the group"),
            gettext_lazy("Has %(cohort)s begun?"),
            gettext_lazy("Start the group"),
            gettext_lazy("%(cohort)s is running."),
        ),
        Step(
            "finish",
            CohortState.FINISHED,
            finish_cohort,
            _finishing,
            gettext_lazy("Finish the group"),
            gettext_lazy("Is %(cohort)s over?"),
            gettext_lazy("Finish the group"),
            gettext_lazy("%(cohort)s is finished."),
            form=_who_never_came,
        ),
        Step(
            "close",
            CohortState.CLOSED,
            close_cohort,
            _closing,
            gettext_lazy("Close the group"),
            gettext_lazy("Close %(cohort)s?"),
            gettext_lazy("Close the group"),
            gettext_lazy("%(cohort)s is closed."),
        ),
        Step(
            "cancel",
            CohortState.CANCELLED,
            cancel_cohort,
            cancelling,
            gettext_lazy("Cancel the group"),
            gettext_lazy("Cancel %(cohort)s?"),
            gettext_lazy("Cancel the whole group"),
            gettext_lazy("%(cohort)s is cancelled."),
            final=True,
            form=_group_instead,
        ),
    )
}


def steps_from(state: str) -> list[Step]:
    """The steps that may follow, the usual one first, cancelling last."""
    return [step for step in STEPS.values() if step.to_state in MOVES.get(state, frozenset())]


def next_step(cohort: Cohort, today: date) -> Step | None:
    """The step that is due now, if one is: it is the page's main button."""
    match cohort.state:
        case CohortState.DRAFT:
            return STEPS["publish"]
        case CohortState.CONFIRMED if cohort.starts_on <= today:
            return STEPS["start"]
        case CohortState.RUNNING if cohort.ends_on < today:
            return STEPS["finish"]
        case CohortState.FINISHED:
            return STEPS["close"]
    return None
