from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as BrowserSession

from accounts.enums import HowAsked
from accounts.models import ContactPerson
from accounts.services.contacts import add_contact_person
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.enrolling.models import SupportNeeds
from courses.messaging.enums import MessageState, MessageTrouble
from courses.messaging.models import Message
from courses.registry.services.retention import Gone, run_retention
from courses.registry.tasks import run_retention_task
from mentors_site.celery import app
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, EnrollmentFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def contact(learner):
    return add_contact_person(
        person=learner,
        data={"name": "Liisa", "phone": "+358401234567", "until": NOW.date()},
        consent_text="Saako kertoa?",
        act=act(via=HowAsked.WEB),
    )


@pytest.fixture
def old_needs():
    cohort = CohortFactory.create(starts_on=NOW.date() - timedelta(days=90), ends_on=NOW.date() - timedelta(days=30))
    return SupportNeeds.objects.create(
        enrollment=EnrollmentFactory.create(cohort=cohort), note="Rampille tilaa", how_asked="desk"
    )


def test_each_goes_when_its_time_is_over_and_once(contact, old_needs):
    assert run_retention(at=NOW) == Gone(1, 0, 0)
    assert run_retention(at=NOW + timedelta(days=1)) == Gone(0, 1, 0)
    assert run_retention(at=NOW + timedelta(days=30)) == Gone(0, 0, 0)
    assert run_retention(at=NOW + timedelta(days=31)) == Gone(0, 0, 1)
    assert run_retention(at=NOW + timedelta(days=31)) == Gone(0, 0, 0)


def test_a_dry_run_says_the_same_and_changes_nothing(contact, old_needs):
    at = NOW + timedelta(days=1)

    assert run_retention(at=at, dry_run=True) == Gone(1, 1, 0)

    assert SupportNeeds.objects.exists()
    assert ContactPerson.objects.get().ended_at is None
    assert run_retention(at=at) == Gone(1, 1, 0)


def test_what_was_planned_for_the_contact_person_is_taken_back(contact, learner):
    enrollment = EnrollmentFactory.create(person=learner, admitted_at=NOW - timedelta(days=60))
    SessionFactory.create(
        cohort=enrollment.cohort,
        number=1,
        starts_at=NOW + timedelta(days=10),
        ends_at=NOW + timedelta(days=10, hours=3),
    )
    ContactPerson.objects.update(until=None)
    plan_session_reminders(at=NOW)
    planned = Message.objects.get(contact=contact)
    ContactPerson.objects.update(until=NOW.date())

    run_retention(at=NOW + timedelta(days=1))

    planned.refresh_from_db()
    assert (planned.state, planned.last_error) == (MessageState.CANCELLED, MessageTrouble.CONTACT_ENDED)


def test_the_night_runs_it(old_needs):
    entry = app.conf.beat_schedule["run retention"]

    run_retention_task()

    assert entry["task"] == run_retention_task.name
    assert entry["schedule"].hour == {3}
    assert not SupportNeeds.objects.exists()


def test_the_draft_of_an_application_goes_with_its_session(client):
    cohort = CohortFactory.create()
    client.post(f"/en/apply/{cohort.code}/you/", {"first_name": "Aino", "last_name": "Virtanen", "language": "fi"})

    assert run_retention(at=NOW + timedelta(days=1, hours=23)).sessions_deleted == 0
    assert run_retention(at=NOW + timedelta(days=2, minutes=1)).sessions_deleted == 1
    assert BrowserSession.objects.count() == 0
