"""Plans messages as rows, inside the transaction of what causes them.

Sending is messaging.services.outbox. Planning the same thing twice makes one row: the key says what a message is about. What is
told to whom, and when, is for the kinds to say.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import Channel
from accounts.models import ContactPerson, Person
from accounts.services.bulk import insert_rows
from courses.messaging.enums import MessageState, MessageTrouble
from courses.messaging.kinds import Kind, Notification, kind_of, kinds
from courses.messaging.models import Message
from courses.messaging.rules.keys import contact_key, first_channel_key, next_channel_key, without_contact
from courses.messaging.rules.windows import Window, reach_order
from courses.messaging.selectors import revivable

BATCH = 500


def plan_messages(*, at: datetime) -> int:
    """What time alone makes due. Everything else is planned where it happens. Returns how many rows are new."""
    return sum(kind.plan(at) for kind in kinds())


@transaction.atomic
def replan_session(*, session_id: int, schedule_revision: int, at: datetime) -> int:
    """After a session was moved or cancelled: takes back what was planned for the old time, plans the new one.

    The caller has raised the session's revision, in the same transaction. Returns how many rows are new.
    """
    of_the_old_time = Message.objects.filter(session=session_id).exclude(schedule_revision=schedule_revision)
    cancel_rows(of_the_old_time, MessageTrouble.MOVED_SESSION)
    return sum(kind.plan_session(session_id, at) for kind in kinds())


@transaction.atomic
def cancel_messages_for_contact(*, contact: ContactPerson, rule: str = "") -> int:
    """The contact person is not told any more, of nothing or of one thing. Who was reached through them alone is reminded
    with the next tick."""
    rows = Message.objects.filter(contact=contact)
    return cancel_rows(rows.filter(rule=rule) if rule else rows, MessageTrouble.CONTACT_ENDED)


@transaction.atomic
def cancel_messages_for_person(*, person: Person, why: str = MessageTrouble.PERSON_UNREACHABLE) -> int:
    """Takes back everything still planned for a person. Returns how many."""
    return cancel_rows(Message.objects.filter(person=person), why)


def plan_next_channel(*, message: Message, at: datetime) -> Message | None:
    """After a message failed for good: the same on the next way to reach the reader, within the caller's transaction.

    When a contact person cannot be reached, who wanted to be told through them is told. None when there is no way left;
    the failed row itself then stands before the coordinator.
    """
    follower = _on_next_channel(message, message.contact, message.dedupe_key, at)
    if follower is None and message.contact and message.person.channel == Channel.CONTACT:
        follower = _on_next_channel(message, None, without_contact(message.dedupe_key, message.contact.pk), at)
    if follower:
        Message.objects.bulk_create([follower], ignore_conflicts=True)
    return follower


# What the kinds plan with


def best_row(notification: Notification, at: datetime) -> Message:
    """An unsaved row on the best channel that is still in time. Too late on each: missed. No way at all: dead."""
    if notification.contact:
        about = {**notification.about, "contact": notification.contact}
        notification = replace(notification, key=contact_key(notification.key, notification.contact.pk), about=about)
    ways = ways_to_reach(notification.person, notification.contact)
    if notification.call_first:
        ways.sort(key=lambda way: way != Channel.CALL)
    windows = {channel: notification.window(channel, at) for channel in ways}
    if not windows:
        return lost(
            row_on(notification, notification.person.channel, notification.window(notification.person.channel, at), at)
        )
    for channel, window in windows.items():
        if window.first_chance(at) is not None:
            return row_on(notification, channel, window, at)
    channel, window = next(iter(windows.items()))
    return late(row_on(notification, channel, window, at))


def row_on(notification: Notification, channel: str, window: Window, at: datetime) -> Message:
    """An unsaved row on one channel."""
    return Message(
        rule=str(notification.kind.rule),
        dedupe_key=notification.key,
        person=notification.person,
        channel=channel,
        policy=notification.kind.policy,
        due_at=window.due_at,
        expires_at=window.expires_at,
        next_attempt_at=window.first_chance(at) or window.expires_at,
        **notification.about,
    )


def late(row: Message) -> Message:
    row.state, row.last_error = MessageState.MISSED, MessageTrouble.TOO_LATE
    return row


def lost(row: Message) -> Message:
    """A row that nothing can carry: it stands before a coordinator."""
    row.state, row.last_error = MessageState.DEAD, MessageTrouble.NO_ADDRESS
    return row


def ways_to_reach(person: Person, contact: ContactPerson | None = None) -> list[Channel]:
    """The channels on which the reader can be told, best first."""
    if contact:
        ways = {Channel.EMAIL: bool(contact.email), Channel.CALL: bool(contact.phone)}
        return [way for way, known in ways.items() if known]
    return reach_order(
        channel=person.channel,
        second_channel=person.second_channel,
        has_email=bool(person.email),
        has_phone=bool(person.phone),
        has_address=bool(person.street and person.postal_code),
    )


def save_rows(rows: list[Message]) -> int:
    """Adds the rows that do not exist, and brings back those that circumstances had cancelled."""
    if not rows:
        return 0
    keys = [row.dedupe_key for row in rows]
    before = set(Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    new = [row for row in rows if row.dedupe_key not in before]
    # Somebody else may plan the same at this moment: the key decides.
    insert_rows(Message, new, ignore_conflicts=True)
    return len(new) + _revive([row for row in rows if row.dedupe_key in before])


def cancel_rows(messages: QuerySet[Message], why: str) -> int:
    """Takes back those of `messages` that still wait; what is being handed over is stopped by its last check."""
    return messages.filter(state=MessageState.PENDING).update(state=MessageState.CANCELLED, last_error=why)


def supersede(rows: Iterable[Message], *rules: str) -> None:
    """Takes back what the enrollments of `rows` still have to come by `rules`, but for `rows`: it is not so any more."""
    rows = list(rows)
    older = Message.objects.filter(enrollment__in={row.enrollment_id for row in rows}, rule__in=rules)
    cancel_rows(older.exclude(dedupe_key__in=[row.dedupe_key for row in rows]), MessageTrouble.NOT_WANTED)


def _on_next_channel(message: Message, contact: ContactPerson | None, key: str, at: datetime) -> Message | None:
    kind = kind_of(message)
    base = first_channel_key(key)
    rows = Message.objects.filter(dedupe_key__startswith=base).values_list("dedupe_key", "channel")
    used = {key: channel for key, channel in rows if first_channel_key(key) == base}
    notification = _the_same(message, kind, contact, next_channel_key(used) if used else base)
    for channel in ways_to_reach(message.person, contact):
        window = kind.later_window(message, channel, at)
        if channel not in used.values() and window is not None and window.first_chance(at) is not None:
            return row_on(notification, channel, window, at)
    return None


def _the_same(message: Message, kind: Kind, contact: ContactPerson | None, key: str) -> Notification:
    return Notification(
        kind=kind,
        person=message.person,
        key=key,
        about={
            "enrollment_id": message.enrollment_id,
            "session_id": message.session_id,
            "certificate_id": message.certificate_id,
            "schedule_revision": message.schedule_revision,
            "contact": contact,
        },
    )


def _revive(rows: list[Message]) -> int:
    fresh = {row.dedupe_key: row for row in rows}
    cancelled = list(Message.objects.filter(revivable(), dedupe_key__in=fresh)) if fresh else []
    for message in cancelled:
        row = fresh[message.dedupe_key]
        message.state, message.last_error = row.state, row.last_error
        message.channel, message.attempts = row.channel, 0
        message.due_at, message.expires_at, message.next_attempt_at = row.due_at, row.expires_at, row.next_attempt_at
    Message.objects.bulk_update(
        cancelled,
        ["state", "last_error", "channel", "attempts", "due_at", "expires_at", "next_attempt_at"],
        batch_size=BATCH,
    )
    return len(cancelled)
