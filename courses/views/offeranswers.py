"""The answer to an offered seat, from a link, from an opened application or from a learner's own page."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.enums import HowAsked
from courses.exceptions import RuleError
from courses.models import Enrollment
from courses.services.offers import accept_offer, decline_offer


def answer_offer(request: HttpRequest, enrollment: Enrollment, answer: str) -> None:
    """`answer`: `accept` and `decline` for everybody of a party, `only_me` for one who does not come. The page that is
    shown next says what stands now; a refusal says why."""
    try:
        match answer:
            case "accept":
                accept_offer(enrollment=enrollment, by=None, how_asked=HowAsked.WEB)
            case "decline":
                decline_offer(enrollment=enrollment, by=None, how_asked=HowAsked.WEB)
            case "only_me":
                decline_offer(enrollment=enrollment, by=None, how_asked=HowAsked.WEB, together=False)
            case _:
                messages.warning(request, _("Choose one of the answers."))
    except RuleError as error:
        for reason in error.reasons:
            messages.warning(request, reason)
