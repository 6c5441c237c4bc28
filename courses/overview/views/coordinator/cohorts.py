from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError
from accounts.refusals import say_refusal
from courses.enrolling.forms.enrollments import ASKED_CHOICES
from courses.enrolling.forms.queue import CancelForm
from courses.enrolling.selectors.enrollments import best_instead, groups_instead_of
from courses.enrolling.views.coordinator.cohort_steps import (
    STEPS,
    cancel_form,
    cancelling,
    confirming,
    next_step,
    steps_from,
)
from courses.enrolling.views.coordinator.cohorts import place_of_text
from courses.enrolling.views.coordinator.transitions import transition_chosen
from courses.overview.selectors.cohort_frame import cohort_frame
from courses.overview.selectors.cohort_overview import cohort_overview
from courses.overview.selectors.cohorts import cohorts_list as cohorts_of_list
from courses.overview.selectors.learners import learners_of
from courses.overview.selectors.next_steps import next_steps
from courses.scheduling.enums import CohortState
from courses.scheduling.forms.cohorts import CohortFilterForm
from courses.scheduling.models import Cohort
from courses.scheduling.rules.cohorts import EDITABLE_STATES
from courses.scheduling.selectors.cohorts import sessions_of
from courses.scheduling.services.cohorts import missing_texts
from courses.scheduling.wording import explain
from courses.teaching.selectors.attendance import with_counts
from courses.teaching.views.completion_pages import grid_page

PER_PAGE = 50
LEARNERS_PER_PAGE = 100
QUEUE_PER_PAGE = 50

COHORTS = Cohort.objects.select_related("course", "venue")
# With what the course asks of those who come.
ASKING_COHORTS = COHORTS.select_related("course__required_course", "course__required_certificate")


@require_safe
@for_coordinator
def sessions_list(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(COHORTS, code=code)
    frame = cohort_frame(cohort, sessions=with_counts(sessions_of(cohort)))
    context = {
        "cohort": cohort,
        "frame": frame,
        "editable": cohort.state in EDITABLE_STATES,
        "now": timezone.now(),
    }
    return render(request, "courses/overview/coordinator/sessions_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def cohorts_learners(request: PersonRequest, code: str) -> HttpResponse:
    """Everybody of the cohort; POST gives places to those chosen from the queue, or closes those who never came."""
    cohort = get_object_or_404(ASKING_COHORTS, code=code)
    if request.method == "POST":
        transition_chosen(request, cohort)
        return redirect("coordinator:cohorts-learners", cohort.code)
    frame = cohort_frame(cohort, sessions=cohort.sessions.order_by("starts_at", "number"))
    learners = learners_of(cohort, frame.held)
    page = Paginator(learners.placed, LEARNERS_PER_PAGE).get_page(request.GET.get("page"))
    queue = Paginator(learners.queued, QUEUE_PER_PAGE).get_page(request.GET.get("queue_page"))
    now = timezone.now()
    today = timezone.localdate(now)
    groups = groups_instead_of(cohort, today) if learners.queued else []
    context = {
        "cohort": cohort,
        "frame": frame,
        "learners": learners,
        "page_obj": page,
        "steps": next_steps([line.enrollment for line in page], cohort=cohort, sessions=frame.held, at=now),
        "queue": queue,
        "queue_lines": [(line, best_instead(groups, cohort, line.size, today)) for line in queue],
        "applied": Paginator(learners.applied, QUEUE_PER_PAGE).get_page(request.GET.get("applied_page")),
        "ways_asked": ASKED_CHOICES,
        "now": now,
    }
    return render(request, "courses/overview/coordinator/cohorts_learners.html", context)


@require_safe
@for_coordinator
def cohorts_list(request: PersonRequest) -> HttpResponse:
    filters = CohortFilterForm(request.GET or None, initial={"state": "going_on"})
    wanted = filters.wanted()
    page = Paginator(cohorts_of_list(**wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {"filters": filters, "page_obj": page, "filtered": bool(request.GET)}
    return render(request, "courses/overview/coordinator/cohorts_list.html", context)


@require_safe
@for_coordinator
def cohorts_detail(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(COHORTS, code=code)
    overview = cohort_overview(cohort)
    missing = missing_texts(cohort) if cohort.state == CohortState.DRAFT else []
    context = {
        "cohort": cohort,
        "frame": overview.frame,
        "overview": overview,
        "modules": cohort.course.modules.order_by("order"),
        "missing_texts": explain(missing),
        "text_url": place_of_text(cohort, missing[0]) if missing else "",
        "steps": steps_from(cohort.state),
        "next_step": next_step(cohort, timezone.localdate()),
        "editable": cohort.state in EDITABLE_STATES,
        "now": timezone.now(),
    }
    return render(request, "courses/overview/coordinator/cohorts_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def cohorts_minimum(request: PersonRequest, code: str) -> HttpResponse:
    """Is a group that is too small held? What follows from a yes and from a no, side by side."""
    cohort = get_object_or_404(COHORTS, code=code)
    if cohort.state != CohortState.PUBLISHED:
        state = {"cohort": cohort.name, "state": cohort.get_state_display()}
        messages.info(request, _("%(cohort)s is decided: %(state)s.") % state)
        return redirect("coordinator:cohorts-detail", cohort.code)
    held = request.POST.get("action") == "confirm"
    form = cancel_form(cohort, request.POST if request.method == "POST" and not held else None, ask=True)
    if request.method == "POST" and (held or form.is_valid()):
        _decide(request, cohort, None if held else form)
        return redirect("coordinator:cohorts-detail", cohort.code)
    context = {
        "cohort": cohort,
        "frame": cohort_frame(cohort),
        "confirming": confirming(cohort),
        "cancelling": cancelling(cohort),
        "form": form,
    }
    return render(request, "courses/overview/coordinator/cohorts_minimum.html", context)


def _decide(request: PersonRequest, cohort: Cohort, cancelled: CancelForm | None) -> None:
    """Confirms the group, or cancels it as the form says."""
    step = STEPS["confirm" if cancelled is None else "cancel"]
    try:
        told = {} if cancelled is None else {"instead": cancelled.cleaned_data["instead"]}
        step.service(cohort=cohort, act=act_of(request), **told)
    except RuleError as error:
        say_refusal(request, error)
    else:
        undo = reverse("coordinator:cohorts-undo", args=[cohort.code]) if cancelled is None else ""
        messages.success(request, step.done % {"cohort": cohort.name}, extra_tags=undo)


@require_safe
@for_coordinator
def completions_grid(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(COHORTS, code=code)
    frame = cohort_frame(cohort, sessions=cohort.sessions.order_by("starts_at", "number"))
    return grid_page(request, cohort, "coordinator", {"frame": frame})
