from datetime import timedelta

import pytest

from accounts.enums import HowAsked, PersonState
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from accounts.selectors import contact_people_of
from accounts.services.contacts import add_contact_person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Transition
from courses.enrolling.services.enrollments import enroll_person
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.registry.services.people import change_person_state, last_state_change, undo_person_state
from tests.acts import act
from tests.conftest import NOW
from tests.factories import CohortFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(clock, coordinator):
    """One person with a place in a group of one seat, told about it by e-mail."""
    person = PersonFactory.create()
    enrollment = enroll_person(
        person=person, cohort=CohortFactory.create(capacity=1), act=act(coordinator, HowAsked.PHONE)
    )
    assert Message.objects.get().state == MessageState.PENDING
    return enrollment


def change(enrollment, to_state, by):
    change_person_state(person=enrollment.person, to_state=to_state, act=act(by, HowAsked.PHONE))
    enrollment.refresh_from_db()
    enrollment.cohort.refresh_from_db()


@pytest.mark.parametrize("state", [PersonState.DECEASED, PersonState.MOVED])
def test_one_action_frees_seats_and_stops_messages(enrolled, coordinator, state):
    change(enrolled, state, coordinator)

    assert (enrolled.state, enrolled.reason, enrolled.cohort.seats_taken) == (EnrollmentState.WITHDRAWN, state, 0)
    assert Message.objects.get().state == MessageState.CANCELLED
    assert AuditEntry.objects.get(action="person.state").detail == {
        "from": "active",
        "to": state,
        "how_asked": "phone",
        "ended": [enrolled.pk],
    }


def test_a_pause_stops_messages_and_keeps_the_seat(enrolled, coordinator):
    change(enrolled, PersonState.PAUSED, coordinator)

    assert (enrolled.state, enrolled.cohort.seats_taken) == (EnrollmentState.ENROLLED, 1)
    assert Message.objects.get().state == MessageState.CANCELLED


def test_undoing_gives_the_seat_back_while_it_is_free(enrolled, coordinator):
    change(enrolled, PersonState.DECEASED, coordinator)

    reopened = undo_person_state(person=enrolled.person, act=act(coordinator))

    enrolled.refresh_from_db()
    assert (enrolled.person.state, enrolled.state) == (PersonState.ACTIVE, EnrollmentState.ENROLLED)
    assert ([row.pk for row in reopened.enrollments], reopened.refused) == ([enrolled.pk], [])
    assert Transition.objects.filter(enrollment=enrolled).last().reason


def test_undoing_after_the_seat_is_taken_puts_on_the_waiting_list(enrolled, coordinator):
    change(enrolled, PersonState.MOVED, coordinator)
    enroll_person(person=PersonFactory.create(), cohort=enrolled.cohort, act=act(coordinator, HowAsked.PHONE))

    undo_person_state(person=enrolled.person, act=act(coordinator))

    enrolled.refresh_from_db()
    assert enrolled.state == EnrollmentState.WAITLISTED


def test_undoing_leaves_alone_what_had_ended_before(enrolled, coordinator, clock):
    other = enroll_person(person=enrolled.person, cohort=CohortFactory.create(), act=act(coordinator, HowAsked.PHONE))
    change(enrolled, PersonState.MOVED, coordinator)
    undo_person_state(person=enrolled.person, act=act(coordinator))
    other.refresh_from_db()
    assert other.state == EnrollmentState.ENROLLED

    with pytest.raises(RuleError) as refusal:
        undo_person_state(person=enrolled.person, act=act(coordinator))

    assert refusal.value.code == "nothing_to_undo"


@pytest.mark.parametrize(("hours", "can"), [(24, True), (24.1, False)])
def test_a_change_can_be_undone_for_a_day(enrolled, coordinator, clock, hours, can):
    change(enrolled, PersonState.MOVED, coordinator)
    clock.move_to(NOW + timedelta(hours=hours))

    assert (last_state_change(enrolled.person) is not None) is can


@pytest.mark.parametrize("count", [1, 30])
def test_the_queries_do_not_grow_with_the_groups(coordinator, count, django_assert_num_queries):
    person = PersonFactory.create()
    for _number in range(count):
        enroll_person(person=person, cohort=CohortFactory.create(), act=act(coordinator, HowAsked.PHONE))

    # One count of seats is written for each group.
    with django_assert_num_queries(22 + count):
        change_person_state(person=person, to_state=PersonState.MOVED, act=act(coordinator, HowAsked.PHONE))


@pytest.fixture
def contact(enrolled, coordinator):
    return add_contact_person(
        person=enrolled.person,
        data={"name": "Liisa", "phone": "+358401234567"},
        consent_text="Saako kertoa?",
        act=act(coordinator, HowAsked.PHONE),
    )


def test_a_death_ends_the_contact_person_and_the_consent(enrolled, coordinator, contact):
    change(enrolled, PersonState.DECEASED, coordinator)

    contact.refresh_from_db()
    assert (contact.ended_at, contact.consent.withdrawn_at) == (NOW, NOW)
    assert AuditEntry.objects.get(action="person.state").detail["contacts"] == [contact.pk]


@pytest.mark.parametrize("state", [PersonState.MOVED, PersonState.PAUSED])
def test_nobody_else_loses_the_contact_person(enrolled, coordinator, contact, state):
    change(enrolled, state, coordinator)

    contact.refresh_from_db()
    assert contact.ended_at is None


def test_undoing_a_death_brings_the_contact_person_back(enrolled, coordinator, contact):
    change(enrolled, PersonState.DECEASED, coordinator)

    undo_person_state(person=enrolled.person, act=act(coordinator))

    assert list(contact_people_of(enrolled.person, NOW.date())) == [contact]
