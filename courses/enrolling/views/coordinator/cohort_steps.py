"""The steps of a cohort's state as a coordinator meets them: question, what will happen, button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils import timezone
from django_stubs_ext import StrPromise

from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.forms.queue import CancelForm, FinishForm
from courses.enrolling.selectors.enrollments import best_instead, groups_instead_of, notified_by, without_attendance
from courses.enrolling.services.cohorts import (
    cancel_cohort,
    close_cohort,
    confirm_cohort,
    finish_cohort,
    publish_cohort,
    start_cohort,
    state_obstacles,
)
from courses.enrolling.wording import cohort_steps as words
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from courses.scheduling.rules.cohorts import NEXT_STATES, Obstacle
from courses.scheduling.selectors.sessions import sessions_to_come

# What the form of a step was sent; None while it is only shown.
Sent = Mapping[str, object] | None


@dataclass(frozen=True)
class Step:
    """`final`: not taken back. `link` to `done`: wording.cohort_steps.StepWords. `form` asks what the service is
    told beside the cohort; None when there is nothing to ask."""

    name: str
    to_state: CohortState
    service: Callable[..., Cohort]
    consequences: Callable[[Cohort], list[str]]
    link: StrPromise
    question: StrPromise
    action: StrPromise
    done: StrPromise
    final: bool = False
    form: Callable[[Cohort, Sent], forms.Form | None] = lambda cohort, sent: None

    def obstacles(self, cohort: Cohort) -> list[Obstacle]:
        return state_obstacles(cohort, self.to_state)


def confirming(cohort: Cohort) -> list[str]:
    return words.confirming(_count(cohort, EnrollmentState.ENROLLED, EnrollmentState.ACTIVE), cohort.minimum)


def cancelling(cohort: Cohort) -> list[str]:
    sessions, venue = sessions_to_come(cohort).count(), cohort.venue.name if cohort.venue else ""
    return words.cancelling(words.Cancelled(told=notified_by(cohort), sessions=sessions, venue=venue))


def _finishing(cohort: Cohort) -> list[str]:
    waiting = _count(cohort, EnrollmentState.WAITLISTED, EnrollmentState.APPLIED)
    return words.finishing(waiting, _count(cohort, EnrollmentState.ACTIVE))


def _no_shows(cohort: Cohort, sent: Sent) -> forms.Form | None:
    absent = without_attendance(cohort)
    return FinishForm(sent, absent=absent) if absent else None


def _group_instead(cohort: Cohort, sent: Sent) -> forms.Form | None:
    return cancel_form(cohort, sent) if _count(cohort, *OPEN_STATES) else None


def cancel_form(cohort: Cohort, sent: Sent, *, ask: bool = False) -> CancelForm:
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
            lambda _cohort: words.publishing(),
            *words.PUBLISH,
        ),
        Step(
            "confirm",
            CohortState.CONFIRMED,
            confirm_cohort,
            confirming,
            *words.CONFIRM,
        ),
        Step(
            "start",
            CohortState.RUNNING,
            start_cohort,
            lambda _cohort: words.starting(),
            *words.START,
        ),
        Step(
            "finish",
            CohortState.FINISHED,
            finish_cohort,
            _finishing,
            *words.FINISH,
            form=_no_shows,
        ),
        Step(
            "close",
            CohortState.CLOSED,
            close_cohort,
            lambda _cohort: words.closing(),
            *words.CLOSE,
        ),
        Step(
            "cancel",
            CohortState.CANCELLED,
            cancel_cohort,
            cancelling,
            *words.CANCEL,
            final=True,
            form=_group_instead,
        ),
    )
}


def steps_from(state: str) -> list[Step]:
    """The steps that may follow, the usual one first, cancelling last."""
    return [step for step in STEPS.values() if step.to_state in NEXT_STATES.get(state, frozenset())]


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
