from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError
from accounts.refusals import refuse
from courses.catalogue.models import Course
from courses.enrolling.services.cohorts import undo_cohort_state, undo_obstacles, update_cohort
from courses.enrolling.views.coordinator.cohort_steps import STEPS, Step
from courses.scheduling.forms.cohorts import CohortForm, CourseOfCohortForm, new_cohort_initial
from courses.scheduling.models import Cohort
from courses.scheduling.rules.cohorts import Obstacle
from courses.scheduling.services.cohorts import cohort_fingerprint, create_cohort
from courses.scheduling.wording import explain


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def cohorts_create(request: PersonRequest) -> HttpResponse:
    """Which course first: seats, smallest group, days and code of the form come from it."""
    if "course" not in request.GET:
        courses = Course.objects.order_by("code")
        return render(request, "courses/enrolling/coordinator/cohorts_course.html", {"courses": courses})
    chosen = CourseOfCohortForm(request.GET)
    if not chosen.is_valid():
        raise Http404
    course = chosen.cleaned_data["course"]
    initial = new_cohort_initial(course, timezone.localdate())
    form = CohortForm(request.POST or None, initial=initial, instance=Cohort(course=course))
    if request.method == "POST" and form.is_valid():
        cohort = create_cohort(course=course, act=act_of(request), **form.cleaned_data)
        messages.success(request, _("The group is saved as a draft. Make its sessions next."))
        return redirect("coordinator:sessions-create", cohort.code)
    return render(request, "courses/enrolling/coordinator/cohorts_edit.html", {"form": form, "course": course})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def cohorts_edit(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)
    seen, name = cohort_fingerprint(cohort), cohort.name
    form = CohortForm(request.POST or None, instance=cohort, days_follow_sessions=cohort.sessions.exists())
    if request.method == "POST" and form.is_valid():
        try:
            saved = update_cohort(
                cohort=cohort, act=act_of(request), seen=request.POST.get("seen", ""), **form.cleaned_data
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The group is saved."))
            return redirect("coordinator:cohorts-detail", saved.code)
    context = {"form": form, "course": cohort.course, "cohort": cohort, "code": code, "name": name, "seen": seen}
    return render(request, "courses/enrolling/coordinator/cohorts_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def cohorts_state(request: PersonRequest, code: str, step: str) -> HttpResponse:
    """One step of the group's state; the page says first what will happen, or why it cannot."""
    cohort = get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)
    if step not in STEPS:
        raise Http404
    chosen = STEPS[step]
    reasons = explain(chosen.obstacles(cohort))
    form = None if reasons else chosen.form(cohort, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            chosen.service(cohort=cohort, act=act_of(request), **(form.cleaned_data if form else {}))
        except RuleError as error:
            reasons = error.reasons
        else:
            messages.success(request, chosen.done % {"cohort": cohort.name}, extra_tags=_undo_url(chosen, cohort))
            return redirect("coordinator:cohorts-detail", cohort.code)
    context = {
        "cohort": cohort,
        "title": chosen.question % {"cohort": cohort.name},
        "action": chosen.action,
        "consequences": chosen.consequences(cohort),
        "form": form,
        "reasons": reasons,
        "cancel_url": reverse("coordinator:cohorts-detail", args=[cohort.code]),
    }
    return render(request, "courses/scheduling/coordinator/cohorts_state.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def cohorts_undo(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)
    reasons = explain(undo_obstacles(cohort))
    if request.method == "POST":
        try:
            undone = undo_cohort_state(cohort=cohort, act=act_of(request))
        except RuleError as error:
            reasons = error.reasons
        else:
            state = {"cohort": undone.name, "state": undone.get_state_display()}
            messages.success(request, _("%(cohort)s is again: %(state)s.") % state)
            return redirect("coordinator:cohorts-detail", cohort.code)
    context = {
        "cohort": cohort,
        "title": _("Take back the last step of %(cohort)s?") % {"cohort": cohort.name},
        "action": _("Take it back"),
        "reasons": reasons,
        "cancel_url": reverse("coordinator:cohorts-detail", args=[cohort.code]),
    }
    return render(request, "courses/scheduling/coordinator/cohorts_state.html", context)


def _undo_url(step: Step, cohort: Cohort) -> str:
    return "" if step.final else reverse("coordinator:cohorts-undo", args=[cohort.code])


def place_of_text(cohort: Cohort, missing: Obstacle) -> str:
    """The page on which a missing text is written."""
    match missing.what:
        case "name" | "notice":
            return reverse("coordinator:cohorts-edit", args=[cohort.code])
        case "directions":
            return reverse("coordinator:venues-edit", args=[cohort.venue_id])
        case "title" | "summary":
            return reverse("coordinator:courses-edit", args=[cohort.course.code])
    return reverse("coordinator:courses-detail", args=[cohort.course.code])
