"""The coordinator's hand over planned messages: held back, cancelled, sent again, called, posted."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import Channel
from accounts.exceptions import RuleError
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.wording.addresses import postal_address
from courses.messaging.enums import CallAnswer, MessageState, MessageTrouble
from courses.messaging.kinds import kind_of
from courses.messaging.models import Message
from courses.messaging.rules.attempts import CALL_AGAIN_AFTER
from courses.messaging.rules.quiet_hours import next_allowed
from courses.messaging.rules.windows import KEPT_WITHOUT_EVENT
from courses.messaging.services.planning import BATCH, plan_next_channel


@transaction.atomic
def hold_message(*, message: Message, act: Act) -> None:
    """Keeps a planned message back until it is released."""
    if not Message.objects.filter(pk=message.pk, state=MessageState.PENDING).update(held=True):
        raise RuleError([_("The message is not waiting any more, so it cannot be held back.")])
    _record(message, act, "message.hold")


@transaction.atomic
def release_message(*, message: Message, act: Act) -> None:
    if not Message.objects.filter(pk=message.pk, state=MessageState.PENDING, held=True).update(held=False):
        raise RuleError([_("The message is not held back any more.")])
    _record(message, act, "message.release")


@transaction.atomic
def cancel_message(*, message: Message, act: Act) -> None:
    """The message does not go out; the planner does not plan it anew. What failed or was too late is set aside by that."""
    open_states = [MessageState.PENDING, MessageState.DEAD, MessageState.UNKNOWN, MessageState.MISSED]
    if not Message.objects.filter(pk=message.pk, state__in=open_states).update(
        state=MessageState.CANCELLED, done_by=act.by, last_error=MessageTrouble.BY_HAND
    ):
        raise RuleError([_("The message has left already or is on its way.")])
    _record(message, act, "message.cancel")


@transaction.atomic
def send_again(*, message: Message, act: Act) -> None:
    """Puts a failed or uncertain message back into the queue: a person has decided that a second copy is right."""
    failed = [MessageState.DEAD, MessageState.UNKNOWN, MessageState.MISSED]
    chance = next_allowed(act.at)
    expires_at = message.expires_at
    if not kind_of(message).fixed_end:
        expires_at = max(expires_at, act.at + KEPT_WITHOUT_EVENT)
    if chance >= expires_at:
        raise RuleError([_("It would come too late now. Phone the person instead.")])
    if not Message.objects.filter(pk=message.pk, state__in=failed).update(
        state=MessageState.PENDING,
        attempts=0,
        doubts=0,
        claim_token="",
        lease_until=None,
        wire_at=None,
        held=False,
        next_attempt_at=chance,
        expires_at=expires_at,
        last_error="",
    ):
        raise RuleError([_("Somebody else has dealt with the message meanwhile.")])
    _record(message, act, "message.again")


@transaction.atomic
def record_call(*, message: Message, answer: CallAnswer, act: Act) -> None:
    """What came of a call. Reached: done. No answer, or asked to call again: two working hours later. Wrong number: the
    next way to reach the person."""
    waiting = Message.objects.filter(pk=message.pk, channel=Channel.CALL, state=MessageState.PENDING)
    change = {"answer": answer, "attempts": message.attempts + 1, "done_by": act.by}
    if answer == CallAnswer.REACHED:
        change |= {"state": MessageState.SENT, "sent_at": act.at, "address": message.reader_phone}
    elif answer == CallAnswer.WRONG_NUMBER:
        change |= {"state": MessageState.DEAD, "last_error": MessageTrouble.WRONG_NUMBER}
    else:
        change |= {"next_attempt_at": next_allowed(act.at + CALL_AGAIN_AFTER), "done_by": None}
    if not waiting.update(**change):
        raise RuleError([_("Somebody else has recorded this call meanwhile.")])
    _record(message, act, "message.call", answer=answer)
    if answer == CallAnswer.WRONG_NUMBER:
        plan_next_channel(message=message, at=act.at)


@transaction.atomic
def mark_letters_posted(*, messages: Sequence[Message], texts: dict[int, tuple[str, str]], act: Act) -> int:
    """Marks letters as posted, in bulk. `texts`: message -> heading and text as they were printed. Returns how many."""
    rows = list(
        Message.objects.select_related("person").filter(
            pk__in=[message.pk for message in messages], channel=Channel.LETTER, state=MessageState.PENDING
        )
    )
    for row in rows:
        row.state, row.sent_at, row.done_by = MessageState.SENT, act.at, act.by
        row.address = postal_address(row.person)
        row.subject, row.body = texts.get(row.pk, ("", ""))
    Message.objects.bulk_update(rows, ["state", "sent_at", "done_by", "address", "subject", "body"], batch_size=BATCH)
    record_changes(
        audit_entry(by=act.by, action="message.post", subject=row.person, thing=row, detail={"rule": row.rule})
        for row in rows
    )
    return len(rows)


def _record(message: Message, act: Act, action: str, **detail: str) -> None:
    record_change(
        by=act.by, action=action, subject=message.person, thing=message, detail={"rule": message.rule, **detail}
    )
