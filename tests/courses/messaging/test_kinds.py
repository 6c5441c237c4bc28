from datetime import timedelta

import pytest
from django.db.models import TextChoices

from accounts.enums import Channel
from courses.apps import KINDS_OF_MESSAGE
from courses.enrolling.messages.places import PlaceConfirmed
from courses.messaging import kinds as engine
from courses.messaging.enums import CallAnswer, MessageState
from courses.messaging.kinds import answered_by, kind_named, kind_of, kinds, may_be_stopped, register_kind, rules_that
from courses.messaging.models import Message
from courses.messaging.services.outbox import send_due_messages, sweep_messages
from tests.conftest import NOW
from tests.factories import MessageFactory

GONE = "of_an_older_program"


class Rule(TextChoices):
    KNITTED = "knitted"


class Knitting(PlaceConfirmed):
    """A kind that nothing but these tests knows."""

    rule = Rule.KNITTED
    stoppable = True


@pytest.fixture
def knitting(monkeypatch):
    """Registered until the end of the test."""
    monkeypatch.setattr(engine, "_KINDS", dict(engine._KINDS))
    monkeypatch.setattr(engine, "_ANSWERED", dict(engine._ANSWERED))
    kind = Knitting()
    register_kind(kind, answered=print)
    return kind


def test_every_kind_of_the_list_is_registered_in_its_order():
    assert [f"{type(kind).__module__}.{type(kind).__name__}" for kind in kinds()] == list(KINDS_OF_MESSAGE)


def test_a_registered_kind_is_found_by_its_messages(knitting):
    message = Message(rule="knitted")

    assert (kind_of(message), kind_named("knitted"), answered_by(message)) == (knitting, knitting, print)
    assert list(kinds())[-1] is knitting
    assert may_be_stopped("knitted")
    assert rules_that(lambda kind: kind is knitting) == ["knitted"]
    assert knitting.answers(message) == [CallAnswer.REACHED]


def test_only_reminders_can_be_stopped_and_only_certificates_are_never_sent_twice():
    rules = ["place_confirmed", "session_soon", "certificate_ready"]

    assert [may_be_stopped(rule) for rule in rules] == [False, True, False]
    assert [kind_named(rule).policy for rule in rules] == ["resend", "resend", "hold"]


# A kind that is gone


def test_a_name_that_no_kind_has_is_known_as_such():
    assert (kind_named(GONE), may_be_stopped(GONE)) == (None, False)


@pytest.mark.django_db
@pytest.mark.usefixtures("centre")
def test_a_message_of_a_kind_that_is_gone_is_never_sent_and_stops_no_other(mail_sink):
    gone = MessageFactory.create(rule=GONE, due_at=NOW, attempts=11)
    other = MessageFactory.create(rule="place_confirmed", due_at=NOW + timedelta(minutes=1))

    send_due_messages(clock=lambda: NOW + timedelta(hours=1))
    after_sending = list(Message.objects.order_by("pk").values_list("pk", "attempts"))
    sweep_messages(at=NOW + timedelta(days=2))

    assert after_sending == [(gone.pk, 11), (other.pk, 1)]
    gone.refresh_from_db()
    assert gone.state == MessageState.MISSED


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("state", [MessageState.PENDING, MessageState.SENT, MessageState.DEAD])
def test_a_message_of_a_kind_that_is_gone_harms_no_page(office, state):
    rows = [MessageFactory.create(rule=GONE, state=state, channel=channel) for channel in Channel.values]
    person = rows[0].person
    urls = ["", "messages/", "messages/?days=past", "messages/calls/", "messages/letters/", "messages/letters/sheets/"]
    urls += [f"people/{person.code}/"]

    assert [office.get(f"/en/coordinator/{url}").status_code for url in urls] == [200] * len(urls)
    assert office.get(f"/en/coordinator/messages/{rows[0].pk}/").status_code == 404
    office.force_login(person)
    assert office.get("/en/learner/", follow=True).status_code == 200
