from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, act_of, for_trainer
from accounts.exceptions import RuleError
from accounts.refusals import say_refusal
from courses.scheduling.models import Cohort
from courses.scheduling.selectors.cohorts import cohorts_for_trainer
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion
from courses.teaching.services.completions import propose_completions, revoke_completions
from courses.teaching.views.completion_pages import (
    chosen_enrollments,
    grade_page,
    grid_page,
    practice_page,
    undo_page,
    visit_take_back,
)
from courses.teaching.wording import completions_proposed


@require_safe
@for_trainer
def completions_grid(request: PersonRequest, code: str) -> HttpResponse:
    return grid_page(request, _cohort(request, code), "trainer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_trainer
def completions_record(request: PersonRequest, code: str, kind: str, key: str) -> HttpResponse:
    return grade_page(request, _cohort(request, code), kind, key, "trainer")


@require_http_methods(["GET", "HEAD", "POST"])
@for_trainer
def completions_practice(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    return practice_page(request, _cohort(request, code), pk, "trainer")


@require_POST
@for_trainer
def visits_take_back(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    return visit_take_back(request, _cohort(request, code), pk, "trainer")


@require_POST
@for_trainer
def completions_undo(request: PersonRequest, code: str, kind: str, saved_at: datetime) -> HttpResponse:
    return undo_page(request, _cohort(request, code), kind, saved_at, "trainer")


@require_POST
@for_trainer
def completions_propose(request: PersonRequest, code: str) -> HttpResponse:
    """Asks the coordinator to decide for those ticked, or for all who meet the rule."""
    cohort = _cohort(request, code)
    enrollments = chosen_enrollments(request, cohort)
    try:
        if not enrollments:
            raise RuleError([_("Choose the people first.")])
        made = propose_completions(enrollments=enrollments, act=act_of(request))
        if not made:
            raise RuleError([_("They are proposed already.")])
    except RuleError as error:
        say_refusal(request, error)
    else:
        undo = reverse("trainer:completions-unpropose", args=[cohort.code, made[0].proposed_at])
        messages.success(request, completions_proposed(len(made)), extra_tags=undo)
    return redirect("trainer:completions-grid", cohort.code)


@require_POST
@for_trainer
def completions_unpropose(request: PersonRequest, code: str, proposed_at: datetime) -> HttpResponse:
    """Undoes one press of the button, as long as no coordinator has decided."""
    cohort = _cohort(request, code)
    proposed = Completion.objects.filter(
        enrollment__cohort=cohort,
        state=CompletionState.PROPOSED,
        proposed_at=proposed_at,
        proposed_by=request.user,
    )
    if revoke_completions(completions=proposed, act=act_of(request), reason=_("Undone by the trainer.")):
        messages.success(request, _("Undone. The proposal is taken back."))
    else:
        messages.error(request, _("A coordinator has decided already, so nothing was undone."))
    return redirect("trainer:completions-grid", cohort.code)


def _cohort(request: PersonRequest, code: str) -> Cohort:
    return get_object_or_404(cohorts_for_trainer(request.user).select_related("course", "venue"), code=code)
