"""Which messages there are, which are still wanted, and whom a session's reminder is missing."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from accounts.enums import Channel, PersonState
from accounts.models import ContactPerson, Person
from courses.enums import OPEN_STATES, CohortState, EnrollmentState, MessageState, ReminderRule, SessionState
from courses.models import Cohort, Enrollment, Message, ReminderStop, Session
from courses.rules.reminders import HELSINKI, OFFER_RULES, ONE_A_DAY, day_bounds, local_day
from courses.rules.schedule import at_wall_time
from courses.selectors.queues import MORNING

# Those who are told about a group: the ones who have a place in it.
TOLD_STATES = (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE)
# Groups whose people are told: neither drafts nor what is over.
TOLD_COHORTS = (CohortState.PUBLISHED, CohortState.CONFIRMED, CohortState.RUNNING)
OPEN_MESSAGES = (MessageState.PENDING, MessageState.SENDING)
FAILED_MESSAGES = (MessageState.DEAD, MessageState.UNKNOWN)
SHOWN_DAYS = 14
QUEUED_STATES = (EnrollmentState.APPLIED, EnrollmentState.WAITLISTED)
# What a contact person may be told: rule -> the field of ContactPerson that allows it.
TOLD_CONTACTS = {
    ReminderRule.SESSION_SOON: "told_reminders",
    ReminderRule.COHORT_CANCELLED: "told_changes",
}


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
        "contact",
    )


def wanted(at: datetime) -> Q:
    """What must still be so when a message leaves: it `applies`, and no other reminder went on the same day. A contact
    person gets the reminders of the one they help, whatever else that one gets."""
    start, end = day_bounds(local_day(at))
    other = Q(Exists(_reminders_between(start, end)))
    return applies(at) & (~Q(rule__in=ONE_A_DAY) | Q(contact__isnull=False) | ~other)


def applies(at: datetime) -> Q:
    """Whether a message still says what is so: the person, the enrollment as its rule asks, the session as it was
    planned, the certificate, the contact person; and no stop by the person."""
    stopped = ReminderStop.objects.filter(person_id=OuterRef("person_id"), rule=OuterRef("rule"), ended_at__isnull=True)
    return (
        Q(person__state=PersonState.ACTIVE)
        & (Q(enrollment__isnull=True) | _enrollment_fits())
        & (
            Q(session__isnull=True)
            | Q(
                session__state=SessionState.PLANNED,
                session__schedule_revision=F("schedule_revision"),
                session__cohort=F("enrollment__cohort"),
            )
        )
        & (Q(certificate__isnull=True) | Q(certificate__revoked_at__isnull=True, certificate__replaced_at__isnull=True))
        & (Q(contact__isnull=True) | _contact_fits(local_day(at)))
        & ~Q(Exists(stopped))
    )


def _enrollment_fits() -> Q:
    """An offer is told while that same offer stands: another one holds until another time."""
    own = {*OFFER_RULES, ReminderRule.APPLICATION_RECEIVED, ReminderRule.COHORT_CANCELLED, ReminderRule.COMPANION_LEFT}
    held = Q(enrollment__cohort__state__in=TOLD_COHORTS)
    return (
        (~Q(rule__in=own) & held & Q(enrollment__state__in=TOLD_STATES))
        | (Q(rule=ReminderRule.APPLICATION_RECEIVED) & held & Q(enrollment__state__in=QUEUED_STATES))
        | Q(
            rule__in=OFFER_RULES,
            enrollment__state=EnrollmentState.OFFERED,
            enrollment__offer_expires_at=F("expires_at"),
        )
        | Q(rule=ReminderRule.COHORT_CANCELLED, enrollment__state=EnrollmentState.COHORT_CANCELLED)
        | (Q(rule=ReminderRule.COMPANION_LEFT) & held & Q(enrollment__state__in=OPEN_STATES))
    )


def _contact_fits(day: date) -> Q:
    allowed = Q()
    for rule, field in TOLD_CONTACTS.items():
        allowed |= Q(rule=rule, **{f"contact__{field}": True})
    return is_contact_on(day, "contact__") & allowed


def is_contact_on(day: Any, prefix: str = "") -> Q:
    """Contact people who are told on `day` (a date or an expression): not ended, consent not taken back."""
    return Q(**{f"{prefix}ended_at__isnull": True, f"{prefix}consent__withdrawn_at__isnull": True}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gte": day})
    )


def contacts_to_tell(person_ids: Collection[int], rule: ReminderRule, day: date) -> dict[int, list[ContactPerson]]:
    """Person -> the contact people who may be told this on `day`. One query."""
    found: dict[int, list[ContactPerson]] = {}
    rows = ContactPerson.objects.filter(is_contact_on(day), person__in=person_ids, **{TOLD_CONTACTS[rule]: True})
    for contact in rows.order_by("pk"):
        found.setdefault(contact.person_id, []).append(contact)
    return found


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
        contact__isnull=True,
        rule__in=ONE_A_DAY,
    ).exclude(pk=OuterRef("pk"))


def missing_session_reminders(
    *, starts_after: datetime, starts_until: datetime, session: Session | None = None
) -> QuerySet[Any]:
    """People of coming sessions who have no reminder of the session as it is planned now, but for those who are told
    through a contact person.

    One row per enrollment and session, with `session_pk`, `session_starts_at` and `session_revision`. A reminder that
    was cancelled because of circumstances counts as missing when they are as before; one cancelled by hand does not.
    """
    has_one = Message.objects.filter(
        ~revivable(),
        rule=ReminderRule.SESSION_SOON,
        enrollment=OuterRef("pk"),
        session=OuterRef("session_pk"),
        schedule_revision=OuterRef("session_revision"),
        contact__isnull=True,
    )
    people = _people_of_sessions(starts_after, starts_until, session)
    helped = ContactPerson.objects.filter(
        is_contact_on(OuterRef("session_day")),
        person=OuterRef("person"),
        told_reminders=True,
    )
    return people.filter(~Exists(has_one), ~Q(person__channel=Channel.CONTACT) | ~Exists(helped))


def missing_contact_reminders(
    *, starts_after: datetime, starts_until: datetime, session: Session | None = None
) -> QuerySet[Any]:
    """The same for contact people who are told of sessions: one row more per contact person, with `contact_pk`."""
    has_one = Message.objects.filter(
        ~revivable(),
        rule=ReminderRule.SESSION_SOON,
        enrollment=OuterRef("pk"),
        session=OuterRef("session_pk"),
        schedule_revision=OuterRef("session_revision"),
        contact=OuterRef("contact_pk"),
    )
    return (
        _people_of_sessions(starts_after, starts_until, session)
        .filter(
            is_contact_on(F("session_day"), "person__contact_people__"),
            person__contact_people__told_reminders=True,
        )
        .annotate(contact_pk=F("person__contact_people__pk"))
        .filter(~Exists(has_one))
        .order_by("session_starts_at", "pk", "contact_pk")
    )


def _people_of_sessions(starts_after: datetime, starts_until: datetime, session: Session | None) -> QuerySet[Any]:
    """Everybody who is told of a session, once per session; `session_day` is local."""
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
            session_day=TruncDate("cohort__sessions__starts_at", tzinfo=HELSINKI),
        )
        .filter(~Exists(stopped))
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


def first_days(cohort_ids: Collection[int]) -> dict[int, datetime]:
    """Cohort -> when its first session starts, without sessions the morning of its first day. One query."""
    held = ~Q(sessions__state=SessionState.CANCELLED)
    rows = Cohort.objects.filter(pk__in=cohort_ids).annotate(first=Min("sessions__starts_at", filter=held))
    return {
        pk: first or at_wall_time(starts_on, MORNING)
        for pk, first, starts_on in rows.order_by().values_list("pk", "first", "starts_on")
    }


def next_meetings(cohort_ids: Collection[int], at: datetime) -> dict[int, datetime]:
    """Cohort -> when its people would next meet, also when that session was cancelled."""
    rows = Session.objects.filter(cohort__in=cohort_ids, starts_at__gt=at)
    return dict(rows.order_by().values_list("cohort").annotate(first=Min("starts_at")))


def reminder_days(person_ids: set[int], since: datetime) -> dict[tuple[int, int | None], set]:
    """(Person, contact person or None) -> the local days on which a reminder is planned or was sent, from `since` on."""
    days: dict[tuple[int, int | None], set] = {}
    rows = Message.objects.filter(
        person__in=person_ids, rule__in=ONE_A_DAY, state__in=[*OPEN_MESSAGES, MessageState.SENT], due_at__gte=since
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
    """Calls due today or overdue, not too late yet and still wanted; about one offer once."""
    _start, end = day_bounds(local_day(at))
    about_the_offer = Message.objects.filter(
        rule=ReminderRule.SEAT_OFFERED,
        enrollment=OuterRef("enrollment"),
        channel=Channel.CALL,
        state=MessageState.PENDING,
    )
    return (
        messages_with_facts()
        .filter(
            applies(at),
            ~Q(rule=ReminderRule.OFFER_LAPSING) | ~Exists(about_the_offer),
            channel=Channel.CALL,
            state=MessageState.PENDING,
            held=False,
            next_attempt_at__lt=end,
            expires_at__gt=at,
        )
        .order_by("expires_at", "person__sort_key", "id")
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
