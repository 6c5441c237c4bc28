import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.certifying.enums import ReminderRule
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.places import plan_place_confirmed
from courses.enrolling.models import Enrollment
from courses.importing.rosters.models import Roster
from courses.importing.rosters.services.rosters import release_messages
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.messaging.services.by_hand import cancel_message
from courses.overview.selectors.today import messages_of_day, sessions_of_day, tasks_of_coordinator, way_to_target
from courses.scheduling.enums import CohortState
from courses.teaching.enums import CompletionState
from courses.teaching.models import Attendance
from tests.acts import act
from tests.factories import (
    AttendanceFactory,
    CertificateFactory,
    CohortFactory,
    CompletionFactory,
    ContactPersonFactory,
    EnrollmentFactory,
    MessageFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

STATES = [EnrollmentState.ACTIVE, EnrollmentState.ACTIVE, EnrollmentState.ACTIVE, EnrollmentState.WITHDRAWN]


def now():
    return timezone.now()


def days(count):
    return now() + datetime.timedelta(days=count)


def codes():
    return [(task.code, task.count) for task in tasks_of_coordinator(now())]


def message(channel="email", state=MessageState.PENDING, due=None, **more):
    number = Message.objects.count()
    due = due or now()
    return MessageFactory.create(
        rule=ReminderRule.CERTIFICATE_READY,
        dedupe_key=f"k{number}",
        person=PersonFactory.create(),
        channel=channel,
        state=state,
        due_at=due,
        next_attempt_at=due,
        expires_at=due + datetime.timedelta(days=1),
        **more,
    )


def test_nothing_to_do_is_nothing():
    CohortFactory.create()

    assert codes() == []


@pytest.mark.parametrize(("starts", "tasks"), [(-1, [("seats_for_queue", 2)]), (1, [])])
@pytest.mark.parametrize("with_session", [True, False])
def test_free_seat_with_a_queue_is_a_task_once_the_group_has_begun(starts, tasks, with_session):
    cohort = CohortFactory.create(capacity=2, starts_on=days(starts).date())
    if with_session:
        SessionFactory.create(cohort=cohort, starts_at=days(starts), marked_at=now())
    EnrollmentFactory.create(cohort=cohort)
    for number in (1, 2):
        EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=number)
    paused = PersonFactory.create(state="paused")
    EnrollmentFactory.create(cohort=cohort, person=paused, state=EnrollmentState.WAITLISTED, queue_number=3)

    assert codes() == tasks


def test_offers_that_lapse_today_are_a_task_of_each_group():
    cohort = CohortFactory.create()
    for hours in (-1, 5, 15):
        EnrollmentFactory.create(
            cohort=cohort,
            state=EnrollmentState.OFFERED,
            offer_expires_at=now() + datetime.timedelta(hours=hours),
        )

    assert codes() == [("offer_lapses", 2)]


def test_applications_to_check_are_a_task_of_each_group_that_takes_people():
    cohort = CohortFactory.create()
    EnrollmentFactory.create_batch(2, cohort=cohort, state=EnrollmentState.APPLIED)
    EnrollmentFactory.create(cohort__state=CohortState.FINISHED, state=EnrollmentState.APPLIED)

    assert [(task.code, task.count, task.thing) for task in tasks_of_coordinator(now())] == [
        ("applications", 2, cohort)
    ]


def absent(enrollment, *sessions, state="absent"):
    for session in sessions:
        AttendanceFactory.create(enrollment=enrollment, session=session, state=state)


def test_who_missed_two_sessions_in_a_row_without_a_word_is_a_task():
    cohort = CohortFactory.create(state=CohortState.RUNNING, starts_on=days(-20).date())
    first, second, third = (
        SessionFactory.create(cohort=cohort, number=number, starts_at=days(-ago), state="held", marked_at=now())
        for number, ago in ((1, 15), (2, 8), (3, 1))
    )
    SessionFactory.create(cohort=cohort, number=4, starts_at=days(6))
    silent, told, back, gone = (EnrollmentFactory.create(cohort=cohort, state=state) for state in STATES)
    absent(silent, second, third)
    absent(told, second)
    absent(told, third, state="absent_told")
    absent(back, first, second)
    absent(gone, second, third)

    assert [(task.code, task.thing) for task in tasks_of_coordinator(now())] == [("absent_twice", silent)]


def test_an_absence_taken_back_is_none():
    cohort = CohortFactory.create(state=CohortState.RUNNING, starts_on=days(-20).date())
    sessions = [
        SessionFactory.create(cohort=cohort, starts_at=days(-ago), state="held", marked_at=now()) for ago in (8, 1)
    ]
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
    absent(enrollment, *sessions)
    Attendance.objects.filter(session=sessions[0]).update(revoked_at=now())

    assert codes() == []


def test_full_cohort_with_a_queue_is_none():
    cohort = CohortFactory.create(capacity=1)
    EnrollmentFactory.create(cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)

    assert codes() == []


@pytest.mark.parametrize(
    ("state", "session_state", "tasks"),
    [
        (CohortState.RUNNING, "planned", [("unmarked", 0)]),
        (CohortState.RUNNING, "held", []),
        (CohortState.CANCELLED, "planned", []),
    ],
)
def test_session_that_is_over_and_not_marked_is_a_task(state, session_state, tasks):
    cohort = CohortFactory.create(state=state, starts_on=days(-10).date())
    SessionFactory.create(cohort=cohort, starts_at=days(-1), state=session_state)
    SessionFactory.create(cohort=cohort, starts_at=days(1))

    assert codes() == tasks


@pytest.mark.parametrize(("ahead", "tasks"), [(0, 1), (5, 1), (6, 0), (-1, 0)])
def test_group_under_its_minimum_five_days_before_is_a_task(ahead, tasks):
    CohortFactory.create(starts_on=days(ahead).date(), minimum=8)

    assert len(codes()) == tasks


def test_proposed_completions_are_a_task_of_each_cohort():
    for enrollment in EnrollmentFactory.create_batch(2, cohort=CohortFactory.create(), state=EnrollmentState.ACTIVE):
        CompletionFactory.create(enrollment=enrollment, state=CompletionState.PROPOSED)

    assert codes() == [("proposed", 2)]


def test_decided_completions_without_certificate_wait_to_be_issued():
    enrollment = EnrollmentFactory.create(state=EnrollmentState.COMPLETED)
    CompletionFactory.create(enrollment=enrollment)

    assert codes() == [("to_certify", 1)]


def test_failed_messages_calls_and_letters_are_tasks_the_most_urgent_first():
    message(state=MessageState.DEAD)
    message(state=MessageState.UNKNOWN)
    message("call")
    message("letter")
    message("letter", due=days(3))

    assert codes() == [("failed", 2), ("calls", 1), ("letters", 1)]


def by_letter_only(**more):
    address = {"street": "Kotikatu 1", "postal_code": "02100", "city": "Espoo"}
    return PersonFactory.create(**{"channel": "letter", "email": "", "phone": "", **address, **more})


def enrolled_too_late_for_a_letter(person):
    cohort = CohortFactory.create(starts_on=days(2).date())
    SessionFactory.create(cohort=cohort, starts_at=days(2))
    enrollment = EnrollmentFactory.create(cohort=cohort, person=person)
    plan_place_confirmed(enrollments=[enrollment], at=now())
    return enrollment


def test_who_is_reached_by_letter_only_and_was_enrolled_too_late_for_one_is_a_task_until_it_is_set_aside(coordinator):
    enrollment = enrolled_too_late_for_a_letter(by_letter_only())
    found = codes()

    cancel_message(message=Message.objects.get(enrollment=enrollment), act=act(coordinator))

    assert (found, codes()) == ([("never_notified", 1)], [])


def test_who_has_a_phone_too_is_called_instead():
    enrolled_too_late_for_a_letter(by_letter_only(phone="+358401234567"))

    assert codes() == [("calls", 1)]


def test_who_left_again_or_died_need_not_know():
    enrollment = enrolled_too_late_for_a_letter(by_letter_only())
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.WITHDRAWN)
    enrolled_too_late_for_a_letter(by_letter_only(state="deceased"))

    assert codes() == [("too_late", 1)]


@pytest.mark.parametrize(("ago", "tasks"), [(14, [("too_late", 1)]), (15, [])])
def test_messages_that_were_too_late_are_a_task_for_two_weeks(ago, tasks):
    message(state=MessageState.MISSED, due=days(-ago))

    assert codes() == tasks


def test_messages_held_back_are_a_task_with_the_roster_that_holds_them(coordinator):
    message(held=True)
    by_hand = tasks_of_coordinator(now())
    roster = Roster.objects.create(state=Roster.State.APPLIED, hold_messages=True, applied_at=now())

    with_roster = tasks_of_coordinator(now())
    release_messages(roster=roster, act=act(coordinator))
    released = tasks_of_coordinator(now())

    assert [[(task.code, task.count, task.thing) for task in found] for found in (by_hand, with_roster, released)] == [
        [("held", 1, None)],
        [("held", 1, roster)],
        [("held", 1, None)],
    ]


def test_what_became_a_call_or_left_on_another_way_did_arrive():
    person = PersonFactory.create()
    enrollment = EnrollmentFactory.create(person=person)
    dead = MessageFactory.create(person=person, enrollment=enrollment, state=MessageState.DEAD)
    lost = codes()
    call = MessageFactory.create(person=person, enrollment=enrollment, channel="call", due_at=dead.due_at)
    became_a_call = codes()
    Message.objects.filter(pk=call.pk).update(state=MessageState.SENT, sent_at=now())
    was_called = codes()
    Message.objects.filter(pk=call.pk).update(state=MessageState.DEAD)
    wrong_number = codes()

    assert lost == wrong_number == [("failed", 1)]
    assert [("failed", 1)] not in (became_a_call, was_called) and "failed" not in dict(became_a_call + was_called)


def test_what_a_contact_person_was_told_does_not_count_for_the_person():
    person = PersonFactory.create()
    MessageFactory.create(person=person, state=MessageState.DEAD)
    MessageFactory.create(person=person, state=MessageState.SENT, contact=ContactPersonFactory.create(person=person))

    assert codes() == [("failed", 1)]


def test_sessions_of_the_day_with_who_is_expected():
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    later = SessionFactory.create(cohort=cohort, starts_at=now() + datetime.timedelta(hours=3))
    sooner = SessionFactory.create(cohort=cohort, starts_at=now())
    SessionFactory.create(cohort=cohort, starts_at=days(1))
    SessionFactory.create(cohort=cohort, starts_at=now(), state="cancelled")
    EnrollmentFactory.create(cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WITHDRAWN)

    assert [(session, session.expected) for session in sessions_of_day(now())] == [(sooner, 1), (later, 1)]


def test_messages_of_the_day_by_channel():
    message("email", state=MessageState.SENT, sent_at=now())
    message("email")
    message("call")
    message("call", state=MessageState.CANCELLED)
    message("email", due=days(1))

    assert messages_of_day(now()) == [("call", 1), ("email", 2)]


def test_way_to_the_target_counts_people_once():
    certified = EnrollmentFactory.create(state=EnrollmentState.COMPLETED)
    for number in (1, 2):
        course = certified.cohort.course if number == 1 else CohortFactory.create().course
        CertificateFactory.create(
            person=certified.person,
            course=course,
            number=f"N{number}",
            check_code=f"c{number}",
            name="x",
            language="fi",
            issued_on=now().date(),
        )
    EnrollmentFactory.create(state=EnrollmentState.ACTIVE)

    way = way_to_target(100, now())

    assert (way.certified, way.on_course, way.target) == (1, 1, 100)


def test_a_mentor_on_a_course_again_is_counted_as_a_mentor_alone():
    again = EnrollmentFactory.create(state=EnrollmentState.ACTIVE)
    CertificateFactory.create(person=again.person)

    way = way_to_target(100, now())

    assert (way.certified, way.on_course) == (1, 0)


def _one_of_each():
    cohort = CohortFactory.create(
        state=CohortState.RUNNING, capacity=3, minimum=2, starts_on=days(0).date(), trainers=[PersonFactory.create()]
    )
    SessionFactory.create(cohort=cohort, starts_at=now())
    SessionFactory.create(cohort=cohort, starts_at=days(-1))
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    active = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
    CompletionFactory.create(enrollment=active, state=CompletionState.PROPOSED)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.OFFERED, offer_expires_at=now())
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.APPLIED)
    absent(
        active,
        *(
            SessionFactory.create(cohort=cohort, starts_at=days(-2), state="held", marked_at=now())
            for _turn in range(2)
        ),
    )
    message("call")
    message(held=True)
    message(state=MessageState.MISSED)
    enrolled_too_late_for_a_letter(by_letter_only())
    Roster.objects.create(
        file_hash=str(Roster.objects.count()), state=Roster.State.APPLIED, hold_messages=True, applied_at=now()
    )


def test_queries_do_not_grow_with_what_there_is_to_do(client, coordinator, centre):
    client.force_login(coordinator)
    client.get("/en/coordinator/courses/")
    _one_of_each()
    with CaptureQueriesContext(connection) as one:
        assert client.get("/en/coordinator/").status_code == 200
    for _number in range(29):
        _one_of_each()
    with CaptureQueriesContext(connection) as thirty:
        assert client.get("/en/coordinator/").status_code == 200

    assert len(thirty) == len(one) <= 31
    assert not [query for query in thirty.captured_queries if not query["sql"].startswith("SELECT")]


def test_who_is_reached_through_nobody_is_a_task_while_on_a_course():
    alone, helped, expired = (
        EnrollmentFactory.create(person=PersonFactory.create(channel="contact", last_name=name)).person
        for name in ("Aalto", "Berg", "Castrén")
    )
    ContactPersonFactory.create(person=helped)
    ContactPersonFactory.create(person=expired, until=days(-1).date())
    PersonFactory.create(channel="contact")
    EnrollmentFactory.create(person=PersonFactory.create(channel="contact"), state=EnrollmentState.WITHDRAWN)

    assert [(task.code, task.thing) for task in tasks_of_coordinator(now())] == [
        ("no_contact", alone),
        ("no_contact", expired),
    ]
