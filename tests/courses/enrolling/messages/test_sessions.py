from datetime import datetime, timedelta

import pytest
from hypothesis import given

from courses.dates.calendar import local_day
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.sessions import SessionSoon, plan_session_reminders
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.rules.quiet_hours import is_quiet
from tests.conftest import HELSINKI, NOW
from tests.factories import CohortFactory, PersonFactory
from tests.moments import instants, local
from tests.sessions import DUE, SESSION_AT, enroll, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return session_of(CohortFactory.create(capacity=50))


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        (local("2027-01-12"), local("2027-01-08", "09:00")),  # Tuesday: Friday
        (local("2027-03-30"), local("2027-03-24", "09:00")),  # Tuesday after Easter: Wednesday before
        # Clocks go back on Sunday 2026-10-25: nine o'clock stays nine o'clock, 73 hours earlier than ten.
        (local("2026-10-27", "10:00"), local("2026-10-23", "09:00")),
        (local("2027-03-29", "10:00"), local("2027-03-24", "09:00")),
    ],
)
def test_session_reminder_is_due_two_working_days_before_at_nine(starts, due):
    window = SessionSoon().window("email", at=local("2026-10-01"), event_at=starts)

    assert window.due_at == due
    assert window.expires_at == starts - timedelta(hours=2)


@given(instants)
def test_session_reminder_is_never_due_in_quiet_hours_nor_on_the_day_of_the_session(starts):
    window = SessionSoon().window("email", at=starts - timedelta(days=30), event_at=starts)

    assert not is_quiet(window.due_at)
    assert local_day(window.due_at) < local_day(starts)


def test_letter_is_posted_six_working_days_before_and_no_later_than_three():
    window = SessionSoon().window("letter", at=local("2027-02-01"), event_at=local("2027-03-16"))

    assert window.due_at == local("2027-03-08", "09:00")
    assert window.expires_at == local("2027-03-11", "17:00")


@pytest.mark.parametrize(
    ("now", "chance"),
    [
        (local("2027-01-01"), local("2027-01-08", "09:00")),
        (local("2027-01-11", "11:00"), local("2027-01-11", "11:00")),
        (local("2027-01-11", "17:30"), None),  # the next morning it would come an hour before the session
    ],
)
def test_what_would_come_too_late_has_no_chance(now, chance):
    window = SessionSoon().window("email", at=now, event_at=local("2027-01-12", "10:00"))

    assert window.first_chance(now) == chance


def test_session_reminder_goes_two_working_days_before(session):
    enroll(session)

    plan_session_reminders(at=NOW)

    message = Message.objects.get()
    assert (message.session, message.schedule_revision, message.due_at) == (session, 1, DUE)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (EnrollmentState.ENROLLED, 1),
        (EnrollmentState.ACTIVE, 1),
        (EnrollmentState.APPLIED, 0),
        (EnrollmentState.WITHDRAWN, 0),
        (EnrollmentState.COMPLETED, 0),
    ],
)
def test_only_those_with_a_place_are_reminded(session, state, expected):
    enroll(session, state=state)

    assert plan_session_reminders(at=NOW) == expected


@pytest.mark.parametrize("person_state", ["paused", "moved", "deceased", "anonymized"])
def test_people_who_are_not_to_be_contacted_are_not_reminded(session, person_state):
    enroll(session, PersonFactory.create(state=person_state))

    assert plan_session_reminders(at=NOW) == 0


@pytest.mark.parametrize("cohort_state", ["draft", "cancelled", "finished"])
def test_groups_that_do_not_run_are_not_reminded(cohort_state):
    enroll(session_of(CohortFactory.create(state=cohort_state)))

    assert plan_session_reminders(at=NOW) == 0


def test_who_got_the_place_after_the_reminder_day_is_not_reminded(session):
    enroll(session, admitted_at=DUE + timedelta(hours=1))

    assert plan_session_reminders(at=DUE + timedelta(hours=2)) == 0


def test_reminder_after_an_outage_goes_late_but_not_too_late(session):
    enroll(session)
    monday_noon = datetime(2027, 1, 25, 12, 0, tzinfo=HELSINKI)

    plan_session_reminders(at=monday_noon)

    message = Message.objects.get()
    assert (message.state, message.due_at, message.next_attempt_at) == ("pending", DUE, monday_noon)


def test_what_would_come_too_late_is_listed_as_missed(session):
    enroll(session)

    plan_session_reminders(at=datetime(2027, 1, 25, 18, 0, tzinfo=HELSINKI))

    assert Message.objects.get().state == MessageState.MISSED


def test_second_reminder_of_a_day_goes_to_another_day(session):
    person = PersonFactory.create()
    enroll(session, person)
    other = session_of(CohortFactory.create(), SESSION_AT + timedelta(hours=5))
    enroll(other, person)

    plan_session_reminders(at=NOW)

    days = [message.due_at for message in Message.objects.order_by("session__starts_at")]
    assert days == [DUE, datetime(2027, 1, 25, 9, 0, tzinfo=HELSINKI)]


def test_each_session_of_a_group_has_its_reminder(session):
    later = session_of(session.cohort, SESSION_AT + timedelta(days=1), number=2)
    session_of(session.cohort, SESSION_AT + timedelta(days=90), number=3)
    first, second = enroll(session), enroll(session)

    plan_session_reminders(at=NOW)

    assert set(Message.objects.values_list("session", "enrollment")) == {
        (one.pk, who.pk) for one in (session, later) for who in (first, second)
    }
