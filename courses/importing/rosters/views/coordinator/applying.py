"""A roster applied, cancelled, undone or thrown away."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError, StaleEdit
from accounts.refusals import say_refusal
from courses.importing.rosters.forms import RosterSeenForm
from courses.importing.rosters.models import Roster
from courses.importing.rosters.selectors import rows_that_enroll, undo_obstacles
from courses.importing.rosters.services.jobs import cancel_roster, queue_roster
from courses.importing.rosters.services.rosters import (
    apply_roster,
    choose_for_duplicates,
    drop_roster,
    release_messages,
    renew_roster,
    rows_of,
)
from courses.importing.rosters.services.undo import undo_roster
from courses.importing.rosters.tasks import wake_roster_worker
from courses.importing.rosters.views.coordinator.choices import choices_in
from courses.importing.rosters.views.coordinator.shown import is_large
from courses.importing.rosters.wording import enrolling_now, messages_released, people_enrolled

MOST_OBSTACLES = 50


@require_POST
@for_coordinator
def rosters_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Small lists at once; large ones by a worker, unless somebody does not want to wait for it (`here`)."""
    roster = get_object_or_404(Roster, pk=pk)
    try:
        asked = _asked(request, roster)
        if roster.state == Roster.State.PREVIEW and is_large(roster):
            queue_roster(roster=roster, act=act_of(request), **asked)
            wake_roster_worker()
            return redirect("coordinator:rosters-detail", roster.pk)
        applied = apply_roster(roster=roster, act=act_of(request), **asked)
    except RuleError as error:
        if error.code == "stale" and not isinstance(error, StaleEdit):
            renew_roster(roster=roster)
        say_refusal(request, error)
    else:
        people = sum(applied.result[name] for name in ("placed", "waiting", "to_check"))
        messages.success(request, people_enrolled(people))
    return redirect("coordinator:rosters-detail", roster.pk)


class Asked(TypedDict):
    """How a roster is applied: for queue_roster and apply_roster."""

    skip_errors: bool
    hold_messages: bool
    seen: int | None


def _asked(request: PersonRequest, roster: Roster) -> Asked:
    """What is ticked on the page; of a roster that waits for a worker also what was ticked before."""
    skip_errors, hold_messages = "skip_errors" in request.POST, "hold_messages" in request.POST
    if roster.state == Roster.State.PREVIEW:
        seen = _version_after_choices(request, roster)
        return Asked(skip_errors=skip_errors, hold_messages=hold_messages, seen=seen)
    return Asked(
        skip_errors=skip_errors or roster.skip_errors, hold_messages=hold_messages or roster.hold_messages, seen=None
    )


def _version_after_choices(request: PersonRequest, roster: Roster) -> int | None:
    """Keeps what was chosen on the page, and gives the version that the reader has then seen; StaleEdit when somebody
    else has changed the list since the page was opened, RuleError when the button said another number than it now would."""
    form = RosterSeenForm(request.POST)
    form.is_valid()
    if form.cleaned_data["version"] not in (None, roster.version):
        raise StaleEdit([_("Somebody else has changed the list since you looked. Check the rows once more.")])
    chosen = choose_for_duplicates(roster=roster, act=act_of(request), **choices_in(request.POST))
    enrolling = len(rows_that_enroll(rows_of(chosen)))
    if form.cleaned_data["enrolling"] not in (None, enrolling):
        raise RuleError([enrolling_now(enrolling, chosen.result["counts"]["rows"] - enrolling)], code="recounted")
    return chosen.version


@require_POST
@for_coordinator
def rosters_cancel(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    try:
        cancel_roster(roster=roster, act=act_of(request))
    except RuleError:
        messages.warning(request, _("The list was applied before it could be cancelled. You can undo it."))
    else:
        messages.success(request, _("Cancelled. Nothing of the list was written."))
    return redirect("coordinator:rosters-detail", roster.pk)


@require_POST
@for_coordinator
def rosters_release(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    count = release_messages(roster=roster, act=act_of(request))
    messages.success(request, messages_released(count))
    return redirect("coordinator:rosters-detail", roster.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_undo(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk, state__in=[Roster.State.APPLIED, Roster.State.UNDONE])
    back = reverse("coordinator:rosters-detail", args=[roster.pk])
    if request.method == "POST":
        try:
            undo_roster(roster=roster, act=act_of(request))
        except RuleError as error:
            say_refusal(request, error)
            return redirect(request.path if error.code == "depends" else back)
        messages.success(request, _("The list is undone. Its people and enrollments are gone."))
        return redirect(back)
    if roster.state == Roster.State.UNDONE:
        return redirect(back)
    obstacles = undo_obstacles(roster)
    context = {"roster": roster, "obstacles": obstacles[:MOST_OBSTACLES], "count": len(obstacles)}
    return render(request, "courses/importing/coordinator/rosters_undo.html", context)


@require_POST
@for_coordinator
def rosters_drop(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    try:
        drop_roster(roster=roster, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
        return redirect("coordinator:rosters-detail", roster.pk)
    messages.success(request, _("The list is thrown away. Nothing of it is kept."))
    return redirect("coordinator:rosters-create")
