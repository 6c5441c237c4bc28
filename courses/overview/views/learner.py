from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest
from accounts.selectors import consents_of, contact_people_of
from courses.certifying.selectors import certificates_of, completions_to_certify, status_of
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.links import offer_token
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.queues import party_members, queue_position
from courses.enrolling.selectors.support import own_support_needs
from courses.enrolling.wording.support import arrangements
from courses.teaching.selectors.learning import Learning, learning_of, messages_to
from courses.teaching.wording import missing_sentences


@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """A learner's own page: the next session, what is still missing, the certificate, what we have told them."""
    now = timezone.now()
    learnings = learning_of(request.user, now)
    current = learnings[0] if learnings else None
    certificates = [
        (certificate, status_of(certificate, timezone.localdate())) for certificate in certificates_of(request.user)
    ]
    context = {
        "current": current,
        "offers": _offers(learnings),
        "place": queue_position(current.enrollment) if current else 0,
        "missing": missing_sentences(current.standing) if current and current.standing.is_open else [],
        "others": learnings[1:],
        "certificates": certificates,
        "awaits_certificate": completions_to_certify(timezone.localdate())
        .filter(enrollment__person=request.user)
        .exists(),
        "told": messages_to(request.user),
        "contact_people": contact_people_of(request.user, timezone.localdate()),
        "arranged": [(needs.enrollment, arrangements(needs)) for needs in own_support_needs(request.user)],
        "agreed": consents_of(request.user).exists(),
    }
    return render(request, "courses/overview/learner/home.html", context)


@dataclass(frozen=True)
class HeldSeat:
    """A seat that waits for the person's answer. `members`: the party; `url`: where it is answered."""

    enrollment: Enrollment
    members: list[Enrollment]
    url: str


def _offers(learnings: list[Learning]) -> list[HeldSeat]:
    held = [learning.enrollment for learning in learnings if learning.enrollment.state == EnrollmentState.OFFERED]
    return [
        HeldSeat(
            enrollment=enrollment,
            members=party_members(enrollment),
            url=reverse("public:offers-answer", args=[offer_token(enrollment)]),
        )
        for enrollment in held
    ]
