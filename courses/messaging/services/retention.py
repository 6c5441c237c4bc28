"""What messages said and where they went goes here when its time is over; that they went stays. Each call takes at most a
batch and says how many it took."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.enums import Channel
from accounts.rules.retention import CALL_MONTHS, MESSAGE_MONTHS, months_before
from courses.messaging.enums import MessageState, MessageTrouble
from courses.messaging.models import HAS_TEXT, Message
from courses.messaging.selectors import OPEN_MESSAGES

BATCH = 1_000
_EMPTY = {"address": "", "subject": "", "body": "", "answer": ""}


def old_texts(*, at: datetime) -> QuerySet[Message]:
    """Messages on paper and by wire, 6 months after they were due."""
    return _old(~Q(channel=Channel.CALL), months_before(at, MESSAGE_MONTHS))


def old_call_notes(*, at: datetime) -> QuerySet[Message]:
    """Calls with what was answered, 3 months after they were due."""
    return _old(Q(channel=Channel.CALL), months_before(at, CALL_MONTHS))


@transaction.atomic
def empty_old_texts(*, at: datetime) -> int:
    return _empty(old_texts(at=at))


@transaction.atomic
def empty_old_call_notes(*, at: datetime) -> int:
    return _empty(old_call_notes(at=at))


def has_lost_text(message: Message, at: datetime) -> bool:
    """Whether it was sent so long ago that nobody knows any more what it said."""
    is_old = message.due_at <= months_before(at, MESSAGE_MONTHS)
    return is_old and message.state == MessageState.SENT and not message.body and message.channel != Channel.CALL


def forget_messages_of(*, people: Iterable[int]) -> None:
    """Nothing more is sent to them, and what was sent says no more than that. In the caller's transaction."""
    of_them = Message.objects.filter(person__in=list(people))
    of_them.filter(state=MessageState.PENDING).update(
        state=MessageState.CANCELLED, last_error=MessageTrouble.PERSON_UNREACHABLE
    )
    of_them.update(**_EMPTY)


def _old(kind: Q, limit: datetime) -> QuerySet[Message]:
    return Message.objects.filter(HAS_TEXT, kind, due_at__lte=limit).exclude(state__in=OPEN_MESSAGES)


def _empty(messages: QuerySet[Message]) -> int:
    pks = list(messages.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    return Message.objects.filter(pk__in=pks).update(**_EMPTY)
