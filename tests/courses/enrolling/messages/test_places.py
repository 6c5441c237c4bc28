"""What people are told of applications, offers, cancelled groups and lost companions."""

from datetime import datetime, timedelta

import pytest

from accounts.enums import Channel
from accounts.exceptions import RuleError
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.offers import cancel_offer_messages, plan_seat_offered
from courses.enrolling.messages.places import (
    PlaceConfirmed,
    cancel_messages_for_enrollments,
    plan_application_received,
    plan_cohort_cancelled,
    plan_companion_left,
    plan_place_confirmed,
)
from courses.enrolling.models import Party
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.services.by_hand import record_call, send_again
from tests.acts import act
from tests.conftest import HELSINKI, NOW
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory
from tests.moments import local
from tests.sessions import SESSION_AT, enroll, session_of

pytestmark = pytest.mark.django_db

STARTS = datetime(2027, 2, 9, 10, 0, tzinfo=HELSINKI)
PHONE = "+358401234567"
ADDRESS = {"street": "Tie 1", "postal_code": "02100", "city": "Espoo"}


@pytest.fixture
def cohort():
    return starting(STARTS)


def starting(starts_at):
    cohort = CohortFactory.create(capacity=50)
    SessionFactory.create(cohort=cohort, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    return cohort


def waiting(cohort, number=1, **person):
    return EnrollmentFactory.create(
        cohort=cohort, person=PersonFactory.create(**person), state=EnrollmentState.WAITLISTED, queue_number=number
    )


def offered(cohort, *, until=None, **person):
    return EnrollmentFactory.create(
        cohort=cohort,
        person=PersonFactory.create(**person),
        state=EnrollmentState.OFFERED,
        offer_expires_at=until or NOW + timedelta(days=3),
    )


def planned():
    return list(Message.objects.order_by("pk").values_list("rule", "channel", "state", "last_error"))


# Applications


def test_who_waits_is_told_at_once(cohort):
    assert plan_application_received(enrollments=[waiting(cohort)], at=NOW) == 1

    message = Message.objects.get()
    assert (message.rule, message.channel, message.due_at) == ("application_received", "email", NOW)
    assert message.expires_at == STARTS - timedelta(hours=2)


def test_application_is_told_once_in_each_state(cohort):
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.APPLIED)
    first = [plan_application_received(enrollments=[enrollment], at=NOW) for _twice in range(2)]
    enrollment.state, enrollment.queue_number = EnrollmentState.WAITLISTED, 1

    second = plan_application_received(enrollments=[enrollment], at=NOW)

    assert (first, second) == ([1, 0], 1)
    assert planned() == [
        ("application_received", "email", "cancelled", "not_wanted"),
        ("application_received", "email", "pending", ""),
    ]


def test_a_place_takes_the_place_of_what_was_not_sent_yet(cohort):
    enrollment = waiting(cohort)
    plan_application_received(enrollments=[enrollment], at=NOW)

    plan_place_confirmed(enrollments=[enrollment], at=NOW)

    assert planned() == [
        ("application_received", "email", "cancelled", "not_wanted"),
        ("place_confirmed", "email", "pending", ""),
    ]


# Offers


@pytest.mark.parametrize(
    ("person", "channels"),
    [
        ({}, {"seat_offered": ["email"], "offer_lapsing": ["email"]}),
        ({"phone": PHONE}, {"seat_offered": ["email"], "offer_lapsing": ["call"]}),
        ({"phone": PHONE, "email": ""}, {"seat_offered": ["call"], "offer_lapsing": ["call"]}),
        ({"phone": PHONE, "channel": Channel.SMS}, {"seat_offered": ["email", "call"], "offer_lapsing": ["call"]}),
        ({"phone": PHONE, "channel": Channel.CONTACT}, {"seat_offered": ["email"], "offer_lapsing": ["call"]}),
    ],
)
def test_offer_goes_on_all_quick_ways_and_its_reminder_on_another(cohort, person, channels):
    plan_seat_offered(enrollments=[offered(cohort, **person)], at=NOW)

    found = {}
    for rule, channel in Message.objects.order_by("pk").values_list("rule", "channel"):
        found.setdefault(rule, []).append(channel)
    assert found == channels


def test_offer_is_told_now_and_the_day_before_it_lapses(cohort):
    until = NOW + timedelta(days=3)

    plan_seat_offered(enrollments=[offered(cohort, until=until)], at=NOW)

    rows = Message.objects.order_by("pk").values_list("rule", "due_at", "expires_at")
    assert list(rows) == [("seat_offered", NOW, until), ("offer_lapsing", until - timedelta(days=1), until)]


def test_offer_in_the_evening_is_told_in_the_morning(cohort):
    friday_evening, until = local("2027-01-15", "20:00"), local("2027-01-21", "09:00")

    plan_seat_offered(enrollments=[offered(cohort, until=until)], at=friday_evening)

    told = [message.next_attempt_at for message in Message.objects.order_by("pk")]
    assert told == [local("2027-01-18", "09:00"), local("2027-01-20", "09:00")]


@pytest.mark.parametrize(
    ("offered_at", "until", "told", "reminded"),
    [
        # The clocks go forward on Sunday 28 March 2027, in Easter; back on 25 October 2026.
        ("2027-03-25T12:00", "2027-03-28T12:00", "2027-03-25T12:00", "2027-03-25T16:00"),
        ("2027-03-26T12:00", "2027-04-02T09:00", "2027-03-30T09:00", "2027-04-01T09:00"),
        ("2026-10-23T13:00", "2026-10-26T13:00", "2026-10-23T13:00", "2026-10-26T09:00"),
        ("2026-10-25T03:30", "2026-10-29T09:00", "2026-10-26T09:00", "2026-10-28T09:00"),
    ],
)
def test_offers_over_the_change_of_the_clocks(offered_at, until, told, reminded):
    cohort = starting(datetime(2027, 5, 4, 10, 0, tzinfo=HELSINKI))
    at, until = (datetime.fromisoformat(moment).replace(tzinfo=HELSINKI) for moment in (offered_at, until))

    plan_seat_offered(enrollments=[offered(cohort, until=until)], at=at)

    times = [message.next_attempt_at for message in Message.objects.order_by("pk")]
    assert times == [datetime.fromisoformat(moment).replace(tzinfo=HELSINKI) for moment in (told, reminded)]


@pytest.mark.parametrize(("starts_in", "lapsed"), [(2, 0), (28, 1)])
def test_near_starts_and_those_who_did_not_answer_are_called(starts_in, lapsed):
    enrollment = offered(starting(NOW + timedelta(days=starts_in)), until=NOW + timedelta(days=1), phone=PHONE)
    enrollment.offers_lapsed = lapsed

    plan_seat_offered(enrollments=[enrollment], at=NOW)

    assert planned() == [("seat_offered", "call", "pending", "")]


def test_whom_nothing_reaches_stands_before_a_coordinator(cohort):
    plan_seat_offered(enrollments=[offered(cohort, email="")], at=NOW)

    assert planned() == [("seat_offered", "email", "dead", "no_address")]


@pytest.mark.parametrize(("days", "expected"), [(3, ("dead", "no_address")), (6, ("pending", ""))])
def test_letter_only_when_it_comes_in_time(cohort, days, expected):
    person = {"email": "", "channel": Channel.LETTER, **ADDRESS}

    plan_seat_offered(enrollments=[offered(cohort, until=NOW + timedelta(days=days), **person)], at=NOW)

    assert planned() == [("seat_offered", "letter", *expected)]


def test_offer_that_nobody_could_answer_in_time_is_listed_as_missed():
    night, until = local("2027-01-15", "20:00"), local("2027-01-18", "09:00")

    plan_seat_offered(enrollments=[offered(starting(until), until=until)], at=night)

    assert planned() == [("seat_offered", "email", "missed", "too_late")]


def test_new_offer_is_a_new_message(cohort):
    enrollment = offered(cohort)
    first = [plan_seat_offered(enrollments=[enrollment], at=NOW) for _twice in range(2)]
    enrollment.offer_expires_at += timedelta(days=7)

    second = plan_seat_offered(enrollments=[enrollment], at=NOW + timedelta(days=7))

    assert (first, second) == ([2, 0], 2)
    assert [state for _rule, _channel, state, _why in planned()] == ["cancelled", "cancelled", "pending", "pending"]


def test_answered_offer_is_not_told_any_more(cohort):
    mine, other = offered(cohort, phone=PHONE), offered(cohort)
    plan_seat_offered(enrollments=[mine, other], at=NOW)

    assert cancel_offer_messages(enrollments=[mine]) == 2

    assert set(mine.messages.values_list("state", "last_error")) == {("cancelled", "offer_ended")}
    assert set(other.messages.values_list("state", flat=True)) == {"pending"}


def test_wrong_number_of_an_offer_goes_on_to_mail_and_holds_as_long(cohort, coordinator):
    enrollment = offered(starting(NOW + timedelta(days=2)), until=NOW + timedelta(days=1), phone=PHONE)
    plan_seat_offered(enrollments=[enrollment], at=NOW)

    record_call(message=Message.objects.get(), answer="wrong_number", act=act(coordinator, at=NOW))

    first, second = Message.objects.order_by("pk")
    assert (first.state, second.channel, second.state) == ("dead", "email", "pending")
    assert second.expires_at == enrollment.offer_expires_at


def test_failed_mail_of_two_ways_leaves_the_call(cohort, coordinator):
    plan_seat_offered(enrollments=[offered(cohort, phone=PHONE, channel=Channel.SMS, **ADDRESS)], at=NOW)
    call = Message.objects.get(rule="seat_offered", channel="call")

    record_call(message=call, answer="wrong_number", act=act(coordinator, at=NOW))

    # Mail is on its way, a letter would be too late.
    assert [(channel, state) for rule, channel, state, _why in planned() if rule == "seat_offered"] == [
        ("email", "pending"),
        ("call", "dead"),
    ]


def test_offer_is_not_sent_again_longer_than_it_holds(cohort, coordinator):
    enrollment = offered(cohort)
    plan_seat_offered(enrollments=[enrollment], at=NOW)
    Message.objects.update(state=MessageState.DEAD)
    message = Message.objects.first()

    with pytest.raises(RuleError):
        send_again(message=message, act=act(coordinator, at=enrollment.offer_expires_at))
    send_again(message=message, act=act(coordinator, at=NOW))

    message.refresh_from_db()
    assert (message.state, message.expires_at) == ("pending", enrollment.offer_expires_at)


# Cancelled groups


def cancelled(cohort, **person):
    return EnrollmentFactory.create(
        cohort=cohort, person=PersonFactory.create(**person), state=EnrollmentState.COHORT_CANCELLED, ended_at=NOW
    )


def test_cancelled_group_is_told_although_the_enrollment_ended(cohort):
    enrollment = cancelled(cohort)
    plan_cohort_cancelled(enrollments=[enrollment], at=NOW)

    assert cancel_messages_for_enrollments(enrollments=[enrollment]) == 0

    assert planned() == [("cohort_cancelled", "email", "pending", "")]


def test_near_session_of_a_cancelled_group_takes_a_call():
    cohort = starting(NOW + timedelta(days=2))
    cohort.sessions.update(state="cancelled")

    plan_cohort_cancelled(enrollments=[cancelled(cohort, phone=PHONE)], at=NOW)

    assert planned() == [("cohort_cancelled", "call", "pending", "")]


# Companions


def test_those_who_are_left_are_asked_once_a_day(cohort):
    party = Party.objects.create(cohort=cohort, how_asked="phone")
    left = waiting(cohort)
    left.party = party

    counts = [plan_companion_left(enrollments=[left], at=NOW) for _twice in range(2)]
    another_day = plan_companion_left(enrollments=[left], at=NOW + timedelta(days=1))

    assert (counts, another_day) == ([1, 0], 1)


@pytest.mark.parametrize("people", [1, 15])
def test_planning_takes_the_same_queries_for_any_number(cohort, django_assert_num_queries, people):
    waiters = [waiting(cohort, number) for number in range(people)]
    asked = [offered(cohort, phone=PHONE) for _number in range(people)]
    ended = [cancelled(cohort) for _number in range(people)]

    # Savepoint and its release, the session or start, what it takes the place of, keys that exist, insert.
    with django_assert_num_queries(6):
        plan_application_received(enrollments=waiters, at=NOW)
    with django_assert_num_queries(6):
        plan_seat_offered(enrollments=asked, at=NOW)
    # Savepoint and its release, next session, contact people, keys that exist, insert.
    with django_assert_num_queries(6):
        plan_cohort_cancelled(enrollments=ended, at=NOW)
    with django_assert_num_queries(5):
        plan_companion_left(enrollments=waiters, at=NOW)


def test_place_is_confirmed_at_once_and_before_the_first_session():
    window = PlaceConfirmed().window("email", at=local("2027-01-12"), event_at=local("2027-01-19"))

    assert window.due_at == local("2027-01-12")
    assert window.expires_at == local("2027-01-19", "08:00")


@pytest.fixture
def session():
    return session_of(CohortFactory.create(capacity=50))


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
