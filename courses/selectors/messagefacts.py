"""What the texts of messages need beyond their own row: the session, its place and topics, the queue, those who come along.

For many messages in few queries: what no message of the given ones speaks of is not asked for.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from courses.enums import OPEN_STATES, EnrollmentState, ReminderRule, SessionState
from courses.models import Enrollment, Message, Module, Session

PLACE_RULES = (ReminderRule.APPLICATION_RECEIVED, ReminderRule.COHORT_CANCELLED, ReminderRule.COMPANION_LEFT)


@dataclass(frozen=True)
class SessionFacts:
    """The session a message speaks of; `number` and `total` count the sessions of the cohort that are held."""

    session: Session
    number: int
    total: int
    modules: list[Module] = field(default_factory=list)


@dataclass(frozen=True)
class QueueFacts:
    """`place`: 1 for who is next, 0 when nobody waits. `companions`: those who asked together, by their first names."""

    place: int = 0
    companions: list[str] = field(default_factory=list)


def enrollments_instead(messages: Collection[Message]) -> dict[int, Enrollment]:
    """Message about a cancelled group -> what the person got in another group at the same moment. One query at most."""
    ended = {
        message.pk: message.enrollment
        for message in messages
        if message.rule == ReminderRule.COHORT_CANCELLED and message.enrollment and message.enrollment.ended_at
    }
    if not ended:
        return {}
    others = Enrollment.objects.filter(
        person__in={enrollment.person_id for enrollment in ended.values()},
        applied_at__in={enrollment.ended_at for enrollment in ended.values()},
        state__in=OPEN_STATES,
    ).select_related("cohort__course", "cohort__venue")
    found = {(other.person_id, other.applied_at): other for other in others}
    pairs = {pk: found.get((old.person_id, old.ended_at)) for pk, old in ended.items() if old.ended_at}
    return {pk: other for pk, other in pairs.items() if other}


def queue_facts(enrollments: Collection[Enrollment], rules: Collection[str]) -> dict[int, QueueFacts]:
    """Enrollment -> its place in the queue and its companions, as far as messages of `rules` say so. Two queries at most."""
    waiting = [one for one in enrollments if one.state == EnrollmentState.WAITLISTED]
    places = _places({one.cohort_id for one in waiting}) if waiting and set(rules) & set(PLACE_RULES) else {}
    parties = {one.party_id for one in enrollments if one.party_id}
    companions = _companions(parties) if parties else {}
    return {
        one.pk: QueueFacts(
            place=places.get(one.pk, 0),
            companions=[name for pk, name in companions.get(one.party_id or 0, []) if pk != one.pk],
        )
        for one in enrollments
    }


def sessions_of_messages(
    messages: Collection[Message], at: datetime, instead: Mapping[int, Enrollment]
) -> dict[int, SessionFacts]:
    """Message -> its session; for a message about a place the next one to come, of a cancelled group that of the group
    `instead`. Two queries for any number."""
    cohorts = {pk: other.cohort_id for pk, other in instead.items()}
    for message in messages:
        if message.enrollment and message.rule != ReminderRule.COHORT_CANCELLED:
            cohorts[message.pk] = message.enrollment.cohort_id
    if not cohorts:
        return {}
    plans: dict[int, list[Session]] = {}
    held = (
        Session.objects.filter(cohort__in=set(cohorts.values()))
        .exclude(state=SessionState.CANCELLED)
        .select_related("venue", "cohort__venue")
        .prefetch_related("modules")
        .order_by("starts_at", "number")
    )
    for session in held:
        plans.setdefault(session.cohort_id, []).append(session)
    found = {
        message.pk: _session_of(message, plans.get(cohorts[message.pk], []), at)
        for message in messages
        if message.pk in cohorts
    }
    return {pk: facts for pk, facts in found.items() if facts}


def _session_of(message: Message, plan: list[Session], at: datetime) -> SessionFacts | None:
    for number, session in enumerate(plan, start=1):
        if session.pk == message.session_id or (message.session_id is None and session.starts_at > at):
            modules = sorted(session.modules.all(), key=lambda module: module.order)
            return SessionFacts(session=session, number=number, total=len(plan), modules=modules)
    return None


def _places(cohort_ids: Collection[int]) -> dict[int, int]:
    """Everybody who waits in these cohorts -> their place."""
    places: dict[int, int] = {}
    last: dict[int, int] = {}
    queues = Enrollment.objects.filter(cohort__in=cohort_ids, state=EnrollmentState.WAITLISTED)
    for pk, cohort_id in queues.order_by("queue_number", "pk").values_list("pk", "cohort_id"):
        last[cohort_id] = places[pk] = last.get(cohort_id, 0) + 1
    return places


def _companions(party_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """Party -> (enrollment, first name) of those who are still in it."""
    found: dict[int, list[tuple[int, str]]] = {}
    rows = Enrollment.objects.filter(party__in=party_ids, state__in=OPEN_STATES).order_by("queue_number", "pk")
    for party_id, pk, name in rows.values_list("party_id", "pk", "person__first_name"):
        found.setdefault(party_id, []).append((pk, name))
    return found
