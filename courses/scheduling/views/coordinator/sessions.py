from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError
from accounts.refusals import refuse, say_refusal
from courses.catalogue.selectors.courses import taught_modules
from courses.scheduling.forms.sessions import ConfirmedForm, SessionForm, SessionsForm
from courses.scheduling.models import Cohort, Session
from courses.scheduling.selectors.sessions import SessionPlan, plan_sessions
from courses.scheduling.services.sessions import (
    add_session,
    cancel_session,
    check_plan,
    make_sessions,
    move_session,
    restore_session,
)
from courses.scheduling.wording import cancelling_session, session_when, sessions_made

Result = TypeVar("Result")
ExpectedIn = Callable[[Cohort], int]


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def sessions_create(request: PersonRequest, code: str) -> HttpResponse:
    """Many sessions: the dates are shown first, then made."""
    cohort = _cohort(code)
    form = SessionsForm(request.POST or None, cohort=cohort, modules=len(taught_modules(cohort.course)))
    plan = None
    if request.method == "POST" and form.is_valid():
        plan = plan_sessions(cohort, form.wanted())
        made = attempt(form, lambda: _make_or_check(request, cohort, plan, form))
        if made:
            messages.success(request, sessions_made(len(made)))
            return redirect("coordinator:sessions-list", cohort.code)
    context = {"cohort": cohort, "form": form, "plan": plan}
    return render(request, "courses/scheduling/coordinator/sessions_create.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def sessions_add(request: PersonRequest, code: str) -> HttpResponse:
    cohort = _cohort(code)
    form = SessionForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        data, confirmed = form.session(), form.cleaned_data["confirmed"]
        added = attempt(form, lambda: add_session(cohort=cohort, data=data, act=act_of(request), confirmed=confirmed))
        if added:
            messages.success(request, _("The session is added: %(when)s.") % {"when": session_when(added)})
            return redirect("coordinator:sessions-list", cohort.code)
    return render(request, "courses/scheduling/coordinator/sessions_edit.html", {"cohort": cohort, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def sessions_move(request: PersonRequest, pk: int, expected_in: ExpectedIn) -> HttpResponse:
    session = _session(pk)
    form = SessionForm(request.POST or None, cohort=session.cohort, session=session)
    if request.method == "POST" and form.is_valid():
        data, seen, confirmed = form.session(), form.cleaned_data["seen"], form.cleaned_data["confirmed"]
        moved = attempt(
            form,
            lambda: move_session(session=session, data=data, act=act_of(request), seen=seen, confirmed=confirmed),
        )
        if moved:
            messages.success(request, _("The session is now %(when)s.") % {"when": session_when(moved)})
            return redirect("coordinator:sessions-list", session.cohort.code)
        session.refresh_from_db()
    context = {"cohort": session.cohort, "session": session, "form": form, "people": expected_in(session.cohort)}
    return render(request, "courses/scheduling/coordinator/sessions_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def sessions_cancel(request: PersonRequest, pk: int, expected_in: ExpectedIn) -> HttpResponse:
    """`expected_in`: how many people come to the sessions of a group; enrollments stand above."""
    session = _session(pk)
    reasons: list[str] = []
    if request.method == "POST":
        try:
            cancel_session(session=session, act=act_of(request))
        except RuleError as error:
            reasons = error.reasons
        else:
            undo = reverse("coordinator:sessions-restore", args=[session.pk])
            messages.success(request, _("The session is cancelled."), extra_tags=undo)
            return redirect("coordinator:sessions-list", session.cohort.code)
    context = {
        "cohort": session.cohort,
        "title": _("Cancel the session %(when)s?") % {"when": session_when(session)},
        "action": _("Cancel the session"),
        "consequences": cancelling_session(expected_in(session.cohort)),
        "reasons": reasons,
        "cancel_url": reverse("coordinator:sessions-list", args=[session.cohort.code]),
    }
    return render(request, "courses/scheduling/coordinator/cohorts_state.html", context)


@require_POST
@for_coordinator
def sessions_restore(request: PersonRequest, pk: int) -> HttpResponse:
    session = _session(pk)
    try:
        restore_session(session=session, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
    else:
        messages.success(request, _("The session is held after all: %(when)s.") % {"when": session_when(session)})
    return redirect("coordinator:sessions-list", session.cohort.code)


def _cohort(code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)


def _session(pk: int) -> Session:
    sessions = Session.objects.select_related("cohort__course", "cohort__venue", "venue").prefetch_related("modules")
    return get_object_or_404(sessions, pk=pk)


def _make_or_check(request: PersonRequest, cohort: Cohort, plan: SessionPlan, form: SessionsForm) -> list[Session]:
    """The sessions made; nothing when the dates were only to be shown. Raises RuleError either way."""
    data = form.cleaned_data
    if "make" not in request.POST:
        check_plan(cohort=cohort, plan=plan, venue=data["venue"], confirmed=data["confirmed"])
        return []
    return make_sessions(
        cohort=cohort,
        plan=plan,
        act=act_of(request),
        venue=data["venue"],
        remote_link=data["remote_link"],
        confirmed=data["confirmed"],
    )


def attempt(form: ConfirmedForm, act: Callable[[], Result]) -> Result | None:
    """What `act` gives; or nothing, and the reasons stand in the form, with a tick to go on where one may."""
    try:
        return act()
    except RuleError as error:
        refuse(form, error)
        if error.code == "elsewhere":
            form.ask_to_confirm()
    return None
