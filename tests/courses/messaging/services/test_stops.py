import pytest

from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.enrolling.enums import ReminderRule
from courses.enrolling.messages.places import plan_place_confirmed
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.messaging.models import ReminderStop
from courses.messaging.services.stops import resume_reminders, stop_reminders
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory
from tests.sessions import enroll, session_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return session_of(CohortFactory.create(capacity=50))


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
