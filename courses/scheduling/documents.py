"""Sessions for a person's own calendar (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from courses.dates.calendar import HELSINKI
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.wording import venue_line


def cohort_calendar(cohort: Cohort, sessions: Iterable[Session], *, url: str, phone: str) -> bytes:
    """The sessions of a cohort as an .ics file, cancelled ones marked so. The link of a remote session is not in it.

    Uids stay the same when a session moves, and SEQUENCE grows, so that a calendar that has it already follows.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//AI mentors//courses//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{cohort.course.title}, {cohort.name}")
    calendar.add_component(_zone())
    for session in sessions:
        calendar.add_component(_event(cohort, session, url, phone))
    return bytes(calendar.to_ical())


def _zone() -> Timezone:
    """Finnish time as two yearly rules: a list of single days, which icalendar writes, is an hour off in some calendars."""
    zone = Timezone()
    zone.add("tzid", HELSINKI.key)
    changes = (
        (TimezoneDaylight(), "EEST", datetime(1997, 3, 30, 3), 3, timedelta(hours=2), timedelta(hours=3)),
        (TimezoneStandard(), "EET", datetime(1996, 10, 27, 4), 10, timedelta(hours=3), timedelta(hours=2)),
    )
    for change, name, first, month, before, after in changes:
        change.add("tzname", name)
        change.add("dtstart", first)
        change.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        change.add("tzoffsetfrom", before)
        change.add("tzoffsetto", after)
        zone.add_component(change)
    return zone


def _event(cohort: Cohort, session: Session, url: str, phone: str) -> Event:
    event = Event()
    event.add("uid", f"session-{session.pk}@{url.split('/')[2]}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", session.starts_at.astimezone(HELSINKI))
    event.add("dtend", session.ends_at.astimezone(HELSINKI))
    event.add("sequence", session.schedule_revision)
    event.add("summary", cohort.course.title)
    titles = "\n".join(module.title for module in session.modules.all())
    help_line = _("Questions: %(phone)s") % {"phone": phone}
    event.add("description", f"{titles}\n\n{help_line}".strip() if phone else titles)
    event.add("location", _location(session.venue or cohort.venue))
    event.add("url", url)
    event.add("status", "CANCELLED" if session.state == SessionState.CANCELLED else "CONFIRMED")
    return event


def _location(venue: Venue | None) -> str:
    return _("Remote") if venue is None else venue_line(venue)
