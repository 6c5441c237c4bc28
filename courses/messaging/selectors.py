"""Which messages there are, and which are still wanted."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.enums import Channel, PersonState
from accounts.models import ContactPerson, Person
from courses.dates.calendar import HELSINKI, day_bounds, local_day
from courses.messaging.enums import MessageState
from courses.messaging.kinds import Kind, kind_of, kinds, rules_that
from courses.messaging.models import Message, ReminderStop

OPEN_MESSAGES = (MessageState.PENDING, MessageState.SENDING)
FAILED_MESSAGES = (MessageState.DEAD, MessageState.UNKNOWN)
SHOWN_DAYS = 14


def has_kind() -> Q:
    """Messages whose kind is there. A row of a kind that is gone has no text, so it is neither sent nor shown."""
    return Q(rule__in=rules_that(lambda kind: True))


def messages_with_facts() -> QuerySet[Message]:
    """With everything that the text and the reason of a message are made of, in one query."""
    return Message.objects.filter(has_kind()).select_related(
        "person",
        "enrollment__cohort__course",
        "enrollment__cohort__venue",
        "session__venue",
        "session__cohort__course",
        "session__cohort__venue",
        "certificate__course",
        "contact",
    )


def wanted(at: datetime) -> Q:
    """What must still be so when a message leaves: it `applies`, and no other reminder went on the same day. A contact
    person gets the reminders of the one they help, whatever else that one gets."""
    start, end = day_bounds(local_day(at))
    other = Q(Exists(_reminders_between(start, end)))
    return applies(at) & (~Q(rule__in=reminder_rules()) | Q(contact__isnull=False) | ~other)


def applies(at: datetime) -> Q:
    """Whether a message still says what is so: the person, what its kind asks, the contact person; and no stop by the
    person."""
    stopped = ReminderStop.objects.filter(person_id=OuterRef("person_id"), rule=OuterRef("rule"), ended_at__isnull=True)
    return (
        Q(person__state=PersonState.ACTIVE)
        & _any_of(Q(rule=kind.rule) & kind.still_so(at) for kind in kinds())
        & (Q(contact__isnull=True) | _contact_fits(local_day(at)))
        & ~Q(Exists(stopped))
    )


def reminder_rules() -> list[str]:
    """The kinds of which a person gets at most one a day."""
    return rules_that(lambda kind: kind.one_a_day)


def _any_of(conditions: Iterable[Q]) -> Q:
    """True for none where there are no conditions."""
    return reduce(or_, conditions, Q(pk__in=[]))


def _contact_fits(day: date) -> Q:
    allowed = _any_of(
        Q(rule=kind.rule, **{f"contact__{kind.contact_field}": True}) for kind in kinds() if kind.contact_field
    )
    return is_contact_on(day, "contact__") & allowed


def is_contact_on(day: date | F | OuterRef, prefix: str = "") -> Q:
    """Contact people who are told on `day` (a date or an expression): not ended, consent not taken back."""
    return Q(**{f"{prefix}ended_at__isnull": True, f"{prefix}consent__withdrawn_at__isnull": True}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
    )


def contacts_to_notify(person_ids: Collection[int], kind: Kind, day: date) -> dict[int, list[ContactPerson]]:
    """Person -> the contact people who may be told this on `day`. One query."""
    found: dict[int, list[ContactPerson]] = {}
    rows = ContactPerson.objects.filter(is_contact_on(day), person__in=person_ids, **{kind.contact_field: True})
    for contact in rows.order_by("pk"):
        found.setdefault(contact.person_id, []).append(contact)
    return found


def reminded_on_day_of(message: Message, at: datetime) -> bool:
    """Whether another reminder took the person's one of that day."""
    start, end = day_bounds(local_day(at))
    return (
        kind_of(message).one_a_day
        and Message.objects.filter(pk=message.pk).filter(Exists(_reminders_between(start, end))).exists()
    )


def has_stopped(message: Message) -> bool:
    return message.rule in stopped_rules(message.person)


def stopped_rules(person: Person) -> set[str]:
    """The kinds of reminder that the person does not want."""
    return set(ReminderStop.objects.filter(person=person, ended_at__isnull=True).values_list("rule", flat=True))


def _reminders_between(start: datetime, end: datetime) -> QuerySet[Message]:
    """The person's other reminders that left in that time, or may have."""
    return Message.objects.filter(
        Q(state=MessageState.SENT, sent_at__gte=start, sent_at__lt=end)
        | Q(state__in=[MessageState.SENDING, MessageState.UNKNOWN], wire_at__gte=start, wire_at__lt=end),
        person_id=OuterRef("person_id"),
        contact__isnull=True,
        rule__in=reminder_rules(),
    ).exclude(pk=OuterRef("pk"))


def revivable() -> Q:
    """Cancelled by circumstances before anything left; not by a person's hand."""
    return Q(state=MessageState.CANCELLED, done_by__isnull=True, wire_at__isnull=True)


def reminder_days(person_ids: set[int], since: datetime) -> dict[tuple[int, int | None], set]:
    """(Person, contact person or None) -> the local days on which a reminder is planned or was sent, from `since` on."""
    days: dict[tuple[int, int | None], set] = {}
    rows = Message.objects.filter(
        person__in=person_ids,
        rule__in=reminder_rules(),
        state__in=[*OPEN_MESSAGES, MessageState.SENT],
        due_at__gte=since,
    ).values_list("person_id", "contact_id", "due_at")
    for person_id, contact_id, due_at in rows:
        days.setdefault((person_id, contact_id), set()).add(local_day(due_at))
    return days


# The coordinator's pages

TABS = ("planned", "held", "sent", "failed", "missed", "cancelled")


def messages_of_tab(tab: str, *, at: datetime) -> QuerySet[Message]:
    """The messages of a tab, in the order in which they are read: what comes next first, what was last first."""
    messages = messages_with_facts()
    soon = Q(due_at__lt=at + timedelta(days=SHOWN_DAYS))
    match tab:
        case "held":
            return messages.filter(held=True, state=MessageState.PENDING).order_by("due_at", "id")
        case "sent":
            return messages.filter(state=MessageState.SENT).order_by("-due_at", "-id")
        case "failed":
            failed = messages.filter(state__in=FAILED_MESSAGES).annotate(goes_on=goes_on())
            return failed.order_by("goes_on", "-due_at", "-id")
        case "missed":
            return messages.filter(state=MessageState.MISSED).order_by("-due_at", "-id")
        case "cancelled":
            return messages.filter(state=MessageState.CANCELLED).order_by("-due_at", "-id")
        case _:
            return messages.filter(soon, state__in=OPEN_MESSAGES).order_by("due_at", "id")


def tab_counts(*, at: datetime) -> dict[str, int]:
    """How many messages stand in each tab, in one query."""
    soon = Q(due_at__lt=at + timedelta(days=SHOWN_DAYS))
    pending = Q(state=MessageState.PENDING)
    return Message.objects.aggregate(
        planned=Count("pk", filter=soon & Q(state__in=OPEN_MESSAGES)),
        held=Count("pk", filter=pending & Q(held=True)),
        sent=Count("pk", filter=Q(state=MessageState.SENT)),
        failed=Count("pk", filter=Q(state__in=FAILED_MESSAGES)),
        missed=Count("pk", filter=Q(state=MessageState.MISSED)),
        cancelled=Count("pk", filter=Q(state=MessageState.CANCELLED)),
    )


# What must not be overlooked


def goes_on() -> Exists:
    """Whether the same thing left or still leaves on another way, to that reader or to the person themselves; or a later
    way for it failed as well or was set aside by hand, and then that row is the one to look at."""
    other = Message.objects.filter(
        Q(contact__isnull=True) | Q(contact=OuterRef("contact")),
        Q(enrollment__isnull=True) | Q(enrollment=OuterRef("enrollment")),
        Q(session__isnull=True) | Q(session=OuterRef("session")),
        Q(certificate__isnull=True) | Q(certificate=OuterRef("certificate")),
        person=OuterRef("person"),
        rule=OuterRef("rule"),
        due_at__gte=OuterRef("due_at"),
    ).exclude(pk=OuterRef("pk"))
    later = Q(pk__gt=OuterRef("pk")) & (
        Q(state__in=[*FAILED_MESSAGES, MessageState.MISSED]) | Q(state=MessageState.CANCELLED, done_by__isnull=False)
    )
    return Exists(other.filter(Q(state__in=[*OPEN_MESSAGES, MessageState.SENT]) | later))


def not_delivered() -> QuerySet[Message]:
    """Messages that failed and have no other way left: somebody has to see to them."""
    return Message.objects.filter(~Q(goes_on()), state__in=FAILED_MESSAGES)


def held_back() -> QuerySet[Message]:
    return Message.objects.filter(state=MessageState.PENDING, held=True)


def too_late_since(since: datetime) -> QuerySet[Message]:
    """Messages that were due since then and would have come too late, on every way there is."""
    return Message.objects.filter(
        ~Q(goes_on()), state=MessageState.MISSED, due_at__gte=since, person__state=PersonState.ACTIVE
    )


def planned_by_channel(*, at: datetime) -> dict[str, int]:
    """Channel -> messages planned for the days shown."""
    return dict(messages_of_tab("planned", at=at).order_by().values_list("channel").annotate(number=Count("pk")))


def planned_by_day(*, at: datetime) -> dict:
    """Local day -> messages planned for it, for the days shown."""
    return dict(
        messages_of_tab("planned", at=at)
        .order_by()
        .values_list(TruncDate("due_at", tzinfo=HELSINKI))
        .annotate(number=Count("pk"))
    )


def counts_by_day(messages: QuerySet[Message], days: set) -> dict:
    """Local day -> how many of `messages` are due on it, over all pages of a list."""
    return dict(
        messages.order_by()
        .annotate(day=TruncDate("due_at", tzinfo=HELSINKI))
        .filter(day__in=days)
        .values_list("day")
        .annotate(number=Count("pk"))
    )


def calls_to_make(*, at: datetime) -> QuerySet[Message]:
    """Calls due today or overdue, not too late yet and still wanted; about one offer once."""
    _start, end = day_bounds(local_day(at))
    said_already = _any_of(
        Q(Exists(_calls_about_the_same(kind.said_with)), rule=kind.rule) for kind in kinds() if kind.said_with
    )
    return (
        messages_with_facts()
        .filter(
            applies(at),
            ~said_already,
            channel=Channel.CALL,
            state=MessageState.PENDING,
            held=False,
            next_attempt_at__lt=end,
            expires_at__gt=at,
        )
        .order_by("expires_at", "person__sort_key", "id")
    )


def _calls_about_the_same(rules: Sequence[str]) -> QuerySet[Message]:
    return Message.objects.filter(
        rule__in=rules, enrollment=OuterRef("enrollment"), channel=Channel.CALL, state=MessageState.PENDING
    )


def letters_to_post(*, at: datetime) -> QuerySet[Message]:
    """Letters to be printed and posted today, not too late yet and still wanted."""
    _start, end = day_bounds(local_day(at))
    return (
        messages_with_facts()
        .filter(
            applies(at),
            channel=Channel.LETTER,
            state=MessageState.PENDING,
            held=False,
            next_attempt_at__lt=end,
            expires_at__gt=at,
        )
        .order_by("person__sort_key", "id")
    )


# The demo's mailbox


def received_by_hand(channel: str | None, *, at: datetime) -> QuerySet[Message]:
    """Calls and letters (or those of one channel) that were made or posted, or are to be by now; newest first."""
    channels = [channel] if channel else [Channel.CALL, Channel.LETTER]
    return (
        messages_with_facts()
        .filter(
            Q(state=MessageState.SENT) | Q(state=MessageState.PENDING, next_attempt_at__lte=at, held=False),
            channel__in=channels,
        )
        .order_by("-due_at", "-id")
    )


def waiting_mails() -> QuerySet[Message]:
    """E-mails that are planned, what comes next first."""
    return (
        messages_with_facts()
        .filter(channel=Channel.EMAIL, state__in=OPEN_MESSAGES, held=False)
        .order_by("next_attempt_at", "id")
    )
