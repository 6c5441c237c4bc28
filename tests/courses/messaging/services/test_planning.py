from datetime import datetime, timedelta

import pytest

from accounts.enums import Channel
from courses.enrolling.messages.places import cancel_messages_for_enrollments, plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.models import Message
from courses.messaging.services.planning import cancel_messages_for_person, replan_session
from tests.conftest import HELSINKI, NOW
from tests.factories import CohortFactory, PersonFactory
from tests.sessions import enroll, session_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return session_of(CohortFactory.create(capacity=50))


def test_planning_twice_makes_one_row(session):
    enrollment = enroll(session)

    first = plan_place_confirmed(enrollments=[enrollment], at=NOW) + plan_session_reminders(at=NOW)
    second = plan_place_confirmed(enrollments=[enrollment], at=NOW) + plan_session_reminders(at=NOW)

    assert (first, second) == (2, 0)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("people", [1, 30])
def test_planning_takes_the_same_queries_for_any_number(session, django_assert_num_queries, people):
    enrollments = [enroll(session) for _number in range(people)]

    # Savepoint and its release, first session, what it takes the place of, keys that exist, insert.
    with django_assert_num_queries(6):
        plan_place_confirmed(enrollments=enrollments, at=NOW)
    # Savepoint and its release, missing reminders of people and of contact people, days taken, keys that exist, insert.
    with django_assert_num_queries(7):
        plan_session_reminders(at=NOW)


@pytest.mark.parametrize(
    ("person", "channel", "state"),
    [
        ({"email": ""}, "email", "dead"),
        ({"email": "", "phone": "+358401234567"}, "call", "pending"),
        ({"channel": Channel.SMS, "phone": "+358401234567"}, "email", "pending"),
        ({"channel": Channel.CONTACT, "phone": "+358401234567"}, "call", "pending"),
        ({"channel": Channel.LETTER, "street": "Tie 1", "postal_code": "02100", "city": "Espoo"}, "letter", "pending"),
        (
            {"channel": Channel.EMAIL, "second_channel": Channel.CALL, "email": "", "phone": "+3589123456"},
            "call",
            "pending",
        ),
    ],
)
def test_channel_follows_the_wish_and_what_is_possible(session, person, channel, state):
    enroll(session, PersonFactory.create(**person))

    plan_session_reminders(at=NOW)

    message = Message.objects.get()
    assert (message.channel, message.state) == (channel, state)


def test_letter_that_would_not_be_there_in_time_becomes_a_call(session):
    person = PersonFactory.create(
        channel=Channel.LETTER, street="Tie 1", postal_code="02100", city="Espoo", phone="+358401234567", email=""
    )
    enroll(session, person)

    plan_session_reminders(at=datetime(2027, 1, 22, 12, 0, tzinfo=HELSINKI))

    assert Message.objects.get().channel == Channel.CALL


def test_moved_session_takes_back_the_old_and_plans_the_new(session):
    enroll(session)
    plan_session_reminders(at=NOW)
    session.starts_at += timedelta(days=7)
    session.ends_at += timedelta(days=7)
    session.schedule_revision += 1
    session.save()

    planned = replan_session(session_id=session.pk, schedule_revision=session.schedule_revision, at=NOW)

    assert planned == 1
    assert states() == ["cancelled", "pending"]
    assert Message.objects.last().due_at == datetime(2027, 1, 29, 9, 0, tzinfo=HELSINKI)


def test_cancelled_session_takes_back_its_reminders(session):
    enroll(session)
    plan_session_reminders(at=NOW)
    session.state = "cancelled"
    session.schedule_revision += 1
    session.save()

    assert replan_session(session_id=session.pk, schedule_revision=session.schedule_revision, at=NOW) == 0
    assert states() == ["cancelled"]


def test_withdrawal_takes_back_and_a_new_place_brings_back(session):
    enrollment = enroll(session)
    plan_session_reminders(at=NOW)

    taken_back = cancel_messages_for_enrollments(enrollments=[enrollment])
    after_withdrawal = states()
    plan_session_reminders(at=NOW)

    assert taken_back == 1
    assert (after_withdrawal, states()) == (["cancelled"], ["pending"])


def test_everything_planned_for_a_person_is_taken_back(session, stranger):
    mine, other = enroll(session), enroll(session, stranger)
    plan_place_confirmed(enrollments=[mine, other], at=NOW)
    plan_session_reminders(at=NOW)

    cancel_messages_for_person(person=mine.person)

    assert set(mine.person.messages.values_list("state", flat=True)) == {"cancelled"}
    assert set(stranger.messages.values_list("state", flat=True)) == {"pending"}
