"""A call in which somebody answers for a seat: the call is recorded, and the answer is carried out with it."""

from dataclasses import replace

from django.db.models import Choices

from accounts.acts import Act
from accounts.enums import HowAsked
from courses.enrolling.enums import EnrollmentState, SeatAnswer, WithdrawalReason
from courses.enrolling.services.enrollments import withdraw_enrollment
from courses.enrolling.services.offers import accept_offer, decline_offer
from courses.messaging.enums import CallAnswer
from courses.messaging.models import Message
from courses.messaging.services.by_hand import record_call


def answer_for_seat(*, message: Message, answer: Choices, act: Act) -> None:
    """The answer was said by somebody who was reached, so the call stays recorded also when the seat turns out to be
    gone: RuleError `offer_gone` then says so."""
    enrollment = message.enrollment
    assert enrollment is not None
    record_call(message=message, answer=CallAnswer.REACHED, act=act)
    if answer == SeatAnswer.COMES:
        return
    if answer == SeatAnswer.TAKES:
        accept_offer(enrollment=enrollment, act=replace(act, via=HowAsked.PHONE))
    elif enrollment.state == EnrollmentState.OFFERED:
        together = answer == SeatAnswer.ALL_DECLINE
        decline_offer(enrollment=enrollment, act=replace(act, via=HowAsked.PHONE), together=together)
    else:
        withdraw_enrollment(
            enrollment=enrollment, act=replace(act, via=HowAsked.PHONE), reason=WithdrawalReason.NOT_TOLD
        )
