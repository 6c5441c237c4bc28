"""Which messages there are, which are still wanted, and whom a session's reminder is missing."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.enums import Channel, PersonState
from accounts.models import Person
from courses.enums import CohortState, EnrollmentState, MessageState, ReminderRule, SessionState
from courses.models import Enrollment, Message, ReminderStop, Session
from courses.rules.reminders import HELSINKI, ONE_A_DAY, day_bounds, local_day

# Those who are told about a group: the ones who have a place in it.
TOLD_STATES = (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)
# Groups whose people are told: neither drafts nor what is over.
TOLD_COHORTS = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)
OPEN_MESSAGES = (MessageState.PENDING, MessageState.SENDING)
FAILED_MESSAGES = (MessageState.DEAD, MessageState.UNKNOWN)
SHOWN_DAYS = 14


def messages_with_facts() -> QuerySet[Message]:
    """With everything that the text and the reason of a message are made of, in one query."""
    return Message.objects.select_related(
        "person",
        "enrollment__cohort__course",
        "enrollment__cohort__venue",
        "session__venue",
        "session__cohort__course",
        "session__cohort__venue",
        "certificate__course",
    )


def wanted(at: datetime) -> Q:
    """What must still be so when a message leaves: the person, the place, the session as it was planned, the
    certificate; no stop by the person, and no other reminder on the same day."""
    start, end = day_bounds(local_day(at))
    stopped = ReminderStop.objects.filter(person_id=OuterRef("person_id"), rule=OuterRef("rule"), ended_at__isnull=True)
    return (
        Q(person__state=PersonState.ACTIVE)
        & (
            Q(enrollment__isnull=True)
            | Q(enrollment__state__in=TOLD_STATES, enrollment__cohort__state__in=TOLD_COHORTS)
        )
        & (
            Q(session__isnull=True)
            | Q(session__state=SessionState.PLANNED, session__schedule_revision=F("schedule_revision"))
        )
        & (Q(certificate__isnull=True) | Q(certificate__revoked_at__isnull=True, certificate__replaced_at__isnull=True))
        & ~Exists(stopped)
        & (~Q(rule__in=ONE_A_DAY) | ~Exists(_reminders_between(start, end)))
    )


def reminded_on_day_of(message: Message, at: datetime) -> bool:
    """Whether another reminder took the person's one of that day."""
    start, end = day_bounds(local_day(at))
    return (
        message.rule in ONE_A_DAY
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
        rule__in=ONE_A_DAY,
    ).exclude(pk=OuterRef("pk"))


def missing_session_reminders(
    *, starts_after: datetime, starts_until: datetime, session: Session | None = None
) -> QuerySet[Any]:
    """People of coming sessions who have no reminder of the session as it is planned now.

    One row per enrollment and session, with `session_pk`, `session_starts_at` and `session_revision`. A reminder that
    was cancelled because of circumstances counts as missing when they are as before; one cancelled by hand does not.
    """
    has_one = Message.objects.filter(
        ~revivable(),
        rule=ReminderRule.SESSION_SOON,
        enrollment=OuterRef("pk"),
        session=OuterRef("session_pk"),
        schedule_revision=OuterRef("session_revision"),
    )
    stopped = ReminderStop.objects.filter(
        person=OuterRef("person"), rule=ReminderRule.SESSION_SOON, ended_at__isnull=True
    )
    sessions = Q(
        cohort__sessions__state=SessionState.PLANNED,
        cohort__sessions__starts_at__gt=starts_after,
        cohort__sessions__starts_at__lte=starts_until,
    )
    if session is not None:
        sessions &= Q(cohort__sessions=session)
    return (
        Enrollment.objects.filter(
            sessions, state__in=TOLD_STATES, cohort__state__in=TOLD_COHORTS, person__state=PersonState.ACTIVE
        )
        .annotate(
            session_pk=F("cohort__sessions__pk"),
            session_starts_at=F("cohort__sessions__starts_at"),
            session_revision=F("cohort__sessions__schedule_revision"),
        )
        .filter(~Exists(has_one), ~Exists(stopped))
        .select_related("person")
        .order_by("session_starts_at", "pk")
    )


def revivable() -> Q:
    """Cancelled by circumstances before anything left; not by a person's hand."""
    return Q(state=MessageState.CANCELLED, done_by__isnull=True, wire_at__isnull=True)


def first_sessions_to_come(cohort_ids: set[int], at: datetime) -> dict[int, datetime]:
    """Cohort -> when its next planned session starts."""
    return dict(
        Session.objects.filter(cohort__in=cohort_ids, state=SessionState.PLANNED, starts_at__gt=at)
        .values_list("cohort")
        .annotate(first=Min("starts_at"))
        .order_by()
    )


def reminder_days(person_ids: set[int], since: datetime) -> dict[int, set]:
    """Person -> the local days on which a reminder is planned or was sent, from `since` on."""
    days: dict[int, set] = {}
    rows = Message.objects.filter(
        person__in=person_ids, rule__in=ONE_A_DAY, state__in=[*OPEN_MESSAGES, MessageState.SENT], due_at__gte=since
    ).values_list("person_id", "due_at")
    for person_id, due_at in rows:
        days.setdefault(person_id, set()).add(local_day(due_at))
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
            return messages.filter(state__in=FAILED_MESSAGES).order_by("-due_at", "-id")
        case "missed":
            return messages.filter(state=MessageState.MISSED).order_by("-due_at", "-id")
        case "cancelled":
            return messages.filter(state=MessageState.CANCELLED).order_by("-due_at", "-id")
        case _:
            return messages.filter(soon, state__in=OPEN_MESSAGES).order_by("due_at", "id")


def of_cohort(messages: QuerySet[Message], code: str) -> QuerySet[Message]:
    return messages.filter(enrollment__cohort__code__iexact=code)


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
    """Calls due today or overdue, and not too late yet."""
    _start, end = day_bounds(local_day(at))
    return (
        messages_with_facts()
        .filter(
            channel=Channel.CALL,
            state=MessageState.PENDING,
            held=False,
            next_attempt_at__lt=end,
            expires_at__gt=at,
        )
        .order_by("expires_at", "person__sort_key", "id")
    )


def letters_to_post(*, at: datetime) -> QuerySet[Message]:
    """Letters to be printed and posted today, and not too late yet."""
    _start, end = day_bounds(local_day(at))
    return (
        messages_with_facts()
        .filter(
            channel=Channel.LETTER,
            state=MessageState.PENDING,
            held=False,
            next_attempt_at__lt=end,
            expires_at__gt=at,
        )
        .order_by("person__sort_key", "id")
    )


def messages_needing_hands(*, at: datetime) -> int:
    """What waits for a coordinator: failed or uncertain messages, calls and letters of the day."""
    failed = Message.objects.filter(state__in=FAILED_MESSAGES).count()
    return failed + calls_to_make(at=at).count() + letters_to_post(at=at).count()


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
