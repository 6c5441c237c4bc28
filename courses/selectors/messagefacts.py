"""What the texts of messages need beyond their own row: the session, its place and topics. For many in few queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from courses.enums import SessionState
from courses.models import Message, Module, Session


@dataclass(frozen=True)
class SessionFacts:
    """The session a message speaks of; `number` and `total` count the sessions of the cohort that are held."""

    session: Session
    number: int
    total: int
    modules: list[Module] = field(default_factory=list)


def sessions_of_messages(messages: Collection[Message], at: datetime) -> dict[int, SessionFacts]:
    """Message -> its session; for a message about a place the next one to come. Two queries for any number."""
    cohorts = {message.enrollment.cohort_id for message in messages if message.enrollment}
    if not cohorts:
        return {}
    plans: dict[int, list[Session]] = {}
    held = (
        Session.objects.filter(cohort__in=cohorts)
        .exclude(state=SessionState.CANCELLED)
        .select_related("venue", "cohort__venue")
        .prefetch_related("modules")
        .order_by("starts_at", "number")
    )
    for session in held:
        plans.setdefault(session.cohort_id, []).append(session)
    found = {message.pk: _session_of(message, plans, at) for message in messages}
    return {pk: facts for pk, facts in found.items() if facts}


def _session_of(message: Message, plans: dict[int, list[Session]], at: datetime) -> SessionFacts | None:
    if message.enrollment is None:
        return None
    plan = plans.get(message.enrollment.cohort_id, [])
    for number, session in enumerate(plan, start=1):
        if session.pk == message.session_id or (message.session_id is None and session.starts_at > at):
            modules = sorted(session.modules.all(), key=lambda module: module.order)
            return SessionFacts(session=session, number=number, total=len(plan), modules=modules)
    return None
