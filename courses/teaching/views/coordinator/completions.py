from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError
from accounts.refusals import refuse, say_refusal
from accounts.rules.undo import UNDO_WITHIN
from courses.scheduling.models import Cohort
from courses.teaching.enums import CompletionState
from courses.teaching.forms.completions import TakeBackForm
from courses.teaching.models import Completion
from courses.teaching.services.completions import decide_completions, revoke_completions
from courses.teaching.views.completion_pages import (
    chosen_enrollments,
    grade_page,
    practice_page,
    undo_page,
    visit_take_back,
)
from courses.teaching.wording import completions_decided


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def completions_record(request: PersonRequest, code: str, kind: str, key: str) -> HttpResponse:
    return grade_page(request, _cohort(code), kind, key, "coordinator")


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def completions_practice(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    return practice_page(request, _cohort(code), pk, "coordinator")


@require_POST
@for_coordinator
def visits_take_back(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    return visit_take_back(request, _cohort(code), pk, "coordinator")


@require_POST
@for_coordinator
def completions_undo(request: PersonRequest, code: str, kind: str, saved_at: datetime) -> HttpResponse:
    return undo_page(request, _cohort(code), kind, saved_at, "coordinator")


@require_POST
@for_coordinator
def completions_decide(request: PersonRequest, code: str) -> HttpResponse:
    """Decides for those ticked, or for all who meet the rule."""
    cohort = _cohort(code)
    enrollments = chosen_enrollments(request, cohort)
    try:
        if not enrollments:
            raise RuleError([_("Choose the people first.")])
        decided = decide_completions(enrollments=enrollments, act=act_of(request))
        if not decided:
            raise RuleError([_("Somebody has decided already.")])
    except RuleError as error:
        say_refusal(request, error)
    else:
        undo = reverse("coordinator:completions-undecide", args=[cohort.code, decided[0].decided_at])
        messages.success(request, completions_decided(len(decided)), extra_tags=undo)
    return redirect("coordinator:completions-grid", cohort.code)


@require_POST
@for_coordinator
def completions_undecide(request: PersonRequest, code: str, decided_at: datetime) -> HttpResponse:
    """Undoes one press of the button, for 24 hours; later each decision is taken back with a reason."""
    cohort = _cohort(code)
    when = decided_at
    decided = Completion.objects.filter(
        enrollment__cohort=cohort,
        state=CompletionState.DECIDED,
        decided_at=when,
        decided_at__gte=timezone.now() - UNDO_WITHIN,
    )
    try:
        undone = revoke_completions(completions=decided, act=act_of(request), reason=_("Undone within a day."))
    except RuleError as error:
        say_refusal(request, error)
    else:
        if undone:
            messages.success(request, _("Undone. The decision is taken back."))
        else:
            messages.error(request, _("More than 24 hours have gone by. Take each decision back with a reason."))
    return redirect("coordinator:completions-grid", cohort.code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def completions_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes a proposal or a decision back, with a reason."""
    rows = Completion.objects.exclude(state=CompletionState.REVOKED).select_related(
        "enrollment__person", "enrollment__cohort"
    )
    completion = get_object_or_404(rows, pk=pk)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_completions(completions=[completion], act=act_of(request), reason=form.cleaned_data["reason"])
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The completion is taken back."))
            return redirect("coordinator:completions-grid", completion.enrollment.cohort.code)
    context = {"completion": completion, "cohort": completion.enrollment.cohort, "form": form}
    return render(request, "courses/teaching/coordinator/completions_revoke.html", context)


def _cohort(code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)
