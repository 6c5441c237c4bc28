"""The answer to an offered seat, from a link, from an opened application or from a learner's own page."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import act_of_visitor
from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.refusals import say_refusal
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.forms.applications.answers import OfferAnswer, OfferAnswerForm
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.enrollments import given_up_on_the_web
from courses.enrolling.selectors.queues import party_members
from courses.enrolling.services.offers import accept_offer, decline_offer
from courses.enrolling.services.undo import undo_transition
from courses.enrolling.wording.offers import giving_up


def answer_to_offer(request: HttpRequest, enrollment: Enrollment, back_url: str) -> HttpResponse | None:
    """Carries the answer out that was sent, or asks once more before a seat is given up. None when nothing was answered,
    or nothing that can be answered now. `back_url`: the page of the offer."""
    form = OfferAnswerForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return None
    answer = form.cleaned_data["answer"]
    if form.needs_review and enrollment.state == EnrollmentState.OFFERED:
        return _review(request, enrollment, answer, back_url)
    _carry_out(request, enrollment, answer)
    return redirect(back_url)


def can_take_back(enrollment: Enrollment, at: datetime) -> bool:
    """Whether a no that was given on the web can be taken back there."""
    return enrollment.state == EnrollmentState.WITHDRAWN and given_up_on_the_web(enrollment, at)


def _review(request: HttpRequest, enrollment: Enrollment, answer: OfferAnswer, back_url: str) -> HttpResponse:
    members = party_members(enrollment)
    context = {
        "enrollment": enrollment,
        "answer": answer,
        "words": giving_up(leaving=len(members) if answer == OfferAnswer.DECLINE else 1, staying=len(members) - 1),
        "back_url": back_url,
    }
    return render(request, "courses/enrolling/public/offers_review.html", context)


def _carry_out(request: HttpRequest, enrollment: Enrollment, answer: OfferAnswer) -> None:
    """The page that is shown next says what stands now; a refusal says why."""
    act = act_of_visitor()
    try:
        match answer:
            case OfferAnswer.ACCEPT:
                accept_offer(enrollment=enrollment, act=act)
            case OfferAnswer.TAKE_BACK:
                _take_back(enrollment, act)
            case _:
                decline_offer(enrollment=enrollment, act=act, together=answer == OfferAnswer.DECLINE)
    except RuleError as error:
        say_refusal(request, error, level=messages.WARNING)


def _take_back(enrollment: Enrollment, act: Act) -> None:
    gone = RuleError([_("The offer cannot be given back here any more. Phone us, and we see what can be done.")])
    if not can_take_back(enrollment, act.at):
        raise gone
    try:
        undo_transition(enrollment=enrollment, act=act)
    except RuleError:
        # Its words are for a coordinator, and may tell of others.
        raise gone from None
