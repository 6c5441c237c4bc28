from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.links import read_offer_token
from courses.enrolling.selectors.applications import application_by_id
from courses.enrolling.selectors.queues import party_members, queue_position
from courses.enrolling.views.offer_answers import answer_to_offer, can_take_back


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offers_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a message. It opens the offer alone and shows no name: mails get forwarded."""
    known = read_offer_token(token)
    enrollment = application_by_id(known[0]) if known else None
    if known is None or enrollment is None:
        raise Http404
    now = timezone.now()
    holds = enrollment.state == EnrollmentState.OFFERED and enrollment.offer_expires_at == known[1]
    # The link of an offer whose time is over takes nothing back.
    gave_up = known[1] > now and can_take_back(enrollment, now)
    if holds or gave_up:
        answered = answer_to_offer(request, enrollment, reverse("public:offers-answer", args=[token]))
        if answered:
            return answered
    context = {
        "token": token,
        "enrollment": enrollment,
        "holds": holds,
        "gave_up": gave_up,
        "members": party_members(enrollment) if holds else [],
        "place": queue_position(enrollment),
    }
    return render(request, "courses/enrolling/public/offers_answer.html", context)
