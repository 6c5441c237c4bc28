"""What may be answered on the phone about a seat."""

from courses.enums import EnrollmentState, ReminderRule, SeatAnswer
from courses.models import Message

SEAT_RULES = (ReminderRule.SEAT_OFFERED, ReminderRule.OFFER_LAPSING, ReminderRule.COMPANION_LEFT)


def seat_answers(message: Message) -> list[SeatAnswer]:
    """What the person may answer in this call about their seat; nothing in calls about something else."""
    enrollment = message.enrollment
    if enrollment is None or message.contact_id or message.rule not in SEAT_RULES:
        return []
    if enrollment.state == EnrollmentState.OFFERED:
        everybody = [SeatAnswer.ALL_DECLINE] if enrollment.party_id else []
        return [SeatAnswer.TAKES, SeatAnswer.DECLINES, *everybody]
    return [SeatAnswer.COMES, SeatAnswer.DECLINES] if message.rule == ReminderRule.COMPANION_LEFT else []
