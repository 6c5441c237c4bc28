"""Against a real SMTP server. What kills, races and outages do stands in tests/faults."""

from datetime import datetime, timedelta

import pytest

from accounts.enums import Channel, HowAsked
from courses.enrolling.enums import EnrollmentState, ReminderRule
from courses.enrolling.messages.offers import plan_seat_offered
from courses.enrolling.messages.places import (
    CompanionLeft,
    plan_application_received,
    plan_cohort_cancelled,
    plan_place_confirmed,
)
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.enrolling.services.offers import accept_offer, decline_offer
from courses.messaging.enums import MessagePolicy, MessageState
from courses.messaging.models import Message
from courses.messaging.rules.attempts import WIRE_LEASE
from courses.messaging.services.by_hand import hold_message
from courses.messaging.services.outbox import _may_leave, claim_message, send_due_messages, send_test, sweep_messages
from courses.messaging.services.stops import stop_reminders
from tests.acts import act
from tests.conftest import HELSINKI, NOW
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory, SessionFactory
from tests.mail_server import CUT
from tests.processes import free_port
from tests.sessions import session_of

pytestmark = pytest.mark.django_db

DUE = datetime(2027, 1, 22, 10, 0, tzinfo=HELSINKI)
NIGHT = datetime(2027, 1, 12, 22, 0, tzinfo=HELSINKI)


@pytest.fixture
def session(centre):
    return session_of(CohortFactory.create())


def confirm_place(session, **person):
    enrollment = EnrollmentFactory.create(
        cohort=session.cohort, person=PersonFactory.create(**person), admitted_at=NOW - timedelta(days=1)
    )
    plan_place_confirmed(enrollments=[enrollment], at=NOW)
    return enrollment


def send(at=NOW):
    return dict(send_due_messages(clock=lambda: at))


def the_message():
    return Message.objects.get()


def test_due_message_is_sent_once_and_kept_as_it_left(session, mail_sink):
    person = confirm_place(session).person

    first, second = send(), send()

    message = the_message()
    assert (first, second, len(mail_sink.mails)) == ({"sent": 1}, {}, 1)
    assert (message.state, message.sent_at, message.address, message.attempts) == ("sent", NOW, person.email, 1)
    assert message.subject == mail_sink.mails[0]["Subject"]
    assert message.message_id == mail_sink.mails[0]["Message-ID"]


def test_many_go_over_one_connection(session, mail_sink):
    for _number in range(5):
        confirm_place(session)

    assert send() == {"sent": 5}
    assert len({mail["Message-ID"] for mail in mail_sink.mails}) == 5


def test_nothing_leaves_at_night(session, mail_sink):
    confirm_place(session)

    assert (send(NIGHT), mail_sink.mails, the_message().state) == ({}, [], "pending")


def test_claimed_before_five_and_asked_after_is_not_sent(session, mail_sink):
    confirm_place(session)
    before, after = NOW.replace(hour=16, minute=59, second=50), NOW.replace(hour=17)
    times = iter([before, before, after, after, after])

    outcomes = dict(send_due_messages(clock=lambda: next(times)))

    message = the_message()
    assert (outcomes, mail_sink.mails) == ({"pending": 1}, [])
    assert (message.attempts, message.next_attempt_at) == (0, datetime(2027, 1, 13, 9, 0, tzinfo=HELSINKI))


@pytest.mark.parametrize("reply", ["421 closing", "450 mailbox busy", "451 try later"])
@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_refused_for_now_is_tried_again(session, mail_sink, reply, where):
    confirm_place(session)
    setattr(mail_sink, f"answer_{where}", lambda _asked: reply)

    assert send() == {"later": 1}

    message = the_message()
    assert (message.state, message.attempts, message.last_error) == ("pending", 1, reply)
    assert NOW <= message.next_attempt_at <= NOW + timedelta(seconds=60)


def test_twelfth_refusal_is_the_last(session, mail_sink):
    confirm_place(session)
    mail_sink.answer_rcpt = lambda _address: "450 mailbox busy"
    Message.objects.update(attempts=11)

    send()

    assert the_message().state == MessageState.DEAD


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_refused_for_good_goes_to_the_second_channel(session, mail_sink, where):
    confirm_place(session, phone="+358401234567")
    setattr(mail_sink, f"answer_{where}", lambda _asked: "550 no such user")

    assert send() == {"refused": 1}

    first, second = Message.objects.order_by("pk")
    assert (first.state, first.last_error, second.channel, second.state) == (
        "dead",
        "550 no such user",
        "call",
        "pending",
    )


def test_what_the_server_says_is_kept_without_the_address(session, mail_sink):
    person = confirm_place(session).person
    mail_sink.answer_rcpt = lambda address: f"550 5.1.1 <{address}> unknown"

    send()

    assert the_message().last_error == "550 5.1.1 … unknown"
    assert person.email not in the_message().last_error


def test_cut_after_the_content_makes_one_copy_more_with_the_same_id(session, mail_sink):
    confirm_place(session)
    mail_sink.answer_data = lambda _mail: CUT

    first = send()
    mail_sink.answer_data = lambda _mail: None
    second = send(NOW + timedelta(minutes=5))

    assert (first, second) == ({"doubt": 1}, {"sent": 1})
    assert [mail["Message-ID"] for mail in mail_sink.mails] == [the_message().message_id] * 2


def test_second_cut_is_the_last(session, mail_sink):
    confirm_place(session)
    mail_sink.answer_data = lambda _mail: CUT

    send()
    send(NOW + timedelta(minutes=5))
    third = send(NOW + timedelta(minutes=15))

    assert (third, len(mail_sink.mails), the_message().state) == ({}, 2, "unknown")


def test_cut_after_the_content_never_makes_a_second_copy_of_what_is_held(session, mail_sink):
    confirm_place(session)
    Message.objects.update(policy=MessagePolicy.HOLD)
    mail_sink.answer_data = lambda _mail: CUT

    send()
    send(NOW + timedelta(hours=1))

    assert (len(mail_sink.mails), the_message().state) == (1, "unknown")


def test_server_that_is_away_costs_no_try_and_stops_the_run(session, settings):
    for _number in range(5):
        confirm_place(session)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    outcomes = send()

    assert outcomes == {"no_connection": 3}
    assert set(Message.objects.values_list("state", "attempts")) == {("pending", 0)}


def test_invalid_address_is_dead_without_asking(session, settings):
    confirm_place(session, email="not an address")
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    send()

    assert (the_message().state, the_message().last_error) == ("dead", "bad_email")


def withdraw(enrollment):
    enrollment.state = EnrollmentState.WITHDRAWN
    enrollment.save()


def pause(enrollment):
    enrollment.person.state = "paused"
    enrollment.person.save()


def hold(enrollment):
    Message.objects.update(held=True)


@pytest.mark.parametrize(
    ("happens", "state", "trouble"),
    [(withdraw, "cancelled", "not_wanted"), (pause, "cancelled", "not_wanted"), (hold, "pending", "")],
)
def test_what_happens_between_claim_and_content_still_counts(session, mail_sink, happens, state, trouble):
    enrollment = confirm_place(session)
    mail_sink_asked = []

    def clock():
        # Asked for the claim, the text, the last check, the end: it happens right before the last check.
        mail_sink_asked.append(1)
        if len(mail_sink_asked) == 3:
            happens(enrollment)
        return NOW

    send_due_messages(clock=clock, seconds=0.5, keep_going=lambda: not mail_sink_asked)

    assert (mail_sink.mails, the_message().state, the_message().last_error) == ([], state, trouble)


def offer_seat_to(session):
    enrollment = EnrollmentFactory.create(
        cohort=session.cohort, state=EnrollmentState.OFFERED, offer_expires_at=NOW + timedelta(days=3)
    )
    plan_seat_offered(enrollments=[enrollment], at=NOW)
    return enrollment


def decline(enrollment):
    decline_offer(enrollment=enrollment, act=act(via=HowAsked.WEB, at=NOW))


def accept(enrollment):
    accept_offer(enrollment=enrollment, act=act(via=HowAsked.WEB, at=NOW))


def offer_another_time(enrollment):
    enrollment.offer_expires_at += timedelta(days=1)
    enrollment.save()


@pytest.mark.parametrize("happens", [decline, accept, offer_another_time])
def test_offer_that_ends_while_its_mail_is_handed_over_is_not_told(session, mail_sink, happens):
    enrollment = offer_seat_to(session)
    asked = []

    def clock():
        asked.append(1)
        if len(asked) == 3:
            happens(enrollment)
        return NOW

    send_due_messages(clock=clock, keep_going=lambda: not asked)

    first = Message.objects.order_by("pk").first()
    assert (mail_sink.mails, first.rule, first.state, first.last_error) == (
        [],
        "seat_offered",
        "cancelled",
        "not_wanted",
    )


def test_offer_is_told_and_nothing_more_after_its_answer(session, mail_sink):
    enrollment = offer_seat_to(session)

    send()
    decline_offer(enrollment=enrollment, act=act(via=HowAsked.WEB, at=NOW))
    send(enrollment.offer_expires_at - timedelta(days=1))

    assert [mail["Subject"] for mail in mail_sink.mails] == [Message.objects.get(rule="seat_offered").subject]
    assert Message.objects.get(rule="offer_lapsing").state == "cancelled"


def test_cancelled_group_is_told_to_those_whose_enrollment_ended(session, mail_sink):
    enrollment = EnrollmentFactory.create(cohort=session.cohort, state=EnrollmentState.COHORT_CANCELLED)
    plan_cohort_cancelled(enrollments=[enrollment], at=NOW)

    assert (send(), len(mail_sink.mails)) == ({"sent": 1}, 1)


def test_reopened_place_is_not_told_that_its_group_was_cancelled(session, mail_sink):
    enrollment = EnrollmentFactory.create(cohort=session.cohort, state=EnrollmentState.COHORT_CANCELLED)
    plan_cohort_cancelled(enrollments=[enrollment], at=NOW)
    enrollment.state = EnrollmentState.ENROLLED
    enrollment.save()

    send()

    assert (mail_sink.mails, the_message().state) == ([], "cancelled")


def test_application_is_not_told_after_a_place_was_found(session, mail_sink):
    enrollment = EnrollmentFactory.create(cohort=session.cohort, state=EnrollmentState.APPLIED)
    plan_application_received(enrollments=[enrollment], at=NOW)
    enrollment.state = EnrollmentState.ENROLLED
    enrollment.save()

    send()

    assert (mail_sink.mails, the_message().state) == ([], "cancelled")


def test_reminder_of_a_group_that_the_person_left_for_another_is_not_told(session, mail_sink):
    enrollment = confirm_place(session)
    Message.objects.all().delete()
    plan_session_reminders(at=NOW)
    enrollment.cohort = SessionFactory.create(starts_at=session.starts_at, ends_at=session.ends_at).cohort
    enrollment.save()

    send(DUE)

    assert (mail_sink.mails, the_message().state) == ([], "cancelled")


def test_stopped_reminder_is_not_sent_even_when_it_was_claimed(session, mail_sink):
    enrollment = confirm_place(session)
    Message.objects.all().delete()
    plan_session_reminders(at=NOW)
    asked = []

    def clock():
        asked.append(1)
        if len(asked) == 3:
            stop_reminders(person=enrollment.person, rule=ReminderRule.SESSION_SOON, act=act(via=HowAsked.WEB, at=DUE))
        return DUE

    send_due_messages(clock=clock, keep_going=lambda: not asked)

    assert (mail_sink.mails, the_message().state, the_message().last_error) == ([], "cancelled", "stopped")


def test_moved_session_is_not_told_with_its_old_time(session, mail_sink):
    confirm_place(session)
    Message.objects.all().delete()
    plan_session_reminders(at=NOW)
    session.schedule_revision += 1
    session.save()

    send(DUE)

    assert (mail_sink.mails, the_message().state) == ([], "cancelled")


def test_second_reminder_on_a_day_waits_for_the_next_morning(session, mail_sink):
    person = confirm_place(session).person
    other = SessionFactory.create(starts_at=session.starts_at, ends_at=session.ends_at)
    EnrollmentFactory.create(cohort=other.cohort, person=person)
    Message.objects.all().delete()
    plan_session_reminders(at=NOW)
    Message.objects.update(next_attempt_at=DUE)

    outcomes = send(DUE)

    waiting = Message.objects.get(state="pending")
    assert (outcomes, len(mail_sink.mails)) == ({"sent": 1, "pending": 1}, 1)
    assert waiting.next_attempt_at == datetime(2027, 1, 25, 9, 0, tzinfo=HELSINKI)
    assert waiting.last_error == "one_a_day"


def test_held_message_stays(session, mail_sink, coordinator):
    confirm_place(session)
    hold_message(message=the_message(), act=act(coordinator))

    assert (send(), the_message().state) == ({}, "pending")


def test_calls_and_letters_are_not_mailed(session, mail_sink):
    confirm_place(session, channel=Channel.CALL, phone="+358401234567")

    assert (send(), the_message().state) == ({}, "pending")


def test_too_late_is_missed(session):
    confirm_place(session)

    swept = sweep_messages(at=the_message().expires_at)

    assert (dict(swept), the_message().state) == ({"missed": 1}, "missed")


def test_lease_that_ended_before_the_content_left_is_planned_again(session, mail_sink):
    confirm_place(session)
    claim_message(at=NOW, token="crashed")

    early = sweep_messages(at=NOW + timedelta(minutes=2))
    late = sweep_messages(at=NOW + timedelta(minutes=4))

    assert (dict(early), dict(late)) == ({}, {"freed": 1})
    assert send(NOW + timedelta(minutes=4)) == {"sent": 1}


def test_sender_that_died_in_the_afternoon_does_not_keep_its_mail_until_the_next_working_day(session, mail_sink):
    confirm_place(session)
    afternoon = NOW.replace(hour=16, minute=45)
    message = claim_message(at=afternoon, token="crashed")
    assert message is not None and _may_leave(message, afternoon, WIRE_LEASE)

    still_waiting = sweep_messages(at=afternoon + timedelta(minutes=8))
    taken_back = sweep_messages(at=afternoon + timedelta(minutes=10))

    assert (dict(still_waiting), dict(taken_back)) == ({}, {"resent": 1})
    assert send(afternoon + timedelta(minutes=10)) == {"sent": 1}


@pytest.mark.parametrize(
    ("policy", "swept", "state"), [("resend", {"resent": 1}, "pending"), ("hold", {"unknown": 1}, "unknown")]
)
def test_lease_that_ended_after_the_content_began_to_leave_is_ambiguous(session, policy, swept, state):
    confirm_place(session)
    claim_message(at=NOW, token="crashed")
    Message.objects.update(policy=policy, wire_at=NOW)

    found = sweep_messages(at=NOW + timedelta(hours=1))

    assert (dict(found), the_message().state, the_message().doubts) == (swept, state, 1)


def test_two_claims_get_two_messages(session):
    confirm_place(session)
    confirm_place(session)

    first, second = claim_message(at=NOW, token="a"), claim_message(at=NOW, token="b")
    third = claim_message(at=NOW, token="c")

    assert first is not None and second is not None
    assert (first.pk != second.pk, third) == (True, None)


def test_test_goes_to_the_coordinator_alone_and_changes_nothing(session, mail_sink, coordinator):
    confirm_place(session)

    send_test(message=the_message(), act=act(coordinator, at=NIGHT))

    assert [mail["To"] for mail in mail_sink.mails] == [coordinator.email]
    assert the_message().state == "pending"


def test_broken_text_does_not_stop_those_after_it(session, mail_sink, monkeypatch):
    broken, whole = confirm_place(session), confirm_place(session)
    Message.objects.filter(person=broken.person).update(rule=ReminderRule.COMPANION_LEFT)
    monkeypatch.setattr(CompanionLeft, "templates", "no/such/folder")

    outcomes = send()

    assert outcomes == {"later": 1, "sent": 1}
    assert whole.person.email in str(mail_sink.mails[0]["To"])
