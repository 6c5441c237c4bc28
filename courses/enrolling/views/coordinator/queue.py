"""The hand over the waiting list: a seat is offered, taken or not, somebody stands elsewhere, together, in another group."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.forms.asked import ASKED_HERE
from accounts.refusals import refuse, say_refusal
from courses.enrolling.enums import EnrollmentState, QueueReason
from courses.enrolling.forms.queue import AdmitForm, OfferForm, PositionForm, TogetherForm, TransferForm
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.enrollments import groups_instead_of, others_to_join
from courses.enrolling.selectors.prerequisites import lacks_of
from courses.enrolling.selectors.queues import party_members, queue_of
from courses.enrolling.services.enrollments import admit_applicant
from courses.enrolling.services.offers import accept_offer, decline_offer, offer_seat
from courses.enrolling.services.queue import join_party, move_in_queue, split_party
from courses.enrolling.services.transfers import transfer_together
from courses.enrolling.views.coordinator.lines import (
    Lacking,
    Line,
    before_them,
    group_with,
    moved_together,
    one_down,
    party_line,
)
from courses.enrolling.views.coordinator.transitions import enrollment_of, undo_url
from courses.enrolling.wording.done import do_not_want_seats, have_places, seats_are_held, were_transferred
from courses.enrolling.wording.parties import party_names
from courses.enrolling.wording.prerequisites import explain_lacks


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_place(request: PersonRequest, pk: int) -> HttpResponse:
    """Another place in the queue; `?down=1` proposes the place after the next line."""
    enrollment = enrollment_of(pk)
    queue = queue_of(enrollment.cohort)
    waiting = [one.pk for one in queue]
    if pk not in waiting:
        return _not_waiting(request, enrollment)
    initial: dict[str, object] = {"place": waiting.index(pk) + 1}
    if request.GET.get("down"):
        initial = {"place": one_down(queue, enrollment), "reason": QueueReason.AWAY}
    form = PositionForm(_sent(request), initial=initial, waiting=len(waiting))
    if form.is_valid():
        data = form.cleaned_data
        try:
            move_in_queue(
                enrollment=enrollment,
                place=data["place"],
                reason=QueueReason(data["reason"]),
                act=act_of(request, HowAsked(data["how_asked"])),
                note=data["note"],
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The queue has a new order."), extra_tags=undo_url(enrollment))
            return _back(enrollment)
    context = {"line": party_line(enrollment), "queue": queue, "form": form, "place": waiting.index(pk) + 1}
    return _show(request, "enrollments_place", enrollment, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_offer(request: PersonRequest, pk: int) -> HttpResponse:
    """A seat is held for them from now on. The page asks why when others stand before them; the first are asked at once."""
    enrollment = enrollment_of(pk)
    before = before_them(enrollment)
    form = OfferForm(_sent(request))
    if request.method == "POST" and (form.is_valid() or not before):
        how_asked = HowAsked(form.cleaned_data.get("how_asked") or HowAsked.DESK)
        try:
            asked = offer_seat(
                enrollment=enrollment, act=act_of(request, how_asked), note=form.cleaned_data.get("note", "")
            )
        except RuleError as error:
            return _refused(request, enrollment, error)
        messages.success(request, seats_are_held(asked), extra_tags=undo_url(enrollment))
        return _back(enrollment)
    if enrollment.state != EnrollmentState.WAITLISTED:
        return _not_waiting(request, enrollment)
    return _show(
        request, "enrollments_offer", enrollment, {"line": party_line(enrollment), "before": before, "form": form}
    )


@require_POST
@for_coordinator
def enrollments_accept(request: PersonRequest, pk: int) -> HttpResponse:
    """The answer to an offer, as it was told: one for the whole party."""
    enrollment = enrollment_of(pk)
    try:
        placed = accept_offer(enrollment=enrollment, act=act_of(request, _how_asked(request)))
    except RuleError as error:
        return _refused(request, enrollment, error)
    messages.success(request, have_places(placed), extra_tags=undo_url(enrollment))
    return _back(enrollment)


@require_POST
@for_coordinator
def enrollments_decline(request: PersonRequest, pk: int) -> HttpResponse:
    enrollment = enrollment_of(pk)
    try:
        gone = decline_offer(enrollment=enrollment, act=act_of(request, _how_asked(request)))
    except RuleError as error:
        return _refused(request, enrollment, error)
    messages.success(request, do_not_want_seats(gone), extra_tags=undo_url(enrollment))
    return _back(enrollment)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_admit(request: PersonRequest, pk: int) -> HttpResponse:
    """The answer to an application: what is missing, and why it is not asked for."""
    enrollment = enrollment_of(pk)
    members = party_members(enrollment)
    lacks = lacks_of([one.person for one in members], enrollment.cohort.course)
    form = AdmitForm(_sent(request), lacking=bool(lacks))
    if form.is_valid():
        data = form.cleaned_data
        try:
            admitted = admit_applicant(
                enrollment=enrollment, act=act_of(request, HowAsked(data["how_asked"])), waiver=data.get("note", "")
            )
        except RuleError as error:
            refuse(form, error)
        else:
            words = {"names": party_names(one.person for one in members), "state": admitted.get_state_display()}
            messages.success(request, _("%(names)s: %(state)s.") % words, extra_tags=undo_url(enrollment))
            return _back(enrollment)
    if enrollment.state != EnrollmentState.APPLIED and request.method != "POST":
        messages.info(request, _("The application has been answered already."))
        return _back(enrollment)
    lacking = [Lacking(one.person, explain_lacks(lacks.get(one.person_id, ()))) for one in members]
    return _show(request, "enrollments_admit", enrollment, {"lacking": lacking, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_transfer(
    request: PersonRequest, pk: int, kept_in_transfer: Callable[[Enrollment], object]
) -> HttpResponse:
    """To another group of the course, with what was attended. `?to=` a group that is proposed: whom to phone stands above."""
    enrollment = enrollment_of(pk)
    if enrollment.state == EnrollmentState.APPLIED:
        messages.info(request, _("Answer the application first."))
        return redirect("coordinator:enrollments-admit", pk)
    if request.POST.get("to") == enrollment.cohort.code:
        return _refused(request, enrollment, _there_already(enrollment))
    groups = groups_instead_of(enrollment.cohort, timezone.localdate())
    proposed = group_with(groups, request.GET.get("to"))
    form = TransferForm(
        _sent(request),
        groups=groups,
        initial={"to": proposed.code if proposed else ""},
    )
    members = moved_together(enrollment)
    if form.is_valid():
        data = form.cleaned_data
        try:
            moved = transfer_together(
                enrollments=members,
                to_cohort=next(group for group in groups if group.code == data["to"]),
                act=act_of(request, HowAsked(data["how_asked"])),
                note=data["note"],
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, were_transferred(moved), extra_tags=undo_url(moved[0]))
            return _back(enrollment)
    context = {
        "line": Line(members),
        "groups": groups,
        "proposed": proposed,
        "kept": kept_in_transfer(enrollment),
        "form": form,
    }
    return _show(request, "enrollments_transfer", enrollment, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def enrollments_party(request: PersonRequest, pk: int) -> HttpResponse:
    """Two or more who come together from now on, or each for themselves again."""
    enrollment = enrollment_of(pk)
    others = [] if enrollment.party else others_to_join(enrollment)
    form = TogetherForm(_sent(request), others=others)
    if request.method == "POST" and enrollment.party:
        split_party(party=enrollment.party, act=act_of(request, _how_asked(request)))
        messages.success(request, _("They come each for themselves from now on."))
        return _back(enrollment)
    if form.is_valid():
        chosen = [one for one in others if str(one.pk) in form.cleaned_data["others"]]
        try:
            join_party(enrollments=[enrollment, *chosen], act=act_of(request, HowAsked(form.cleaned_data["how_asked"])))
        except RuleError as error:
            refuse(form, error)
        else:
            names = party_names([enrollment.person, *(one.person for one in chosen)])
            messages.success(request, _("%(names)s come together.") % {"names": names})
            return _back(enrollment)
    return _show(
        request, "enrollments_party", enrollment, {"line": party_line(enrollment), "others": others, "form": form}
    )


def _sent(request: PersonRequest) -> QueryDict | None:
    """What was sent; None leaves a form unbound, and then it is never valid."""
    return request.POST if request.method == "POST" else None


def _there_already(enrollment: Enrollment) -> RuleError:
    words = {"name": enrollment.person.list_name, "group": enrollment.cohort.name}
    return RuleError([_("%(name)s is in %(group)s already.") % words], code="already_open")


def _how_asked(request: PersonRequest) -> HowAsked:
    """By phone unless the page said otherwise."""
    told = request.POST.get("how_asked", "")
    return HowAsked(told) if told in ASKED_HERE else HowAsked.PHONE


def _not_waiting(request: PersonRequest, enrollment: Enrollment) -> HttpResponse:
    words = {"name": enrollment.person.list_name, "state": enrollment.get_state_display()}
    messages.info(request, _("%(name)s does not wait any more: %(state)s.") % words)
    return _back(enrollment)


def _refused(request: PersonRequest, enrollment: Enrollment, error: RuleError) -> HttpResponse:
    say_refusal(request, error)
    return _back(enrollment)


def _back(enrollment: Enrollment) -> HttpResponse:
    return redirect("coordinator:cohorts-learners", enrollment.cohort.code)


def _show(request: PersonRequest, name: str, enrollment: Enrollment, context: dict[str, object]) -> HttpResponse:
    shared = {"enrollment": enrollment, "cohort": enrollment.cohort}
    return render(request, f"courses/enrolling/coordinator/{name}.html", {**shared, **context})
