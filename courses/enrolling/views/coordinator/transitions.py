"""The people of a cohort, and what happens with one enrollment."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.refusals import refuse, say_refusal
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.forms.enrollments import TransitionForm
from courses.enrolling.forms.queue import ChosenForm, WhyForm
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.enrollments import (
    cohort_is_over,
    open_enrollments,
    transitions_of_enrollment,
)
from courses.enrolling.selectors.queues import party_members, queue_of, queue_position
from courses.enrolling.services.enrollments import reopen_enrollment, transition_enrollment, transition_enrollments
from courses.enrolling.services.undo import undo_transition
from courses.enrolling.wording.done import chosen_were_moved
from courses.enrolling.wording.parties import party_names
from courses.enrolling.wording.transitions import REOPEN, REOPENING, TRANSITIONS_TO_CHOOSE, TransitionChoice
from courses.scheduling.models import Cohort

BULK = {
    "place": (EnrollmentState.WAITLISTED, EnrollmentState.ENROLLED),
    "no_show": (EnrollmentState.ENROLLED, EnrollmentState.NO_SHOW),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_state(request: PersonRequest, pk: int) -> HttpResponse:
    """What happens with one enrollment: a place, a withdrawal, a reopening, each with its reason."""
    enrollment = enrollment_of(pk)
    moves = _transitions(enrollment)
    form = TransitionForm(
        request.POST if request.method == "POST" else None,
        initial={"to_state": request.GET.get("to", "")} if len(moves) > 1 else None,
        moves=moves,
        reopening=moves == REOPENING,
        passes_over=queue_position(enrollment) > 1,
    )
    if request.method == "POST" and form.is_valid():
        try:
            moved = _transition(request, enrollment, form)
        except RuleError as error:
            refuse(form, error)
        else:
            words = {"name": moved.person.list_name, "state": moved.get_state_display()}
            messages.success(request, _("%(name)s is now: %(state)s.") % words, extra_tags=undo_url(moved))
            return redirect("coordinator:cohorts-learners", enrollment.cohort.code)
    context = {
        "enrollment": enrollment,
        "cohort": enrollment.cohort,
        "form": form if moves else None,
        "companions": [one.person for one in party_members(enrollment) if one.pk != enrollment.pk],
        "transitions": transitions_of_enrollment(enrollment),
    }
    return render(request, "courses/enrolling/coordinator/enrollments_state.html", context)


@require_POST
@for_coordinator
def enrollments_undo(request: PersonRequest, pk: int) -> HttpResponse:
    enrollment = enrollment_of(pk)
    try:
        moved = undo_transition(enrollment=enrollment, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
    else:
        words = {"names": party_names(one.person for one in moved), "state": moved[0].get_state_display()}
        messages.success(request, _("Undone. %(names)s: %(state)s.") % words)
    return redirect("coordinator:cohorts-learners", enrollment.cohort.code)


def undo_url(enrollment: Enrollment) -> str:
    """Takes back the last move of an enrollment, and of those who were moved with it."""
    return reverse("coordinator:enrollments-undo", args=[enrollment.pk])


def enrollment_of(pk: int) -> Enrollment:
    """With person, party and cohort, or 404."""
    rows = Enrollment.objects.select_related(
        "person", "party", "cohort__course__required_course", "cohort__course__required_certificate", "cohort__venue"
    )
    return get_object_or_404(rows, pk=pk)


def _transitions(enrollment: Enrollment) -> list[TransitionChoice]:
    """What a coordinator may do with it now; completing and failing are the completions' to decide."""
    if enrollment.state in (EnrollmentState.COMPLETED, EnrollmentState.NOT_COMPLETED):
        return []
    if enrollment.state not in OPEN_STATES:
        return REOPENING
    moves = TRANSITIONS_TO_CHOOSE[enrollment.state]
    if cohort_is_over(enrollment.cohort):
        return moves
    return [move for move in moves if move.to_state != EnrollmentState.NO_SHOW]


def _transition(request: PersonRequest, enrollment: Enrollment, form: TransitionForm) -> Enrollment:
    data = form.cleaned_data
    how_asked = HowAsked(data["how_asked"])
    if data["to_state"] == REOPEN:
        return reopen_enrollment(enrollment=enrollment, act=act_of(request, how_asked), note=data["note"])
    return transition_enrollment(
        enrollment=enrollment,
        to_state=EnrollmentState(data["to_state"]),
        act=act_of(request, how_asked),
        reason=data.get("reason", ""),
        note=data["note"],
    )


def transition_chosen(request: PersonRequest, cohort: Cohort) -> None:
    form = ChosenForm(request.POST)
    form.is_valid()
    from_state, to_state = BULK.get(request.POST.get("action", ""), (None, None))
    chosen = open_enrollments(form.cleaned_data["enrollment"], cohort)
    enrollments = [one for one in chosen if one.state == from_state]
    if to_state is None or not enrollments:
        messages.warning(request, _("Choose the people first."))
        return
    try:
        note = _why_these(request, cohort, enrollments) if to_state == EnrollmentState.ENROLLED else ""
        moved = transition_enrollments(enrollments=enrollments, to_state=to_state, act=act_of(request), note=note)
    except RuleError as error:
        say_refusal(request, error)
        return
    undo = reverse("coordinator:enrollments-undo", args=[moved[0].pk]) if len(moved) == 1 else ""
    messages.success(request, chosen_were_moved(to_state, len(moved)), extra_tags=undo)


def _why_these(request: PersonRequest, cohort: Cohort, chosen: list[Enrollment]) -> str:
    """The reason, which is needed when others stand before one of them; RuleError without it."""
    form = WhyForm(request.POST)
    if not form.is_valid():
        raise RuleError(form.errors["note"], code="note")
    note: str = form.cleaned_data["note"]
    first = {one.pk for one in queue_of(cohort)[: len(chosen)]}
    if not note and {one.pk for one in chosen} - first:
        raise RuleError([_("Others stand before them in the queue. Say why these get places first.")], code="note")
    return note
