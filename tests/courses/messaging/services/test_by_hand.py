from datetime import timedelta

import pytest

from accounts.enums import Channel
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.enrolling.messages.places import plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.enums import CallAnswer, MessageState
from courses.messaging.models import Message
from courses.messaging.services.by_hand import (
    cancel_message,
    hold_message,
    mark_letters_posted,
    record_call,
    release_message,
    send_again,
)
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, PersonFactory
from tests.sessions import SESSION_AT, enroll, session_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return session_of(CohortFactory.create(capacity=50))


def test_cancelled_by_hand_stays_cancelled(session, coordinator):
    enroll(session)
    plan_session_reminders(at=NOW)

    cancel_message(message=Message.objects.get(), act=act(coordinator))

    assert plan_session_reminders(at=NOW) == 0
    assert states() == ["cancelled"]


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
