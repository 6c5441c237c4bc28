from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.exceptions import RuleError
from accounts.models import AuditEntry, District, Person
from accounts.services.people import update_person
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.services.enrollments import enroll_person, withdraw_enrollment
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import read_roster
from courses.importing.rosters.selectors import undo_obstacles
from courses.importing.rosters.services.rosters import apply_roster, release_messages, upload_roster
from courses.importing.rosters.services.undo import undo_roster
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import AttendanceFactory, CohortFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db

HEADER = "Sukunimi;Etunimi;Syntymävuosi;Puhelin;Alue\n"


def applied(text, cohort, by, *, hold=True):
    read = read_roster((HEADER + text).encode())
    roster = upload_roster(
        file_name="lista.csv",
        read=read,
        cohort=cohort,
        act=act(by),
    )
    return apply_roster(roster=roster, act=act(by), skip_errors=False, hold_messages=hold)


def rows(*numbers):
    return "".join(f"Sukunimi{n};Etunimi;{1930 + n};040 12345{n:02};Tapiola\n" for n in numbers)


def everything():
    models = (Person, District, Enrollment, Transition, Message)
    return [model.objects.count() for model in models], list(Cohort.objects.values_list("pk", "seats_taken"))


def refusal(roster, by):
    with pytest.raises(RuleError) as refused:
        undo_roster(roster=roster, act=act(by))
    return refused.value.code, refused.value.reasons


@pytest.fixture
def cohort():
    return CohortFactory.create(capacity=2)


def test_what_a_roster_made_goes_as_if_it_had_never_been(cohort, coordinator):
    before = everything()
    roster = applied(rows(1, 2, 3), cohort, coordinator)
    assert everything() != before

    undone = undo_roster(roster=roster, act=act(coordinator))

    assert everything() == before
    assert (undone.state, undone.made) == (Roster.State.UNDONE, {})
    entry = AuditEntry.objects.get(action="roster.undo")
    assert entry.detail == {"people": 3, "enrollments": 3}


def test_undone_twice_it_is_undone_once_and_the_file_may_come_again(cohort, coordinator):
    roster = applied(rows(1), cohort, coordinator)
    undo_roster(roster=roster, act=act(coordinator))
    again = applied(rows(1), cohort, coordinator)

    undo_roster(roster=roster, act=act(coordinator))

    assert (again.state, Enrollment.objects.count()) == (Roster.State.APPLIED, 1)


def test_who_was_on_file_stays_without_the_place(cohort, coordinator):
    person = PersonFactory.create(last_name="Sukunimi1", first_name="Etunimi", birth_year=1931, phone="+358401234501")
    roster = applied(rows(1, 2), cohort, coordinator)

    undo_roster(roster=roster, act=act(coordinator))

    assert list(person.enrollments.all()) == []
    assert not Person.objects.filter(last_name="Sukunimi2").exists()
    assert person.audit_about.get(action="enrollment.remove").detail == {"cohort": cohort.code, "roster": roster.pk}


def test_the_freed_seats_are_offered_to_those_who_wait(cohort, coordinator):
    Cohort.objects.update(
        starts_on=timezone.localdate() + timedelta(days=30), ends_on=timezone.localdate() + timedelta(days=60)
    )
    roster = applied(rows(1, 2), cohort, coordinator)
    waiting = enroll_person(person=PersonFactory.create(), cohort=cohort, act=act(coordinator))

    undo_roster(roster=roster, act=act(coordinator))

    waiting.refresh_from_db()
    assert waiting.state == EnrollmentState.OFFERED


def attend(enrollment, by):
    session = SessionFactory.create(cohort=enrollment.cohort)
    AttendanceFactory.create(enrollment=enrollment, session=session)


def message_out(enrollment, by):
    enrollment.messages.update(state=MessageState.SENT, sent_at=timezone.now())


def withdraw(enrollment, by):
    withdraw_enrollment(enrollment=enrollment, act=act(by), reason="health")


def change(enrollment, by):
    update_person(person=enrollment.person, act=act(by), phone="+358407654321")


def enroll_elsewhere(enrollment, by):
    enroll_person(person=enrollment.person, cohort=CohortFactory.create(), act=act(by))


@pytest.mark.parametrize(
    ("happen", "words"),
    [
        (attend, "Attendance is marked."),
        (message_out, "A message has gone out."),
        (withdraw, "The enrollment has moved on since."),
        (change, "The details were changed since."),
        (enroll_elsewhere, "The person is enrolled in another group too."),
    ],
)
def test_what_has_come_of_somebody_refuses_the_whole_and_says_of_whom(cohort, coordinator, happen, words):
    roster = applied(rows(1, 2), cohort, coordinator)
    happen(Enrollment.objects.get(person__last_name="Sukunimi2"), coordinator)
    before = everything()

    code, reasons = refusal(roster, coordinator)

    assert (code, reasons) == ("depends", [f"Sukunimi2, Etunimi: {words}"])
    assert everything() == before


def test_messages_let_go_but_not_sent_do_not_stand_in_the_way(cohort, coordinator):
    roster = applied(rows(1), cohort, coordinator)
    assert list(Message.objects.values_list("held", flat=True)) == [True]

    assert release_messages(roster=roster, act=act(coordinator)) == 1
    assert list(Message.objects.values_list("held", flat=True)) == [False]
    undo_roster(roster=roster, act=act(coordinator))

    assert Message.objects.count() == 0


def test_a_preview_cannot_be_undone(cohort, coordinator):
    read = read_roster((HEADER + rows(1)).encode())
    roster = upload_roster(file_name="a", read=read, cohort=cohort, act=act())

    assert refusal(roster, coordinator)[0] == "not_applied"


def test_the_queries_for_obstacles_do_not_grow_with_the_people(coordinator):
    def asked(numbers):
        roster = applied(rows(*numbers), CohortFactory.create(capacity=40), coordinator)
        for enrollment in Enrollment.objects.filter(pk__in=roster.made["enrollments"]):
            message_out(enrollment, coordinator)
        with CaptureQueriesContext(connection) as queries:
            assert len(undo_obstacles(roster)) == len(numbers)
        return len(queries)

    assert asked(range(1, 3)) == asked(range(10, 40))
