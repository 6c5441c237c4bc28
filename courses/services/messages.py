"""Plans messages as rows, inside the transaction of what causes them, and keeps the coordinator's hand over them.

Sending is services.outbox. Planning the same thing twice makes one row: the key says what a message is about.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Channel, HowAsked
from accounts.models import ContactPerson, Person
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.bulk import insert_rows
from courses.enums import CallAnswer, MessageState, MessageTrouble, ReminderRule
from courses.exceptions import RuleError
from courses.models import Certificate, Enrollment, Message, ReminderStop, Session
from courses.rules.offers import offer_times
from courses.rules.reminders import (
    CALL_AGAIN_AFTER,
    CALL_WHEN_SO_NEAR,
    KEPT_WITHOUT_EVENT,
    OFFER_RULES,
    Window,
    application_received_key,
    certificate_ready_key,
    cohort_cancelled_key,
    companion_left_key,
    contact_key,
    first_channel_key,
    local_day,
    may_be_stopped,
    next_allowed,
    next_channel_key,
    offer_channels,
    offer_key,
    offer_reminder_at,
    offer_window,
    place_confirmed_key,
    policy_for,
    reach_order,
    session_reminder_days,
    session_soon_key,
    window_for,
    without_contact,
)
from courses.selectors.messages import (
    contacts_to_tell,
    first_days,
    first_sessions_to_come,
    missing_contact_reminders,
    missing_session_reminders,
    next_meetings,
    reminder_days,
    revivable,
)

# Letters go out longest before their session; a holiday season may lie between.
LONGEST_LEAD = timedelta(days=16)
BATCH = 500


@transaction.atomic
def plan_application_received(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells those who applied or wait that the application has come, and what happens next. Returns how many rows are
    new. The person of each enrollment is at hand; constant query count, as of all planning here."""
    rows = _about_places(
        ReminderRule.APPLICATION_RECEIVED,
        enrollments,
        lambda enrollment: application_received_key(enrollment.pk, enrollment.state),
        at,
    )
    _supersede(rows, ReminderRule.APPLICATION_RECEIVED)
    return _save(rows)


@transaction.atomic
def plan_place_confirmed(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells each person that they have a place. Returns how many rows are new."""
    rows = _about_places(
        ReminderRule.PLACE_CONFIRMED,
        enrollments,
        lambda enrollment: place_confirmed_key(enrollment.pk, enrollment.cohort_id, at),
        at,
    )
    _supersede(rows, ReminderRule.APPLICATION_RECEIVED, ReminderRule.PLACE_CONFIRMED)
    return _save(rows)


@transaction.atomic
def plan_seat_offered(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells each person of the seat that is held for them, on all quick ways at once, and once more before it lapses.

    A call when the group starts soon or an earlier offer lapsed without an answer. Whom neither mail nor phone reaches
    gets a letter if it comes in time, else stands before a coordinator as `dead`. Returns how many rows are new.
    """
    enrollments = list(enrollments)
    starts = first_days({enrollment.cohort_id for enrollment in enrollments})
    rows = []
    for enrollment in enrollments:
        near = offer_times(at=at, starts_at=starts[enrollment.cohort_id]).by_call
        told = _offer_rows(enrollment, by_call=near or enrollment.offers_lapsed > 0, at=at)
        rows += told + _offer_reminder(enrollment, at)
    _supersede(rows, ReminderRule.APPLICATION_RECEIVED, *OFFER_RULES)
    return _save(rows)


@transaction.atomic
def plan_cohort_cancelled(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Tells everybody whose enrollment ended with its group, and the contact people who may be told of changes.

    The text names the other group when the person was enrolled there at that same moment. Returns how many rows are new.
    """
    enrollments = list(enrollments)
    meetings = next_meetings({enrollment.cohort_id for enrollment in enrollments}, at)
    people = {enrollment.person_id for enrollment in enrollments}
    contacts = contacts_to_tell(people, ReminderRule.COHORT_CANCELLED, local_day(at))
    rows = []
    for enrollment in enrollments:
        person, helpers = enrollment.person, contacts.get(enrollment.person_id, [])
        for contact in [*helpers, *([] if _is_told_through(person, helpers) else [None])]:
            event_at = meetings.get(enrollment.cohort_id)
            rows.append(
                _planned(
                    ReminderRule.COHORT_CANCELLED,
                    person,
                    key=cohort_cancelled_key(enrollment.pk, at),
                    at=at,
                    event_at=event_at,
                    call_first=event_at is not None and event_at - at < CALL_WHEN_SO_NEAR,
                    contact=contact,
                    enrollment=enrollment,
                )
            )
    return _save(rows)


@transaction.atomic
def plan_companion_left(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """Asks those who are left of a party whether they still want to come. Returns how many rows are new."""
    return _save(
        _about_places(
            ReminderRule.COMPANION_LEFT,
            enrollments,
            lambda enrollment: companion_left_key(enrollment.pk, at),
            at,
        )
    )


@transaction.atomic
def plan_certificate_ready(*, certificates: Iterable[Certificate], at: datetime) -> int:
    """Tells each holder that the certificate is ready. Returns how many rows are new."""
    return _save(
        [
            _planned(
                ReminderRule.CERTIFICATE_READY,
                certificate.person,
                key=certificate_ready_key(certificate.pk),
                at=at,
                certificate=certificate,
            )
            for certificate in certificates
        ]
    )


@transaction.atomic
def plan_session_reminders(*, at: datetime, days: int = 14, session: Session | None = None) -> int:
    """Plans the reminders of the sessions of the coming `days`, or of `session` alone, to the people and to the contact
    people who are told. Returns how many rows are new.

    Run as often as one likes. Whoever got the place after the reminder's day was just told when the session is, and is
    not reminded. A second reminder on a day goes to another day. Who wants to be reached through a contact person who
    is told gets no reminder of their own.
    """
    span: dict[str, Any] = {
        "starts_after": at,
        "starts_until": at + timedelta(days=days) + LONGEST_LEAD,
        "session": session,
    }
    own = [row for row in missing_session_reminders(**span) if not _was_told_just_now(row)]
    through = [row for row in missing_contact_reminders(**span) if not _was_told_just_now(row)]
    contacts = ContactPerson.objects.in_bulk({row.contact_pk for row in through}) if through else {}
    rows: list[tuple[Any, ContactPerson | None]] = [(row, None) for row in own]
    rows += [(row, contacts[row.contact_pk]) for row in through]
    taken = reminder_days({row.person_id for row, _contact in rows}, at - timedelta(days=1)) if rows else {}
    planned = []
    for enrollment, contact in rows:
        mine = taken.setdefault((enrollment.person_id, contact.pk if contact else None), set())
        message = _planned(
            ReminderRule.SESSION_SOON,
            enrollment.person,
            key=session_soon_key(enrollment.pk, enrollment.session_pk, enrollment.session_revision),
            at=at,
            event_at=enrollment.session_starts_at,
            days_before=session_reminder_days(enrollment.session_starts_at, mine),
            contact=contact,
            enrollment=enrollment,
            session_id=enrollment.session_pk,
            schedule_revision=enrollment.session_revision,
        )
        mine.add(local_day(message.due_at))
        planned.append(message)
    return _save(planned)


def plan_messages(*, at: datetime) -> int:
    """What time alone makes due. Everything else is planned where it happens."""
    return plan_session_reminders(at=at)


@transaction.atomic
def replan_session(*, session: Session, at: datetime) -> int:
    """After a session was moved or cancelled: takes back what was planned for the old time, plans the new one.

    The caller has raised the session's revision, in the same transaction. Returns how many rows are new.
    """
    _cancel(
        Message.objects.filter(session=session).exclude(schedule_revision=session.schedule_revision),
        MessageTrouble.MOVED_SESSION,
    )
    return plan_session_reminders(at=at, session=session)


@transaction.atomic
def cancel_messages_for_enrollments(
    *, enrollments: Iterable[Enrollment], at: datetime, why: str = MessageTrouble.ENROLLMENT_ENDED
) -> int:
    """Takes back what is still planned; what is being handed over is stopped by its last check. Returns how many.

    That a group was cancelled is told to those whose enrollment ended: it stays.
    """
    rows = Message.objects.filter(enrollment__in=[enrollment.pk for enrollment in enrollments])
    return _cancel(rows.exclude(rule=ReminderRule.COHORT_CANCELLED), why)


@transaction.atomic
def cancel_offer_messages(*, enrollments: Iterable[Enrollment], at: datetime) -> int:
    """An offer was answered or has lapsed: nobody is asked any more. Returns how many rows were taken back."""
    rows = Message.objects.filter(enrollment__in=[enrollment.pk for enrollment in enrollments], rule__in=OFFER_RULES)
    return _cancel(rows, MessageTrouble.OFFER_ENDED)


def cancel_companion_left(*, enrollments: Iterable[int]) -> int:
    """The companion comes after all: nobody is asked. Returns how many rows were taken back."""
    rows = Message.objects.filter(enrollment__in=list(enrollments), rule=ReminderRule.COMPANION_LEFT)
    return _cancel(rows, MessageTrouble.NOT_WANTED)


@transaction.atomic
def cancel_messages_for_contact(*, contact: ContactPerson, at: datetime, rule: str = "") -> int:
    """The contact person is not told any more, of nothing or of one thing. Who was reached through them alone is reminded
    with the next tick."""
    rows = Message.objects.filter(contact=contact)
    return _cancel(rows.filter(rule=rule) if rule else rows, MessageTrouble.CONTACT_ENDED)


@transaction.atomic
def cancel_messages_for_person(*, person: Person, at: datetime, why: str = MessageTrouble.PERSON_UNREACHABLE) -> int:
    """Takes back everything still planned for a person. Returns how many."""
    return _cancel(Message.objects.filter(person=person), why)


# The person's wish


@transaction.atomic
def stop_reminders(
    *, person: Person, rule: ReminderRule, how_asked: HowAsked, at: datetime, by: Person | None = None
) -> ReminderStop:
    """No more of these reminders, from this moment on. Asked twice, it is stopped once."""
    if not may_be_stopped(rule):
        raise RuleError([_("These messages cannot be stopped: each is sent once and answers something you did.")])
    stop, new = ReminderStop.objects.get_or_create(
        person=person, rule=rule, ended_at=None, defaults={"stopped_at": at, "how_asked": how_asked, "by": by}
    )
    if new:
        _cancel(Message.objects.filter(person=person, rule=rule), MessageTrouble.STOPPED)
        record_change(
            by=by, action="reminder.stop", subject=person, thing=stop, detail={"rule": rule, "how_asked": how_asked}
        )
    return stop


@transaction.atomic
def resume_reminders(
    *, person: Person, rule: ReminderRule, how_asked: HowAsked, at: datetime, by: Person | None = None
) -> None:
    """The reminders come again; those of coming sessions are planned with the next tick."""
    if ReminderStop.objects.filter(person=person, rule=rule, ended_at__isnull=True).update(ended_at=at):
        record_change(by=by, action="reminder.resume", subject=person, detail={"rule": rule, "how_asked": how_asked})


# The coordinator's hand


@transaction.atomic
def hold_message(*, message: Message, by: Person) -> None:
    """Keeps a planned message back until it is released."""
    if not Message.objects.filter(pk=message.pk, state=MessageState.PENDING).update(held=True):
        raise RuleError([_("The message is not waiting any more, so it cannot be held back.")])
    _record(message, by, "message.hold")


@transaction.atomic
def release_message(*, message: Message, by: Person) -> None:
    if not Message.objects.filter(pk=message.pk, state=MessageState.PENDING, held=True).update(held=False):
        raise RuleError([_("The message is not held back any more.")])
    _record(message, by, "message.release")


@transaction.atomic
def cancel_message(*, message: Message, by: Person) -> None:
    """The message does not go out; the planner does not plan it anew."""
    open_states = [MessageState.PENDING, MessageState.DEAD, MessageState.UNKNOWN]
    if not Message.objects.filter(pk=message.pk, state__in=open_states).update(
        state=MessageState.CANCELLED, done_by=by, last_error=MessageTrouble.BY_HAND
    ):
        raise RuleError([_("The message has left already or is on its way.")])
    _record(message, by, "message.cancel")


@transaction.atomic
def send_again(*, message: Message, by: Person, at: datetime) -> None:
    """Puts a failed or uncertain message back into the queue: a person has decided that a second copy is right."""
    failed = [MessageState.DEAD, MessageState.UNKNOWN, MessageState.MISSED]
    chance = next_allowed(at)
    expires_at = message.expires_at
    if message.session_id is None and message.rule not in OFFER_RULES:
        expires_at = max(expires_at, at + KEPT_WITHOUT_EVENT)
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
    _record(message, by, "message.again")


@transaction.atomic
def record_call(*, message: Message, answer: CallAnswer, by: Person, at: datetime) -> None:
    """What came of a call. Reached: done. No answer, or asked to call again: two working hours later. Wrong number: the
    next way to reach the person."""
    waiting = Message.objects.filter(pk=message.pk, channel=Channel.CALL, state=MessageState.PENDING)
    change = {"answer": answer, "attempts": message.attempts + 1, "done_by": by}
    if answer == CallAnswer.REACHED:
        change |= {"state": MessageState.SENT, "sent_at": at, "address": message.reader_phone}
    elif answer == CallAnswer.WRONG_NUMBER:
        change |= {"state": MessageState.DEAD, "last_error": MessageTrouble.WRONG_NUMBER}
    else:
        change |= {"next_attempt_at": next_allowed(at + CALL_AGAIN_AFTER), "done_by": None}
    if not waiting.update(**change):
        raise RuleError([_("Somebody else has recorded this call meanwhile.")])
    _record(message, by, "message.call", answer=answer)
    if answer == CallAnswer.WRONG_NUMBER:
        plan_next_channel(message=message, at=at)


@transaction.atomic
def mark_letters_posted(
    *, messages: Sequence[Message], texts: dict[int, tuple[str, str]], by: Person, at: datetime
) -> int:
    """Marks letters as posted, in bulk. `texts`: message -> heading and text as they were printed. Returns how many."""
    rows = list(
        Message.objects.select_related("person").filter(
            pk__in=[message.pk for message in messages], channel=Channel.LETTER, state=MessageState.PENDING
        )
    )
    for row in rows:
        row.state, row.sent_at, row.done_by = MessageState.SENT, at, by
        row.address = postal_address(row.person)
        row.subject, row.body = texts.get(row.pk, ("", ""))
    Message.objects.bulk_update(rows, ["state", "sent_at", "done_by", "address", "subject", "body"], batch_size=BATCH)
    record_changes(
        audit_entry(by=by, action="message.post", subject=row.person, thing=row, detail={"rule": row.rule})
        for row in rows
    )
    return len(rows)


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


def _on_next_channel(message: Message, contact: ContactPerson | None, key: str, at: datetime) -> Message | None:
    base = first_channel_key(key)
    rows = Message.objects.filter(dedupe_key__startswith=base).values_list("dedupe_key", "channel")
    used = {key: channel for key, channel in rows if first_channel_key(key) == base}
    for channel in _ways(message.person, contact):
        window = _later_window(message, channel, at)
        if channel in used.values() or window is None or window.first_chance(at) is None:
            continue
        return _row(
            message.rule,
            message.person,
            key=next_channel_key(used) if used else base,
            channel=channel,
            window=window,
            at=at,
            enrollment_id=message.enrollment_id,
            session_id=message.session_id,
            certificate_id=message.certificate_id,
            contact=contact,
            schedule_revision=message.schedule_revision,
        )
    return None


def _later_window(message: Message, channel: Channel, at: datetime) -> Window | None:
    if message.rule in OFFER_RULES:
        return offer_window(channel, at=at, expires_at=message.expires_at)
    event_at = message.session.starts_at if message.session else None
    return Window(at, window_for(message.rule, channel, at=at, event_at=event_at).expires_at)


def postal_address(person: Person) -> str:
    """One line: street, postal code and town."""
    return ", ".join(part for part in (person.street, f"{person.postal_code} {person.city}".strip()) if part)


def _ways(person: Person, contact: ContactPerson | None = None) -> list[Channel]:
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


def _is_told_through(person: Person, helpers: Sequence[ContactPerson]) -> bool:
    """Whether the contact people get what the person would."""
    return person.channel == Channel.CONTACT and bool(helpers)


def _planned(
    rule: ReminderRule,
    person: Person,
    *,
    key: str,
    at: datetime,
    event_at: datetime | None = None,
    days_before: int = 2,
    call_first: bool = False,
    contact: ContactPerson | None = None,
    **about: Any,
) -> Message:
    """An unsaved row on the best channel that is still in time. Too late on each: missed. No way at all: dead."""
    if contact:
        key, about = contact_key(key, contact.pk), about | {"contact": contact}
    ways = _ways(person, contact)
    if call_first:
        ways.sort(key=lambda way: way != Channel.CALL)
    windows = {
        channel: window_for(rule, channel, at=at, event_at=event_at, days_before=days_before) for channel in ways
    }
    if not windows:
        window = window_for(rule, person.channel, at=at, event_at=event_at, days_before=days_before)
        return _lost(rule, person, MessageTrouble.NO_ADDRESS, key=key, window=window, at=at, **about)
    for channel, window in windows.items():
        if window.first_chance(at) is not None:
            return _row(rule, person, key=key, channel=channel, window=window, at=at, **about)
    channel, window = next(iter(windows.items()))
    return _late(_row(rule, person, key=key, channel=channel, window=window, at=at, **about))


def _late(row: Message) -> Message:
    row.state, row.last_error = MessageState.MISSED, MessageTrouble.TOO_LATE
    return row


def _lost(rule: str, person: Person, why: MessageTrouble, **row: Any) -> Message:
    """A row that nothing can carry: it stands before a coordinator."""
    lost = _row(rule, person, channel=person.channel, **row)
    lost.state, lost.last_error = MessageState.DEAD, why
    return lost


def _offer_rows(enrollment: Enrollment, *, by_call: bool, at: datetime) -> list[Message]:
    """The offer on each of its ways, the second with the key of a second channel."""
    person, expires_at = enrollment.person, enrollment.offer_expires_at
    assert expires_at is not None
    key = offer_key(ReminderRule.SEAT_OFFERED, enrollment.pk, expires_at)
    ways = offer_channels(
        by_call=by_call,
        channel=person.channel,
        second_channel=person.second_channel,
        has_email=bool(person.email),
        has_phone=bool(person.phone),
    )
    window = Window(next_allowed(at), expires_at)
    if not ways and Channel.LETTER in _ways(person) and offer_window(Channel.LETTER, at=at, expires_at=expires_at):
        ways = [Channel.LETTER]
    if not ways:
        about = {"key": key, "window": window, "at": at, "enrollment": enrollment}
        return [_lost(ReminderRule.SEAT_OFFERED, person, MessageTrouble.NO_ADDRESS, **about)]
    rows: list[Message] = []
    for channel in ways:
        row = _row(
            ReminderRule.SEAT_OFFERED,
            person,
            key=next_channel_key([one.dedupe_key for one in rows]) if rows else key,
            channel=channel,
            window=window,
            at=at,
            enrollment=enrollment,
        )
        rows.append(row if window.first_chance(at) else _late(row))
    return rows


def _offer_reminder(enrollment: Enrollment, at: datetime) -> list[Message]:
    """Once more before the offer lapses, by phone when there is one: the mail was there already. No letter."""
    person, expires_at = enrollment.person, enrollment.offer_expires_at
    assert expires_at is not None
    due_at = offer_reminder_at(offered_at=at, expires_at=expires_at)
    channel = Channel.CALL if person.phone else Channel.EMAIL if person.email else None
    if due_at is None or channel is None:
        return []
    key = offer_key(ReminderRule.OFFER_LAPSING, enrollment.pk, expires_at)
    window = Window(due_at, expires_at)
    return [
        _row(ReminderRule.OFFER_LAPSING, person, key=key, channel=channel, window=window, at=at, enrollment=enrollment)
    ]


def _about_places(
    rule: ReminderRule, enrollments: Iterable[Enrollment], key: Callable[[Enrollment], str], at: datetime
) -> list[Message]:
    """One unsaved row per enrollment, in time for the next session."""
    enrollments = list(enrollments)
    firsts = first_sessions_to_come({enrollment.cohort_id for enrollment in enrollments}, at)
    return [
        _planned(
            rule,
            enrollment.person,
            key=key(enrollment),
            at=at,
            event_at=firsts.get(enrollment.cohort_id),
            enrollment=enrollment,
        )
        for enrollment in enrollments
    ]


def _supersede(rows: Iterable[Message], *rules: ReminderRule) -> None:
    """Takes back what these enrollments still have to come by `rules`, but for `rows`: it is not so any more."""
    rows = list(rows)
    older = Message.objects.filter(enrollment__in={row.enrollment_id for row in rows}, rule__in=rules)
    _cancel(older.exclude(dedupe_key__in=[row.dedupe_key for row in rows]), MessageTrouble.NOT_WANTED)


def _row(
    rule: str, person: Person, *, key: str, channel: str, window: Window, at: datetime, **about: object
) -> Message:
    return Message(
        rule=rule,
        dedupe_key=key,
        person=person,
        channel=channel,
        policy=policy_for(rule),
        due_at=window.due_at,
        expires_at=window.expires_at,
        next_attempt_at=window.first_chance(at) or window.expires_at,
        **about,
    )


def _save(rows: list[Message]) -> int:
    """Adds the rows that do not exist, and brings back those that circumstances had cancelled."""
    if not rows:
        return 0
    keys = [row.dedupe_key for row in rows]
    before = set(Message.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    new = [row for row in rows if row.dedupe_key not in before]
    # Somebody else may plan the same at this moment: the key decides.
    insert_rows(Message, new, ignore_conflicts=True)
    return len(new) + _revive([row for row in rows if row.dedupe_key in before])


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


def _cancel(messages: QuerySet[Message], why: str) -> int:
    return messages.filter(state=MessageState.PENDING).update(state=MessageState.CANCELLED, last_error=why)


def _was_told_just_now(enrollment: Any) -> bool:
    """Got the place on or after the day on which others were reminded."""
    due_at = window_for(
        ReminderRule.SESSION_SOON, Channel.EMAIL, at=enrollment.session_starts_at, event_at=enrollment.session_starts_at
    ).due_at
    return enrollment.admitted_at is not None and enrollment.admitted_at >= due_at


def _record(message: Message, by: Person, action: str, **detail: str) -> None:
    record_change(by=by, action=action, subject=message.person, thing=message, detail={"rule": message.rule, **detail})
