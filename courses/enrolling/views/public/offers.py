from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.links import read_offer_token
from courses.enrolling.selectors.applications import application_by_id
from courses.enrolling.selectors.queues import party_members, queue_position
from courses.enrolling.views.offer_answers import answer_in, answer_offer


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offers_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a message. It opens the offer alone and shows no name: mails get forwarded."""
    known = read_offer_token(token)
    enrollment = application_by_id(known[0]) if known else None
    if known is None or enrollment is None:
        raise Http404
    holds = enrollment.state == EnrollmentState.OFFERED and enrollment.offer_expires_at == known[1]
    answer = answer_in(request)
    if answer and holds:
        answer_offer(request, enrollment, answer)
        return redirect("public:offers-answer", token)
    context = {
        "token": token,
        "enrollment": enrollment,
        "holds": holds,
        "members": party_members(enrollment) if holds else [],
        "place": queue_position(enrollment),
    }
    return render(request, "courses/enrolling/public/offers_answer.html", context)
