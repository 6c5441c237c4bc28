from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, act_of, for_coordinator
from courses.scheduling.forms.cohorts import CopyCohortForm
from courses.scheduling.models import Cohort
from courses.scheduling.selectors.sessions import SessionPlan, plan_sessions_again
from courses.scheduling.services.cohorts import check_copy, copy_cohort
from courses.scheduling.views.coordinator.sessions import attempt
from courses.scheduling.wording import cohort_copied


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def cohorts_copy(request: PersonRequest, code: str) -> HttpResponse:
    """The group once more for the next term: its dates are shown first, then it is made."""
    cohort = get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)
    form = CopyCohortForm(request.POST or None, cohort=cohort, today=timezone.localdate())
    plan = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        plan = plan_sessions_again(cohort, first_on=data["starts_on"], left_out=data["left_out"])
        copy = attempt(form, lambda: _copy_or_check(request, cohort, plan, form))
        if copy:
            messages.success(request, cohort_copied(copy, plan))
            return redirect("coordinator:cohorts-detail", copy.code)
    context = {"cohort": cohort, "form": form, "plan": plan}
    return render(request, "courses/scheduling/coordinator/cohorts_copy.html", context)


def _copy_or_check(request: PersonRequest, cohort: Cohort, plan: SessionPlan, form: CopyCohortForm) -> Cohort | None:
    """The copy; nothing when the dates were only to be shown. Raises RuleError either way."""
    data = form.cleaned_data
    if "make" not in request.POST:
        if not data["confirmed"]:
            check_copy(cohort=cohort, plan=plan)
        return None
    return copy_cohort(
        cohort=cohort,
        plan=plan,
        starts_on=data["starts_on"],
        act=act_of(request),
        confirmed=data["confirmed"],
        **form.named(),
    )
