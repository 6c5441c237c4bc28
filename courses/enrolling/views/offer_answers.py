"""The answer to an offered seat, from a link, from an opened application or from a learner's own page."""

from django.contrib import messages
from django.http import HttpRequest

from accounts.access import act_of_visitor
from accounts.exceptions import RuleError
from accounts.refusals import say_refusal
from courses.enrolling.models import Enrollment
from courses.enrolling.services.offers import accept_offer, decline_offer

ANSWERS = ("accept", "decline", "only_me")


def answer_in(request: HttpRequest) -> str:
    """One of ANSWERS, or nothing when none was given."""
    answer = request.POST.get("answer", "") if request.method == "POST" else ""
    return answer if answer in ANSWERS else ""


def answer_offer(request: HttpRequest, enrollment: Enrollment, answer: str) -> None:
    """`answer`: `accept` and `decline` for everybody of a party, `only_me` for one who does not come. The page that is
    shown next says what stands now; a refusal says why."""
    try:
        if answer == "accept":
            accept_offer(enrollment=enrollment, act=act_of_visitor())
        else:
            decline_offer(
                enrollment=enrollment,
                act=act_of_visitor(),
                together=answer == "decline",
            )
    except RuleError as error:
        say_refusal(request, error, level=messages.WARNING)
