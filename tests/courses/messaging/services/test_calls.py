import pytest

from accounts.enums import Channel
from accounts.exceptions import RuleError
from courses.enrolling.enums import SeatAnswer
from courses.enrolling.messages.offers import plan_seat_offered
from courses.messaging.enums import CallAnswer, MessageState
from courses.messaging.models import Message
from courses.messaging.services.calls import answer_call
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, EnrollmentFactory, MessageFactory
from tests.queues import offered, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def call():
    """To be made to somebody for whom a seat is held."""
    [enrollment] = offered(CohortFactory.create(), "Aino Aho")
    enrollment.person.channel, enrollment.person.phone = Channel.CALL, "+358401234567"
    enrollment.person.save()
    plan_seat_offered(enrollments=[enrollment], at=NOW)
    return Message.objects.get(channel=Channel.CALL)


def answered(call, answer, by):
    answer_call(message=call, answer=answer, act=act(by, at=NOW))
    call.refresh_from_db()
    return call.state, call.answer, state_of(call.enrollment)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (CallAnswer.REACHED, MessageState.SENT),
        (CallAnswer.NO_ANSWER, MessageState.PENDING),
        (CallAnswer.WRONG_NUMBER, MessageState.DEAD),
    ],
)
def test_what_came_of_the_call_is_recorded_and_no_more(call, coordinator, answer, state):
    assert answered(call, answer, coordinator) == (state, answer, "offered")


@pytest.mark.parametrize(("answer", "becomes"), [(SeatAnswer.TAKES, "enrolled"), (SeatAnswer.DECLINES, "withdrawn")])
def test_what_was_answered_for_the_seat_is_carried_out_by_its_kind(call, coordinator, answer, becomes):
    assert answered(call, answer, coordinator) == ("sent", "reached", becomes)


def test_what_the_kind_refuses_is_raised_and_the_call_is_recorded(call, coordinator):
    call.enrollment.state = "withdrawn"
    call.enrollment.save()

    with pytest.raises(RuleError) as refusal:
        answered(call, SeatAnswer.TAKES, coordinator)

    assert refusal.value.code == "offer_gone"


def test_an_answer_for_a_seat_is_none_to_a_kind_that_asks_for_none(coordinator):
    reminder = MessageFactory.create(enrollment=EnrollmentFactory.create(), channel=Channel.CALL)

    with pytest.raises(KeyError):
        answered(reminder, SeatAnswer.TAKES, coordinator)

    reminder.refresh_from_db()
    assert reminder.state == MessageState.PENDING
