"""A call in which somebody answers for a seat: the call is recorded, and the answer is carried out with it."""

from datetime import datetime

from accounts.enums import HowAsked
from accounts.models import Person
from courses.enums import CallAnswer, EnrollmentState, SeatAnswer, WithdrawalReason
from courses.models import Message
from courses.services.enrollments import withdraw_enrollment
from courses.services.messages import record_call
from courses.services.offers import accept_offer, decline_offer


def answer_call(*, message: Message, answer: CallAnswer | SeatAnswer, by: Person, at: datetime) -> None:
    """Records what came of a call. An answer for a seat was said by somebody who was reached, so the call stays recorded
    also when the seat turns out to be gone: RuleError `offer_gone` then says so."""
    if isinstance(answer, CallAnswer):
        record_call(message=message, answer=answer, by=by, at=at)
        return
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
