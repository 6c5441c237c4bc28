"""Cohorts and sessions in the words of the page's language."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.wording.marks import StateMark
from accounts.wording.people import names_of
from courses.catalogue.models import Course, Module
from courses.catalogue.rules import CompletionRule
from courses.catalogue.wording import rule_in_words
from courses.dates.words import (
    EVERY_WEEKDAY,
    NBSP,
    ON_WEEKDAYS,
    WEEKDAYS,
    clock_numbers,
    clock_words,
    known_language,
    month_words,
    time_range,
    time_range_words,
)
from courses.overview.selectors.cohort_frame import CohortFrame
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.wording import venue_address, venue_and_street, venue_street_and_town

register = template.Library()
register.filter("venue_address", venue_address)
register.filter("venue_and_street", venue_and_street)
register.filter("venue_street_and_town", venue_street_and_town)

COHORT_ICONS = {
    CohortState.DRAFT: "ring",
    CohortState.PUBLISHED: "clock",
    CohortState.CONFIRMED: "done",
    CohortState.RUNNING: "half",
    CohortState.FINISHED: "end",
    CohortState.CLOSED: "lock",
}
# More weekdays than these are no pattern one would say.
MOST_WEEKDAYS = 3


@register.filter
def schedule_words(sessions: Iterable[Session]) -> str:
    """{{ cohort.held_sessions|schedule_words }}: "8 sessions, Tuesdays 10:00–13:00"; without a time when it changes."""
    sessions = list(sessions)
    if not sessions:
        return ""
    count = ngettext("%(count)d session", "%(count)d sessions", len(sessions)) % {"count": len(sessions)}
    rhythm = _rhythm(sessions, in_words=True)
    return _("%(sessions)s, %(rhythm)s") % {"sessions": count, "rhythm": rhythm} if rhythm else count


@register.filter
def rhythm(sessions: Iterable[Session]) -> str:
    """{{ frame.held|rhythm }}: "Tuesdays 10:00–13:00", for the head of a dense page."""
    return _rhythm(list(sessions), in_words=False)


@register.filter
def module_names(modules: Iterable[Module]) -> str:
    """{{ session.modules.all|module_names }}: "4 Scams, 5 Ethics and your data"."""
    return ", ".join(str(module) for module in modules)


@register.filter
def module_titles(modules: Iterable[Module]) -> str:
    """{{ session.modules.all|module_titles }}: the titles alone, for people who do not know the numbers."""
    return ". ".join(module.title for module in modules)


@register.filter
def where(cohort: Cohort) -> str:
    """{{ group|where }}, for tables: the venue, "Remote", or an en dash when neither is known."""
    if cohort.venue:
        return cohort.venue.name
    return _("Remote") if cohort.remote_link else "–"


@register.filter
def session_mark(session: Session, now: datetime) -> StateMark:
    """{% state_mark session|session_mark:now %}: whether it is over, and whether its register is marked."""
    if session.state == SessionState.CANCELLED:
        return StateMark("off", _("cancelled"))
    if session.marked_at:
        return StateMark("done", _("marked"))
    if session.ends_at < now:
        return StateMark("ring", _("not marked"), "warn")
    if session.starts_at <= now:
        return StateMark("half", _("going on"))
    return StateMark("ring", _("coming"))


@register.filter
def cohort_mark(cohort: Cohort, frame: CohortFrame | None) -> StateMark:
    """{% state_mark cohort|cohort_mark:frame %}: with the frame of the cohort, how far it has come while it runs."""
    words = cohort.get_state_display()
    if cohort.state == CohortState.RUNNING and frame:
        words = _("Running, session %(done)s/%(total)s") % {"done": frame.done, "total": len(frame.held)}
    return StateMark(COHORT_ICONS.get(CohortState(cohort.state), "off"), words)


@register.filter
def directions_mark(venue: Venue) -> StateMark | None:
    """{% state_mark venue|directions_mark %}: whether the way is told, in both languages at least."""
    if venue.directions_fi and venue.directions_sv:
        return StateMark("done", _("written"))
    return StateMark("ring", _("a language is missing"), "warn") if venue.directions else None


@register.filter
def people_names(people: Iterable[Person]) -> str:
    """{{ frame.trainers|people_names }}: "Jari Niemi and Eila Aalto"; the own code of one under a safety ban."""
    return names_of(people)


@register.filter
def on_weekday(day: date) -> str:
    """{{ cohort.starts_on|on_weekday }}, the first line of a date block: "tiistaina", "tisdagen den", "Tuesday"."""
    language = known_language(get_language() or "en")
    weekday = ON_WEEKDAYS[language][day.weekday()]
    return f"{weekday} den" if language == "sv" else weekday


@register.filter
def weekday_name(at: datetime) -> str:
    """{{ session.starts_at|weekday_name }}: "tiistai", "tisdag", "Tuesday"."""
    return WEEKDAYS[known_language(get_language() or "en")][timezone.localtime(at).weekday()]


@register.filter
def day_of_month(day: date) -> str:
    """{{ cohort.starts_on|day_of_month }}: "12." in Finnish, else "12"."""
    return month_words(day, get_language() or "en").split(NBSP)[0]


@register.filter
def month_of_day(day: date) -> str:
    """{{ cohort.starts_on|month_of_day }}: "tammikuuta", "januari", "January"."""
    return month_words(day, get_language() or "en").split(NBSP)[1]


@register.simple_tag
def rule_words(course: Course, modules: Iterable[Module] | None = None) -> list[str]:
    """{% rule_words course modules as sentences %}: the completion rule, one sentence for each thing it asks for.

    `modules`: those of the course, when the page has them already.
    """
    modules = list(course.modules.all() if modules is None else modules)
    mandatory = [module.code for module in modules if module.mandatory]
    return rule_in_words(CompletionRule.from_json(course.completion_rule, mandatory), modules)


def _rhythm(sessions: list[Session], *, in_words: bool) -> str:
    """Weekdays and time, of a single session the time alone. When the end changes: in words the latest, in numbers none."""
    language = known_language(get_language() or "en")
    spans = [(timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)) for session in sessions]
    weekdays = sorted({start.weekday() for start, _end in spans})
    if not spans or len(weekdays) > MOST_WEEKDAYS:
        return ""
    days = get_text_list([EVERY_WEEKDAY[language][day] for day in weekdays], _("and"))
    starts, ends = ({moment.time() for moment in side} for side in zip(*spans, strict=True))
    if len(starts) > 1:
        return days
    start, end = starts.pop(), ends.pop()
    if ends:
        if in_words:
            latest = clock_numbers(max(end, *ends), language)
            words = {"weekdays": days, "time": clock_words(start, language), "end": latest}
            return _("%(weekdays)s %(time)s, until %(end)s at the latest") % words
        words = {"weekdays": days, "time": clock_numbers(start, language)}
        return pgettext("in numbers", "%(weekdays)s, from %(time)s") % words
    clock = time_range_words(start, end, language) if in_words else time_range(start, end, language)
    return clock if len(spans) == 1 else _("%(weekdays)s %(time)s") % {"weekdays": days, "time": clock}
