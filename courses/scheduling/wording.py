"""Cohorts and sessions in words: what stands in the way of a next state, when and where a session is."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, ngettext_lazy
from django.utils.translation import gettext as _

from accounts.enums import Language
from accounts.wording.addresses import address_line
from courses.dates.words import day_short, day_words, when_words
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.rules.cohorts import Obstacle
from courses.scheduling.rules.schedule import LeftOut
from courses.scheduling.selectors.sessions import Clash, SessionPlan


def explain(obstacles: Iterable[Obstacle]) -> list[str]:
    """One sentence each, in the reader's language."""
    return [_sentence(obstacle) for obstacle in obstacles]


def missing_text_name(what: str) -> str:
    """What a missing text is called: `title`, `summary`, `name`, `notice`, `directions` or `module <code>`."""
    kind, _space, code = what.partition(" ")
    if kind == "module":
        return _("title of module %(code)s") % {"code": code}
    names = {
        "title": _("title of the course"),
        "summary": _("summary of the course"),
        "name": _("name of the group"),
        "notice": _("notice of the group"),
        "directions": _("how to get to the venue"),
    }
    return names[kind]


def venue_line(venue: Venue) -> str:
    """Name and address of a venue as one line."""
    return ", ".join(part for part in (venue.name, venue_address(venue)) if part)


def venue_address(venue: Venue) -> str:
    return address_line(venue.street, venue.postal_code, venue.city)


def venue_street_and_town(venue: Venue) -> str:
    """For those who come: a map finds it without the postal code, and a text message is short."""
    return address_line(venue.street, "", venue.city)


def venue_and_street(venue: Venue) -> str:
    """As it is said on the phone."""
    return ", ".join(part for part in (venue.name, venue.street) if part)


def span_when(start: datetime, end: datetime) -> str:
    return when_words(timezone.localtime(start), timezone.localtime(end), get_language() or "en")


def session_when(session: Session) -> str:
    return span_when(session.starts_at, session.ends_at)


def clash_words(clash: Clash) -> str:
    """What is taken at the time of a session, and by which other one."""
    words = (
        _("The venue is taken: %(cohort)s, %(when)s.")
        if clash.why == "venue"
        else _("The trainer is taken: %(cohort)s, %(when)s.")
    )
    return words % {"cohort": clash.session.cohort.name, "when": session_when(clash.session)}


def sessions_made(count: int) -> str:
    return ngettext("%(count)d session is made.", "%(count)d sessions are made.", count) % {"count": count}


def left_out_words(left_out: Iterable[LeftOut]) -> str:
    """The days without a session as one sentence, a holiday by its name; nothing when there are none."""
    language = get_language() or "en"
    days = [
        f"{day_short(gap.day, language, year=True)} ({gap.holiday})"
        if gap.holiday
        else day_short(gap.day, language, year=True)
        for gap in left_out
    ]
    return _("No session on: %(days)s.") % {"days": ", ".join(days)} if days else ""


def cohort_copied(cohort: Cohort, plan: SessionPlan) -> str:
    """What was copied, and the days that were left out."""
    count = len(plan.sessions)
    copied = ngettext(
        "%(cohort)s is a draft with %(count)d session.", "%(cohort)s is a draft with %(count)d sessions.", count
    ) % {"cohort": cohort.name, "count": count}
    return " ".join(filter(None, [copied, left_out_words(plan.left_out)]))


def cancelling_session(people: int) -> list[str]:
    """What cancelling a session will do. `people`: how many are expected."""
    words = ngettext(
        "%(count)d person is expected. Phone, and tell that there is no session.",
        "%(count)d people are expected. Phone them, and tell that there is no session.",
        people,
    )
    return [
        *([words % {"count": people}] if people else []),
        _("Reminders of this session that are still to go are not sent."),
        _("The session stays in the list as cancelled. Its modules are taught only if another session covers them."),
    ]


def _sentence(obstacle: Obstacle) -> str:
    if obstacle.code in _COUNTING:
        return str(_COUNTING[obstacle.code] % {"count": obstacle.count})
    if obstacle.code in _OF_STATE:
        return str(_OF_STATE[obstacle.code] % {"state": CohortState(obstacle.what).label})
    match obstacle.code:
        case "missing_text":
            return _("%(language)s is missing: %(what)s.") % {
                "language": Language(obstacle.language).label,
                "what": missing_text_name(obstacle.what),
            }
        case "starts_later":
            day = day_words(date.fromisoformat(obstacle.what), get_language() or "en", year=True)
            return _("The group starts %(day)s.") % {"day": day}
        case "too_late":
            return _("More than 24 hours have gone by, so this is not undone any more.")
    raise ValueError(obstacle.code)


# Sentences with the state in which the group is.
_OF_STATE = {
    "wrong_order": gettext_lazy("The group is in the state “%(state)s”, so this cannot be done."),
    "not_editable": gettext_lazy("The group is in the state “%(state)s”, so it is not changed any more."),
    "not_undone": gettext_lazy("“%(state)s” is not undone."),
}
# Sentences with a number, one and many.
_COUNTING = {
    "sessions_to_come": ngettext_lazy(
        "%(count)d session is still to come. Cancel it, or wait for it.",
        "%(count)d sessions are still to come. Cancel them, or wait for them.",
        "count",
    ),
    "undecided_people": ngettext_lazy(
        "%(count)d person has no decision yet: completed or not.",
        "%(count)d people have no decision yet: completed or not.",
        "count",
    ),
    "has_enrollments": ngettext_lazy(
        "%(count)d person is enrolled already, so the group stays published.",
        "%(count)d people are enrolled already, so the group stays published.",
        "count",
    ),
    "has_registers": ngettext_lazy(
        "%(count)d register is marked already, so the group keeps running.",
        "%(count)d registers are marked already, so the group keeps running.",
        "count",
    ),
}
