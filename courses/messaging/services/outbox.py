"""Hands planned e-mails over: claim, ask the server, last check, content, confirm; and sweeps up after a crash.

The promise: what is due and still wanted goes out at least once, or stands before a coordinator as dead or unknown; at
most two copies, the second only after an ambiguous end; never two with the policy `hold`. Each step is its own short
transaction, and the update with the claim's token is what makes it correct, whatever runs beside it.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import uuid4

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import Channel
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.services.audit import record_change
from courses.messaging.channels.email import BadAddress, Mail, MailServer, Outcome, Reply, mail_of, message_id
from courses.messaging.channels.texts import MessageFacts
from courses.messaging.enums import MessagePolicy, MessageState, MessageTrouble
from courses.messaging.models import Message
from courses.messaging.rules.attempts import (
    CONFIRM_SECONDS,
    LEASE,
    MAX_DOUBTS,
    WIRE_LEASE,
    retry_delay,
    tries_are_used_up,
)
from courses.messaging.rules.quiet_hours import is_quiet, next_allowed, next_morning
from courses.messaging.selectors import has_kind, has_stopped, messages_with_facts, reminded_on_day_of, wanted
from courses.messaging.services.planning import plan_next_channel
from courses.messaging.wording import trouble_words

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Result = TypeVar("Result")

DATABASE_AWAY = (OperationalError, InterfaceError)
# After so many failures to connect in a row nothing is tried until the next tick.
BREAKER = 3


def send_due_messages(
    *,
    clock: Clock = timezone.now,
    seconds: float = 25.0,
    lease: timedelta = LEASE,
    wire_lease: timedelta = WIRE_LEASE,
    keep_going: Callable[[], bool] = lambda: True,
) -> Counter[str]:
    """Sends what is due for about `seconds`, one after the other, until nothing is left. Returns outcomes with counts.

    Any number of processes may do so at once. Stops early when the mail server cannot be reached: that is no failed try
    of any message, and the next tick begins anew.
    """
    outcomes: Counter[str] = Counter()
    failures = 0
    end = time.monotonic() + seconds
    with MailServer() as server:
        while failures < BREAKER and time.monotonic() < end and keep_going():
            outcome = _send_one(server, clock, lease, wire_lease)
            if outcome is None:
                break
            outcomes[outcome] += 1
            failures = failures + 1 if outcome == Outcome.NO_CONNECTION else 0
    if outcomes:
        log.info("messages handed over", **outcomes)
    return outcomes


def sweep_messages(*, at: datetime) -> Counter[str]:
    """Takes back what a crashed process left behind, and lists as missed what would now come too late.

    A lease that ended before the content began to leave: planned again. After it: ambiguous, so a second copy, or
    `unknown` by policy. Safe beside everything else. Returns what was done with counts.
    """
    swept: Counter[str] = Counter()
    left = Message.objects.filter(state=MessageState.SENDING, lease_until__lte=at)
    again = {"state": MessageState.PENDING, "claim_token": "", "lease_until": None, "next_attempt_at": next_allowed(at)}
    doubtful = left.filter(wire_at__isnull=False)
    resend = doubtful.filter(policy=MessagePolicy.RESEND, doubts__lt=MAX_DOUBTS - 1)
    swept["resent"] = resend.update(**again, wire_at=None, doubts=F("doubts") + 1, last_error=MessageTrouble.IN_DOUBT)
    swept["unknown"] = doubtful.update(
        state=MessageState.UNKNOWN,
        claim_token="",
        lease_until=None,
        doubts=F("doubts") + 1,
        last_error=MessageTrouble.IN_DOUBT,
    )
    swept["freed"] = left.filter(wire_at__isnull=True).update(**again)
    swept["missed"] = Message.objects.filter(state=MessageState.PENDING, expires_at__lte=at).update(
        state=MessageState.MISSED, last_error=MessageTrouble.TOO_LATE
    )
    return +swept


def claim_message(*, at: datetime, token: str, lease: timedelta = LEASE) -> Message | None:
    """Takes the e-mail that has been due longest, for `lease`. None in quiet hours and when nothing is due."""
    if is_quiet(at):
        return None
    with transaction.atomic():
        due = Message.objects.filter(
            has_kind(),
            state=MessageState.PENDING,
            channel=Channel.EMAIL,
            held=False,
            next_attempt_at__lte=at,
            expires_at__gt=at,
        ).order_by("next_attempt_at", "id")
        # What others hold is passed over on PostgreSQL; SQLite lets one writer in at a time.
        for pk in due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:1]:
            if (
                due.order_by()
                .filter(pk=pk)
                .update(
                    state=MessageState.SENDING,
                    claim_token=token,
                    lease_until=at + lease,
                    wire_at=None,
                    attempts=F("attempts") + 1,
                )
            ):
                return messages_with_facts().get(pk=pk)
    return None


def send_test(*, message: Message, act: Act) -> None:
    """The message as it would leave now, to the coordinator's own address, at any hour. Nothing of the row changes."""
    if act.by is None or not act.by.email:
        raise RuleError([_("You have no e-mail address to send a test to.")])
    try:
        mail = mail_of(
            message, MessageFacts([message], at=act.at), at=act.at, recipient=act.by.email, prefix=f"{_('Test:')} "
        )
    except BadAddress:
        raise RuleError([_("Your e-mail address is not a valid one.")]) from None
    with MailServer() as server:
        reply = server.hand_over(mail, fence=lambda: True)
    if reply.outcome != Outcome.SENT:
        raise RuleError([_("The mail server did not take the test: %(why)s") % {"why": trouble_words(reply.note)}])
    record_change(by=act.by, action="message.test", subject=message.person, thing=message)


def _send_one(server: MailServer, clock: Clock, lease: timedelta, wire_lease: timedelta) -> str | None:
    """None when nothing is due. While the database is away nothing leaves; the claim is given back when it returns."""
    token = str(uuid4())
    try:
        message = claim_message(at=clock(), token=token, lease=lease)
        if message is None:
            return None
        mail = _mail(message, clock)
        reply = mail if isinstance(mail, Reply) else _hand_over(message, mail, server, clock, wire_lease)
    except DATABASE_AWAY:
        # Whether the claim or the last check was written is not known; that nothing left is.
        _patiently(lambda: _give_back(token, clock()))
        return "database_away"
    return _patiently(lambda: _settle(message, mail, reply, clock()))


def _mail(message: Message, clock: Clock) -> Mail | Reply:
    at = clock()
    if not message.reader_email:
        return Reply(Outcome.REFUSED, MessageTrouble.NO_EMAIL)
    try:
        return mail_of(message, MessageFacts([message], at=at), at=at)
    except BadAddress:
        return Reply(Outcome.REFUSED, MessageTrouble.BAD_EMAIL)
    except DATABASE_AWAY:
        raise
    except Exception:
        # One text that cannot be made must not stop all that come after it.
        log.exception("message cannot be made", message_pk=message.pk)
        return Reply(Outcome.LATER, MessageTrouble.FAULT)


def _hand_over(message: Message, mail: Mail, server: MailServer, clock: Clock, wire_lease: timedelta) -> Reply:
    return server.hand_over(mail, fence=lambda: _may_leave(message, clock(), wire_lease))


def _may_leave(message: Message, at: datetime, wire_lease: timedelta) -> bool:
    """The last check, and the note that from now on the content may have left: one update, or nothing leaves."""
    if is_quiet(at):
        return False
    with transaction.atomic():
        # Two reminders to one person at the same moment: the second sees the first.
        Person.objects.select_for_update(no_key=True).filter(pk=message.person_id).values_list("pk").first()
        mine = Message.objects.filter(
            wanted(at),
            pk=message.pk,
            state=MessageState.SENDING,
            claim_token=message.claim_token,
            lease_until__gt=at,
            expires_at__gt=at,
            held=False,
        )
        return bool(mine.update(wire_at=at, lease_until=at + wire_lease, message_id=message_id(message)))


@transaction.atomic
def _settle(message: Message, mail: Mail | Reply, reply: Reply, at: datetime) -> str:
    """Writes down how the hand-over ended. Only of a claim that is still ours, but for a mail that was taken: that one
    is sent, whoever holds the row by now."""
    if reply.outcome == Outcome.SENT:
        assert isinstance(mail, Mail)
        Message.objects.filter(pk=message.pk).exclude(state=MessageState.SENT).update(
            state=MessageState.SENT,
            sent_at=at,
            address=mail.recipient,
            subject=mail.text.subject,
            body=mail.text.body,
            claim_token="",
            lease_until=None,
            last_error="",
        )
        return reply.outcome
    if reply.outcome == Outcome.FENCED:
        return _settle_unfit(message, at)
    change = _after(message, reply, at)
    written = _ours(message).update(claim_token="", lease_until=None, last_error=reply.note, **change)
    if written and change["state"] == MessageState.DEAD:
        plan_next_channel(message=message, at=at)
    return reply.outcome


def _after(message: Message, reply: Reply, at: datetime) -> dict[str, object]:
    """What a failed hand-over makes of the row: tried again later, dead, or unknown."""
    later: dict[str, object] = {
        "state": MessageState.PENDING,
        "wire_at": None,
        "next_attempt_at": next_allowed(at + retry_delay(message.attempts)),
    }
    match reply.outcome:
        case Outcome.NO_CONNECTION:
            return later | {"attempts": F("attempts") - 1, "next_attempt_at": next_allowed(at + retry_delay(0))}
        case Outcome.LATER if not tries_are_used_up(message.attempts):
            return later
        case Outcome.DOUBT if message.policy == MessagePolicy.RESEND and message.doubts + 1 < MAX_DOUBTS:
            return later | {"doubts": F("doubts") + 1}
        case Outcome.DOUBT:
            return {"state": MessageState.UNKNOWN, "doubts": F("doubts") + 1}
        case _:
            return {"state": MessageState.DEAD, "wire_at": None}


def _settle_unfit(message: Message, at: datetime) -> str:
    """The last check said no: too late, too early, held, one reminder too many for the day, or not wanted any more."""
    row = _ours(message).first()
    if row is None:
        return "lost"
    change: dict[str, object]
    back: dict[str, object] = {
        "state": MessageState.PENDING,
        "attempts": F("attempts") - 1,
        "next_attempt_at": next_allowed(at),
    }
    fits = Message.objects.filter(wanted(at), pk=row.pk).exists()
    if row.expires_at <= at:
        change = {"state": MessageState.MISSED, "last_error": MessageTrouble.TOO_LATE}
    elif is_quiet(at) or row.held or fits:
        change = back
    elif reminded_on_day_of(row, at):
        change = back | {"next_attempt_at": next_morning(at), "last_error": MessageTrouble.ONE_A_DAY}
    else:
        why = MessageTrouble.STOPPED if has_stopped(row) else MessageTrouble.NOT_WANTED
        change = {"state": MessageState.CANCELLED, "last_error": why}
    _ours(message).update(claim_token="", lease_until=None, **change)
    return str(change["state"])


def _give_back(token: str, at: datetime) -> None:
    Message.objects.filter(state=MessageState.SENDING, claim_token=token).update(
        state=MessageState.PENDING,
        claim_token="",
        lease_until=None,
        wire_at=None,
        attempts=F("attempts") - 1,
        next_attempt_at=next_allowed(at),
    )


def _ours(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=MessageState.SENDING, claim_token=message.claim_token)


def _patiently(write: Callable[[], Result], seconds: float = CONFIRM_SECONDS) -> Result:
    """Writes, and while the database is away tries again: what is not written down would be sent twice."""
    end = time.monotonic() + seconds
    while True:
        try:
            return write()
        except DATABASE_AWAY:
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.25)
