from datetime import UTC, datetime, timedelta

import pytest
import vobject
from django.utils import timezone, translation
from icalendar import Calendar

from courses.scheduling.documents import cohort_calendar
from courses.scheduling.enums import SessionState
from courses.scheduling.selectors.cohorts import sessions_of
from tests.conftest import HELSINKI
from tests.factories import CohortFactory, ModuleFactory, SessionFactory

pytestmark = pytest.mark.django_db


def calendar_of(cohort):
    with translation.override("en"):
        return cohort_calendar(
            cohort, sessions_of(cohort), url="https://mentors.example/en/cohorts/A/", phone="09 123 4567"
        )


def events_of(cohort):
    return Calendar.from_ical(calendar_of(cohort)).walk("VEVENT")


def test_each_session_is_an_event_in_finnish_time():
    module = ModuleFactory.create(title_en="Scams and fakes")
    session = SessionFactory.create(cohort__course=module.course, modules=[module])

    [event] = events_of(session.cohort)

    start = event["dtstart"]
    assert (start.dt, start.params["TZID"]) == (session.starts_at, "Europe/Helsinki")
    assert event["dtend"].dt == session.ends_at
    assert event["uid"] == f"session-{session.pk}@mentors.example"
    assert event["description"] == "Scams and fakes\n\nQuestions: 09 123 4567"
    assert event["status"] == "CONFIRMED"


@pytest.mark.parametrize("reader", ["icalendar", "vobject"])
@pytest.mark.parametrize(("month", "utc_hour"), [(1, 8), (7, 7)], ids=["January", "July"])
def test_the_time_is_right_in_winter_and_in_summer_whoever_reads_the_file(reader, month, utc_hour):
    """From the file alone: a reader that knows no zones goes by the rules that stand in it."""
    starts = datetime(2027, month, 13, 10, 0, tzinfo=HELSINKI)
    session = SessionFactory.create(starts_at=starts, ends_at=starts + timedelta(hours=3))
    content = calendar_of(session.cohort).replace(b"Europe/Helsinki", b"Somewhere/Else")

    if reader == "vobject":
        start = vobject.readOne(content.decode()).vevent.dtstart.value
    else:
        start = Calendar.from_ical(content).walk("VEVENT")[0]["dtstart"].dt

    assert start.astimezone(UTC) == datetime(2027, month, 13, utc_hour, 0, tzinfo=UTC)
    assert content.count(b"RRULE:") == 2 and b"RDATE" not in content


def test_a_moved_session_keeps_its_uid_and_raises_its_sequence():
    session = SessionFactory.create()
    [before] = events_of(session.cohort)
    session.starts_at += timedelta(days=1)
    session.ends_at += timedelta(days=1)
    session.schedule_revision += 1
    session.save()

    [after] = events_of(session.cohort)

    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (1, 2)


def test_a_cancelled_session_is_told_as_cancelled():
    session = SessionFactory.create(state=SessionState.CANCELLED)

    assert [event["status"] for event in events_of(session.cohort)] == ["CANCELLED"]


def test_the_link_of_a_remote_session_is_in_no_file():
    link = "https://meet.example/secret-room"
    cohort = CohortFactory.create(venue=None, remote_link=link)
    SessionFactory.create(cohort=cohort, remote_link=link, starts_at=timezone.now())

    [event] = events_of(cohort)

    assert "secret-room" not in event.to_ical().decode()
    assert event["location"] == "Remote"
