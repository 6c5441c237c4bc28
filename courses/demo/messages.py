"""What the demo's centre has told its people so far, and what is planned."""

import datetime
from random import Random

from django.db.models import F

from accounts.enums import Channel
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.places import plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.enrolling.models import Enrollment
from courses.messaging.channels.texts import MessageFacts, text_of
from courses.messaging.enums import CallAnswer, MessageState, MessageTrouble
from courses.messaging.models import Message
from courses.messaging.selectors import messages_with_facts
from courses.scheduling.enums import CohortState

PAST_DAYS = 21
# A message of yesterday that did not arrive, so that the page of failures is not empty.
FAILED = 2


def make_history(random: Random, now: datetime.datetime) -> None:
    """Plans the messages of the last weeks and the coming ones; those whose day is past count as sent."""
    placed = Enrollment.objects.filter(
        cohort__state__in=[CohortState.PUBLISHED, CohortState.RUNNING],
        state__in=[EnrollmentState.ENROLLED, EnrollmentState.ACTIVE],
    ).select_related("person", "cohort")
    by_day: dict[datetime.datetime, list[Enrollment]] = {}
    for enrollment in placed.order_by("applied_at"):
        by_day.setdefault(enrollment.applied_at, []).append(enrollment)
    for at, enrollments in by_day.items():
        plan_place_confirmed(enrollments=enrollments, at=at)
    plan_session_reminders(at=now - datetime.timedelta(days=PAST_DAYS))
    plan_session_reminders(at=now)
    _mark_sent(random, now)


def _mark_sent(random: Random, now: datetime.datetime) -> None:
    past = Message.objects.filter(state=MessageState.PENDING, due_at__lt=now - datetime.timedelta(hours=12))
    past.update(state=MessageState.SENT, sent_at=F("due_at"), attempts=1)
    Message.objects.filter(state=MessageState.SENT, channel=Channel.CALL).update(answer=CallAnswer.REACHED)
    told = list(messages_with_facts().filter(state=MessageState.SENT))
    facts = MessageFacts(told, at=now)
    for message in told:
        text = text_of(message, facts)
        message.subject, message.body = text.subject[:200], text.body
        message.address = message.reader_email if message.channel == Channel.EMAIL else ""
    Message.objects.bulk_update(told, ["subject", "body", "address"], batch_size=200)
    mails = [message for message in told if message.channel == Channel.EMAIL]
    for message in random.sample(mails, k=min(FAILED, len(mails))):
        message.state, message.sent_at, message.last_error = MessageState.DEAD, None, MessageTrouble.BAD_EMAIL
        message.save(update_fields=["state", "sent_at", "last_error"])
