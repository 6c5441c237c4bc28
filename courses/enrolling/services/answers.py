"""A call in which somebody answers for a seat: the call is recorded, and the answer is carried out with it."""

from datetime import datetime

from django.db.models import Choices

from accounts.enums import HowAsked
from accounts.models import Person
from courses.enrolling.enums import EnrollmentState, SeatAnswer, WithdrawalReason
from courses.enrolling.services.enrollments import withdraw_enrollment
from courses.enrolling.services.offers import accept_offer, decline_offer
from courses.messaging.enums import CallAnswer
from courses.messaging.models import Message
from courses.messaging.services.by_hand import record_call


def answer_for_seat(*, message: Message, answer: Choices, by: Person, at: datetime) -> None:
    """The answer was said by somebody who was reached, so the call stays recorded also when the seat turns out to be
    gone: RuleError `offer_gone` then says so."""
    enrollment = message.enrollment
    assert enrollment is not None
    record_call(message=message, answer=CallAnswer.REACHED, by=by, at=at)
    if answer == SeatAnswer.COMES:
        return
    if answer == SeatAnswer.TAKES:
        accept_offer(enrollment=enrollment, by=by, how_asked=HowAsked.PHONE, at=at)
    elif enrollment.state == EnrollmentState.OFFERED:
        together = answer == SeatAnswer.ALL_DECLINE
        decline_offer(enrollment=enrollment, by=by, how_asked=HowAsked.PHONE, together=together, at=at)
    else:
        withdraw_enrollment(
            enrollment=enrollment, by=by, how_asked=HowAsked.PHONE, reason=WithdrawalReason.NOT_TOLD, at=at
        )
