"""What the texts of messages need beyond their own row: the session, its place and topics, the queue, those who come along.

For many messages in few queries: what no message of the given ones speaks of is not asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.text import get_text_list
from django.utils.translation import pgettext

from accounts.rules.names import clean_name
from courses.catalogue.models import Module
from courses.dates.calendar import HELSINKI
from courses.dates.words import clock_words, day_words, moment_words, time_range_words, when_words
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, ReminderRule
from courses.enrolling.links import application_url, offer_url
from courses.enrolling.models import Enrollment
from courses.messaging.models import Message
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.wording import venue_street_and_town

MAP = "https://www.openstreetmap.org/search"
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


class Member(NamedTuple):
    """One of a party, by the id of the enrollment."""

    enrollment: int
    first_name: str


class EnrollmentFacts:
    """The facts of messages about enrollments (messaging.kinds.Facts)."""

    def __init__(self, messages: Sequence[Message], *, at: datetime) -> None:
        self.instead = enrollments_instead(messages)
        self.sessions = sessions_of_messages(messages, at, self.instead)
        spoken_of = {one.pk: one for one in [*self.instead.values(), *(m.enrollment for m in messages)] if one}
        self.queue = queue_facts(list(spoken_of.values()), {message.rule for message in messages})

    def words(self, message: Message) -> dict[str, object]:
        """For a template, in the reader's language, which is active."""
        enrollment, language = message.enrollment, message.person.language
        if enrollment is None:
            return {}
        words = _enrollment_words(enrollment, self.queue[enrollment.pk], language)
        cohort = enrollment.cohort
        if other := self.instead.get(message.pk):
            words["instead"] = _enrollment_words(other, self.queue[other.pk], language)
            cohort = other.cohort
        return words | _session_words(self.sessions.get(message.pk), cohort, language)


def enrollments_instead(messages: Collection[Message]) -> dict[int, Enrollment]:
    """Message about a cancelled group -> what the person got in another group at the same moment. One query at most."""
    ended = {message.pk: old for message in messages if (old := _ended_with_its_group(message))}
    if not ended:
        return {}
    others = Enrollment.objects.filter(
        person__in={old.person_id for old in ended.values()},
        applied_at__in={old.ended_at for old in ended.values()},
        state__in=OPEN_STATES,
    ).select_related("cohort__course", "cohort__venue")
    found: dict[tuple[int, datetime | None], Enrollment] = {(one.person_id, one.applied_at): one for one in others}
    return {pk: other for pk, old in ended.items() if (other := found.get((old.person_id, old.ended_at)))}


def _ended_with_its_group(message: Message) -> Enrollment | None:
    enrollment = message.enrollment
    if message.rule != ReminderRule.COHORT_CANCELLED or enrollment is None:
        return None
    return enrollment if enrollment.ended_at else None


def queue_facts(enrollments: Collection[Enrollment], rules: Collection[str]) -> dict[int, QueueFacts]:
    """Enrollment -> its place in the queue and its companions, as far as messages of `rules` say so. Two queries at most."""
    waited_for = {one.cohort_id for one in enrollments if one.state == EnrollmentState.WAITLISTED}
    places = _places(waited_for) if waited_for and not set(PLACE_RULES).isdisjoint(rules) else {}
    parties = _members({one.party_id for one in enrollments if one.party_id})
    return {
        one.pk: QueueFacts(place=places.get(one.pk, 0), companions=_companions(one, parties)) for one in enrollments
    }


def _companions(enrollment: Enrollment, parties: Mapping[int, list[Member]]) -> list[str]:
    members = parties.get(enrollment.party_id, []) if enrollment.party_id else []
    return [member.first_name for member in members if member.enrollment != enrollment.pk]


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
    plans = _plans(set(cohorts.values()))
    found = {
        message.pk: _session_of(message, plans.get(cohorts[message.pk], []), at)
        for message in messages
        if message.pk in cohorts
    }
    return {pk: facts for pk, facts in found.items() if facts}


def _plans(cohort_ids: Collection[int]) -> dict[int, list[Session]]:
    """Cohort -> its sessions that are held, in order."""
    plans: dict[int, list[Session]] = {}
    held = (
        Session.objects.filter(cohort__in=cohort_ids)
        .exclude(state=SessionState.CANCELLED)
        .select_related("venue", "cohort__venue")
        .prefetch_related("modules")
        .order_by("starts_at", "number")
    )
    for session in held:
        plans.setdefault(session.cohort_id, []).append(session)
    return plans


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


def _members(party_ids: Collection[int]) -> dict[int, list[Member]]:
    """Party -> those who are still in it. No query without parties."""
    found: dict[int, list[Member]] = {}
    if not party_ids:
        return found
    rows = Enrollment.objects.filter(party__in=party_ids, state__in=OPEN_STATES).order_by("queue_number", "pk")
    for party_id, pk, name in rows.values_list("party_id", "pk", "person__first_name"):
        found.setdefault(party_id, []).append(Member(pk, name))
    return found


def _enrollment_words(enrollment: Enrollment, queue: QueueFacts, language: str) -> dict[str, object]:
    """What stands of an enrollment: the group, how it is with the person in it, and how to answer."""
    cohort = enrollment.cohort
    words: dict[str, object] = {
        "course": cohort.course.title,
        "cohort": cohort,
        "group": cohort.name,
        "notice": cohort.notice,
        "starts": day_words(cohort.starts_on, language),
        "state": enrollment.state,
        "place_in_queue": queue.place,
        "companions": get_text_list(
            [clean_name(name) for name in queue.companions], pgettext("between the last two of several names", "and")
        ),
        "application_code": enrollment.application_code,
        "application_url": application_url(language),
    }
    if enrollment.state == EnrollmentState.OFFERED and enrollment.offer_expires_at:
        words["until"] = moment_words(enrollment.offer_expires_at.astimezone(HELSINKI), language)
        words["offer_url"] = offer_url(enrollment, language)
    return words


def _session_words(facts: SessionFacts | None, cohort: Cohort, language: str) -> dict[str, object]:
    if facts is None:
        return _place_words(None, cohort)
    session = facts.session
    starts, ends = session.starts_at.astimezone(HELSINKI), session.ends_at.astimezone(HELSINKI)
    return {
        "session": session,
        "number": facts.number,
        "total": facts.total,
        "day": day_words(starts, language),
        "clock": clock_words(starts, language),
        "time": time_range_words(starts, ends, language),
        "when": when_words(starts, ends, language),
        "topics": [module.title for module in facts.modules],
        **_place_words(session, cohort),
    }


def _place_words(session: Session | None, cohort: Cohort) -> dict[str, object]:
    venue, remote = cohort.venue, ""
    if session is not None:
        venue, remote = session.venue or venue, session.remote_link
    if venue is None or remote:
        return {"remote_link": remote or cohort.remote_link}
    return _venue_words(venue)


def _venue_words(venue: Venue) -> dict[str, object]:
    address = venue_street_and_town(venue)
    return {
        "place": venue.name,
        "address": address,
        "directions": venue.directions,
        "map_url": f"{MAP}?{urlencode({'query': address})}" if venue.street else "",
    }
