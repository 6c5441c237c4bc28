from datetime import datetime, timedelta

import pytest

from accounts.enums import Channel, HowAsked
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.messages.places import cancel_messages_for_enrollments, plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.enums import CallAnswer, MessageState
from courses.messaging.models import Message, ReminderStop
from courses.messaging.services.by_hand import (
    cancel_message,
    hold_message,
    mark_letters_posted,
    record_call,
    release_message,
    send_again,
)
from courses.messaging.services.planning import cancel_messages_for_person, replan_session
from courses.messaging.services.stops import resume_reminders, stop_reminders
from tests.acts import act
from tests.conftest import HELSINKI, NOW
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db

SESSION_AT = datetime(2027, 1, 26, 10, 0, tzinfo=HELSINKI)
DUE = datetime(2027, 1, 22, 9, 0, tzinfo=HELSINKI)


@pytest.fixture
def session():
    return session_of(CohortFactory.create(capacity=50))


def session_of(cohort, starts_at=SESSION_AT, number=1):
    return SessionFactory.create(
        cohort=cohort, number=number, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3)
    )


def enroll(session, person=None, **fields):
    fields.setdefault("admitted_at", NOW - timedelta(days=1))
    return EnrollmentFactory.create(cohort=session.cohort, person=person or PersonFactory.create(), **fields)


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_place_confirmed_is_due_at_once(session):
    enrollment = enroll(session)

    planned = plan_place_confirmed(enrollments=[enrollment], at=NOW)

    message = Message.objects.get()
    assert planned == 1
    assert (message.rule, message.channel, message.state) == ("place_confirmed", "email", "pending")
    assert (message.due_at, message.next_attempt_at) == (NOW, NOW)
    assert message.expires_at == SESSION_AT - timedelta(hours=2)


def test_place_confirmed_in_the_evening_waits_for_the_morning(session):
    evening = NOW.replace(hour=20)

    plan_place_confirmed(enrollments=[enroll(session)], at=evening)

    assert Message.objects.get().next_attempt_at == datetime(2027, 1, 13, 9, 0, tzinfo=HELSINKI)


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


def test_cancelled_by_hand_stays_cancelled(session, coordinator):
    enroll(session)
    plan_session_reminders(at=NOW)

    cancel_message(message=Message.objects.get(), act=act(coordinator))

    assert plan_session_reminders(at=NOW) == 0
    assert states() == ["cancelled"]


def test_everything_planned_for_a_person_is_taken_back(session, stranger):
    mine, other = enroll(session), enroll(session, stranger)
    plan_place_confirmed(enrollments=[mine, other], at=NOW)
    plan_session_reminders(at=NOW)

    cancel_messages_for_person(person=mine.person)

    assert set(mine.person.messages.values_list("state", flat=True)) == {"cancelled"}
    assert set(stranger.messages.values_list("state", flat=True)) == {"pending"}


def test_stopping_takes_back_reminders_and_nothing_else(session):
    enrollment = enroll(session)
    plan_place_confirmed(enrollments=[enrollment], at=NOW)
    plan_session_reminders(at=NOW)

    for _twice in range(2):
        stop_reminders(person=enrollment.person, rule=ReminderRule.SESSION_SOON, act=act(via=HowAsked.WEB, at=NOW))

    assert states() == ["pending", "cancelled"]
    assert plan_session_reminders(at=NOW) == 0
    assert ReminderStop.objects.count() == 1
    assert AuditEntry.objects.filter(action="reminder.stop").count() == 1


def test_reminders_come_again_when_asked_for(session):
    person = enroll(session).person
    plan_session_reminders(at=NOW)
    stop_reminders(person=person, rule=ReminderRule.SESSION_SOON, act=act(via=HowAsked.WEB, at=NOW))

    resume_reminders(person=person, rule=ReminderRule.SESSION_SOON, act=act(via=HowAsked.PHONE, at=NOW))
    plan_session_reminders(at=NOW)

    assert states() == ["pending"]
    assert ReminderStop.objects.get().ended_at == NOW


def test_what_is_told_once_cannot_be_stopped(stranger):
    with pytest.raises(RuleError):
        stop_reminders(person=stranger, rule=ReminderRule.PLACE_CONFIRMED, act=act(via=HowAsked.WEB, at=NOW))


def test_hold_and_release(session, coordinator):
    plan_place_confirmed(enrollments=[enroll(session)], at=NOW)
    message = Message.objects.get()

    hold_message(message=message, act=act(coordinator))
    held = Message.objects.get().held
    release_message(message=message, act=act(coordinator))

    assert (held, Message.objects.get().held) == (True, False)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "message.hold",
        "message.release",
    ]


def test_sent_message_can_be_neither_held_nor_cancelled(session, coordinator):
    plan_place_confirmed(enrollments=[enroll(session)], at=NOW)
    Message.objects.update(state=MessageState.SENT, sent_at=NOW)
    message = Message.objects.get()

    with pytest.raises(RuleError):
        hold_message(message=message, act=act(coordinator))
    with pytest.raises(RuleError):
        cancel_message(message=message, act=act(coordinator))


def a_call(session, **person):
    enrollment = enroll(session, PersonFactory.create(channel=Channel.CALL, phone="+358401234567", **person))
    plan_place_confirmed(enrollments=[enrollment], at=NOW)
    return Message.objects.get()


def test_call_that_reached_the_person_is_done(session, coordinator):
    record_call(message=a_call(session), answer=CallAnswer.REACHED, act=act(coordinator, at=NOW))

    message = Message.objects.get()
    assert (message.state, message.answer, message.done_by, message.sent_at) == ("sent", "reached", coordinator, NOW)


def test_call_without_answer_comes_again_in_two_hours(session, coordinator):
    record_call(message=a_call(session), answer=CallAnswer.NO_ANSWER, act=act(coordinator, at=NOW))

    message = Message.objects.get()
    assert (message.state, message.attempts, message.next_attempt_at) == ("pending", 1, NOW + timedelta(hours=2))


def test_wrong_number_goes_on_to_the_next_channel(session, coordinator):
    record_call(message=a_call(session), answer=CallAnswer.WRONG_NUMBER, act=act(coordinator, at=NOW))

    first, second = Message.objects.order_by("pk")
    assert (first.channel, first.state) == ("call", "dead")
    assert (second.channel, second.state) == ("email", "pending")
    assert second.dedupe_key == f"{first.dedupe_key}/2"


def test_call_recorded_by_two_people_counts_once(session, coordinator, trainer):
    message = a_call(session)
    record_call(message=message, answer=CallAnswer.REACHED, act=act(coordinator, at=NOW))

    with pytest.raises(RuleError):
        record_call(message=message, answer=CallAnswer.WRONG_NUMBER, act=act(trainer, at=NOW))

    assert Message.objects.get().done_by == coordinator


def test_letters_are_marked_as_posted_with_what_was_printed(session, coordinator):
    person = PersonFactory.create(channel=Channel.LETTER, street="Tie 1", postal_code="02100", city="Espoo")
    plan_place_confirmed(enrollments=[enroll(session, person)], at=NOW)
    message = Message.objects.get()

    posted = mark_letters_posted(
        messages=[message], texts={message.pk: ("Otsikko", "Teksti")}, act=act(coordinator, at=NOW)
    )

    message.refresh_from_db()
    assert posted == 1
    assert (message.state, message.address, message.subject, message.body) == (
        "sent",
        "Tie 1, 02100 Espoo",
        "Otsikko",
        "Teksti",
    )


def test_dead_message_is_sent_again_by_hand(session, coordinator):
    plan_place_confirmed(enrollments=[enroll(session)], at=NOW)
    Message.objects.update(state=MessageState.DEAD, attempts=12)

    send_again(message=Message.objects.get(), act=act(coordinator, at=NOW))

    message = Message.objects.get()
    assert (message.state, message.attempts, message.next_attempt_at) == ("pending", 0, NOW)


def test_reminder_is_not_sent_again_after_its_session(session, coordinator):
    enroll(session)
    plan_session_reminders(at=NOW)
    Message.objects.update(state=MessageState.DEAD)

    with pytest.raises(RuleError):
        send_again(message=Message.objects.get(), act=act(coordinator, at=SESSION_AT))


def test_each_session_of_a_group_has_its_reminder(session):
    later = session_of(session.cohort, SESSION_AT + timedelta(days=1), number=2)
    session_of(session.cohort, SESSION_AT + timedelta(days=90), number=3)
    first, second = enroll(session), enroll(session)

    plan_session_reminders(at=NOW)

    assert set(Message.objects.values_list("session", "enrollment")) == {
        (one.pk, who.pk) for one in (session, later) for who in (first, second)
    }
