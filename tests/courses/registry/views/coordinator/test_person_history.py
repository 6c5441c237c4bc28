"""Everything that happened to a person stands on the page in words: what, when, by whom, how it was asked, why."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.enums import ConsentPurpose, HowAsked, PersonState
from accounts.services.consents import give_consent, withdraw_consent
from accounts.services.merges import tell_apart
from courses.catalogue.models import Course
from courses.enrolling.enums import EnrollmentState, QueueReason, WithdrawalReason
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.services.enrollments import (
    admit_applicant,
    enroll_person,
    enroll_together,
    reopen_enrollment,
    transition_enrollment,
    withdraw_enrollment,
)
from courses.enrolling.services.offers import accept_offer, decline_offer, lapse_offers
from courses.enrolling.services.queue import move_in_queue, split_party
from courses.enrolling.services.transfers import transfer_enrollment
from courses.messaging.services.stops import stop_reminders
from courses.registry.services.merges import merge_people
from courses.registry.services.people import change_person_state
from courses.registry.views.coordinator.person_history import Event, Run, history_of, story_of
from courses.registry.wording.people import TOLD, transition_words
from tests.acts import act
from tests.factories import AttendanceFactory, CohortFactory, EnrollmentFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre", "english")]

ROOT = Path(__file__).parents[5]
PHONE, DESK = HowAsked.PHONE, HowAsked.DESK


@pytest.fixture
def full(clock):
    """A group with one seat, which somebody else has."""
    cohort = CohortFactory.create(name_en="Spring A", capacity=1)
    EnrollmentFactory.create(cohort=cohort)
    return cohort


@pytest.fixture
def waiting(full, learner, coordinator):
    return enroll_person(person=learner, cohort=full, act=act(coordinator, PHONE))


def told(person, count=None):
    return [(event.text, event.more, event.who) for event in history_of(person, 50)][:count]


def offered(enrollment, coordinator):
    """The seat is freed and offered by itself."""
    other = enrollment.cohort.enrollments.exclude(pk=enrollment.pk).get()
    withdraw_enrollment(enrollment=other, act=act(coordinator, PHONE), reason=WithdrawalReason.TIME)
    enrollment.refresh_from_db()
    return enrollment


def test_an_application_on_the_web_was_made_by_the_person(clock, learner):
    enroll_person(person=learner, cohort=CohortFactory.create(name_en="Spring A"), act=act(via=HowAsked.WEB))

    assert told(learner) == [("Got a place in Spring A.", "", "The person, on the web")]


def test_an_offer_is_made_by_the_system_and_taken_by_phone(clock, waiting, learner, coordinator):
    clock.shift(timedelta(minutes=1))
    offer = offered(waiting, coordinator)
    clock.shift(timedelta(minutes=1))
    accept_offer(enrollment=offer, act=act(coordinator, PHONE))

    assert told(learner) == [
        ("Took the seat offered in Spring A.", "", "Kaisa Koordinaattori, asked by phone"),
        ("Was offered a seat in Spring A.", "", "The system"),
        ("Went on the waiting list of Spring A.", "", "Kaisa Koordinaattori, asked by phone"),
    ]


def test_a_declined_offer(clock, waiting, learner, coordinator):
    offer = offered(waiting, coordinator)
    clock.shift(timedelta(minutes=1))
    decline_offer(enrollment=offer, act=act(via=HowAsked.WEB), reason=WithdrawalReason.TIME)

    assert told(learner, 1) == [
        ("Said no to the seat offered in Spring A.", "The time does not suit", "The person, on the web")
    ]


def test_a_lapsed_offer(clock, waiting, learner, coordinator):
    offered(waiting, coordinator)
    clock.shift(timedelta(days=9))
    lapse_offers(at=timezone.now())

    # The seat is free again and nobody else waits: they are asked once more in the same moment.
    assert (
        "Did not answer the offer of a seat in Spring A in time: to the end of the waiting list.",
        "",
        "The system",
    ) in told(learner)


def test_an_offer_that_ends_with_a_death_was_not_declined(clock, waiting, learner, coordinator):
    offered(waiting, coordinator)
    clock.shift(timedelta(minutes=1))
    change_person_state(person=learner, to_state=PersonState.DECEASED, act=act(coordinator, PHONE))

    assert ("The seat offered in Spring A was given up.", "Deceased", "Kaisa Koordinaattori, asked by phone") in told(
        learner
    )


@pytest.mark.parametrize(
    ("reason", "note", "more"),
    [
        (QueueReason.ACCESS, "", "This place or time is the only one they can get to"),
        (QueueReason.OTHER, "The lift is broken elsewhere.", "The lift is broken elsewhere."),
    ],
)
def test_a_move_within_the_queue(clock, waiting, full, learner, coordinator, reason, note, more):
    enroll_person(person=PersonFactory.create(), cohort=full, act=act(coordinator, PHONE))
    clock.shift(timedelta(minutes=1))
    move_in_queue(enrollment=waiting, place=2, reason=reason, note=note, act=act(coordinator, DESK))

    assert told(learner, 1) == [
        ("Was moved within the waiting list of Spring A.", more, "Kaisa Koordinaattori, asked at the desk")
    ]


def test_a_transfer_names_both_groups(clock, learner, coordinator):
    course = CohortFactory.create(name_en="Spring A")
    enrollment = enroll_person(person=learner, cohort=course, act=act(coordinator, PHONE))
    clock.shift(timedelta(minutes=1))
    other = CohortFactory.create(course=course.course, name_en="Spring B")
    transfer_enrollment(
        enrollment=enrollment, to_cohort=other, act=act(coordinator, HowAsked.LETTER), note="Moved house."
    )

    assert told(learner, 1) == [
        ("Went over from Spring A to Spring B.", "Moved house.", "Kaisa Koordinaattori, asked by letter")
    ]


def test_a_closed_enrollment_opened_again_with_its_reason(clock, learner, coordinator):
    cohort = CohortFactory.create(name_en="Spring A")
    enrollment = enroll_person(person=learner, cohort=cohort, act=act(coordinator, PHONE))
    clock.shift(timedelta(minutes=1))
    withdraw_enrollment(enrollment=enrollment, act=act(coordinator, PHONE), reason=WithdrawalReason.OTHER)
    clock.shift(timedelta(minutes=1))
    reopen_enrollment(enrollment=enrollment, act=act(coordinator, DESK), note="A mistake.")

    assert told(learner, 2) == [
        (
            "The enrollment in Spring A was opened again: has a place.",
            "A mistake.",
            "Kaisa Koordinaattori, asked at the desk",
        ),
        ("Left Spring A.", "Other reason", "Kaisa Koordinaattori, asked by phone"),
    ]


def test_a_prerequisite_set_aside_says_why(clock, learner, coordinator):
    cohort = CohortFactory.create(name_en="Spring A")
    Course.objects.filter(pk=cohort.course_id).update(required_course=CohortFactory.create().course)
    cohort.course.refresh_from_db()
    enrollment = enroll_person(person=learner, cohort=cohort, act=act(via=HowAsked.WEB))
    clock.shift(timedelta(minutes=1))
    admit_applicant(enrollment=enrollment, act=act(coordinator, PHONE), waiver="Taught it for years.")

    assert told(learner) == [
        (
            "Got a place in Spring A.",
            "What the course asks for was set aside: Taught it for years.",
            "Kaisa Koordinaattori, asked by phone",
        ),
        ("Applied for a place in Spring A.", "", "The person, on the web"),
    ]


def test_two_together_and_parted(clock, learner, coordinator):
    friend = PersonFactory.create()
    cohort = CohortFactory.create(name_en="Spring A", capacity=1)
    enrollment = enroll_together(people=[learner, friend], cohort=CohortFactory.create(), act=act(coordinator, PHONE))[
        0
    ]
    clock.shift(timedelta(minutes=1))
    enrollment.refresh_from_db()
    split_party(party=enrollment.party, act=act(coordinator, DESK))

    assert cohort.pk
    assert [text for text, _more, _who in told(learner)] == [
        "Comes without the others from now on: the seats are no longer asked for together.",
        f"Got a place in {enrollment.cohort.name}.",
        "Asked for seats together with others, 2 in all.",
    ]


def test_consents_and_stops(clock, learner, coordinator):
    consent = give_consent(person=learner, purpose=ConsentPurpose.COURSE, text="…", act=act(coordinator, PHONE))
    clock.shift(timedelta(minutes=1))
    withdraw_consent(consent=consent, act=act(coordinator, HowAsked.LETTER))
    clock.shift(timedelta(minutes=1))
    stop_reminders(person=learner, rule="session_soon", act=act(via=HowAsked.WEB))

    assert told(learner) == [
        ("Does not want these reminders any more: session in two working days.", "", "The person, on the web"),
        ("Took the yes back: details stored for the course.", "", "Kaisa Koordinaattori, asked by letter"),
        ("Said yes: details stored for the course.", "", "Kaisa Koordinaattori, asked by phone"),
    ]


def test_a_merge_names_the_old_code_and_what_happened_before(clock, learner, coordinator):
    gone = PersonFactory.create()
    enroll_person(person=gone, cohort=CohortFactory.create(name_en="Spring A"), act=act(coordinator, PHONE))
    old_code = gone.code
    clock.shift(timedelta(minutes=1))
    merge_people(kept=learner, gone=gone, fields=[], act=act(coordinator))

    assert told(learner) == [
        (
            "Two records of this person were made one.",
            f"The old code {old_code} leads here.",
            "Kaisa Koordinaattori, asked at the desk",
        ),
        ("Got a place in Spring A.", "", "Kaisa Koordinaattori, asked by phone"),
    ]


def test_two_people_told_apart(learner, coordinator):
    tell_apart(first=learner, second=PersonFactory.create(), act=act(coordinator))

    assert told(learner) == [("Was told apart from another record much alike.", "", "Kaisa Koordinaattori")]


@pytest.mark.parametrize("before", ["", *EnrollmentState.values])
@pytest.mark.parametrize("after", EnrollmentState.values)
def test_every_move_has_words_without_codes(before, after):
    step = Transition(
        enrollment=Enrollment(cohort=CohortFactory.build(name_en="Spring A")), from_state=before, to_state=after
    )

    words = transition_words(step)

    assert words.endswith(".")
    assert "_" not in words


def test_every_action_about_a_person_is_told_or_told_elsewhere():
    """A new action of the audit trail is decided: on the page of the person, or not and why."""
    written = {
        action
        for app in ("accounts", "courses")
        for file in [*(ROOT / app).glob("**/services/*.py"), *(ROOT / app).glob("**/services.py")]
        for action in re.findall(
            r'"((?:person|role|consent|contact|support|reminder|enrollment|certificate|completion)\.[a-z_]+)"',
            file.read_text(),
        )
    }
    # The rows themselves tell it: transitions, the certificate, the completed enrollment.
    elsewhere = {
        "enrollment.create",
        "enrollment.move",
        "enrollment.queue",
        "enrollment.transfer",
        "certificate.issue",
        "completion.decide",
    }

    assert written - set(TOLD) == elsewhere


@pytest.mark.parametrize("count", [1, 30])
def test_the_history_takes_the_same_queries_for_one_and_thirty(learner, coordinator, count, django_assert_num_queries):
    for _number in range(count):
        enrollment = enroll_person(person=learner, cohort=CohortFactory.create(), act=act(coordinator, PHONE))
        transition_enrollment(
            enrollment=enrollment, to_state=EnrollmentState.WITHDRAWN, act=act(coordinator, PHONE), reason="time"
        )
        merge_people(kept=learner, gone=PersonFactory.create(), fields=[], act=act(coordinator))

    with django_assert_num_queries(6):
        history_of(learner, 500, looks=True)


def test_regular_entries_in_a_row_are_told_as_one():
    now = timezone.now()

    def event(routine, days):
        return Event(now - timedelta(days=days), "done", "Was present.", "", "", routine=routine)

    present = [event("present", days) for days in range(3)]
    absent, again, look, last = event("", 4), event("present", 5), event("look", 6), event("present", 7)

    story = story_of([*present, absent, again, look, last])

    assert story == [Run(present), absent, again, look, last]
    assert (story[0].text, story[0].first_at, story[0].last_at) == (
        "Was present at 3 sessions.",
        now - timedelta(days=2),
        now,
    )


@pytest.mark.parametrize(("state", "folded"), [("present", True), ("late", False), ("absent", False)])
def test_only_who_came_as_always_is_folded(learner, state, folded):
    enrollment = EnrollmentFactory.create(person=learner, state=EnrollmentState.ACTIVE)
    for _times in range(3):
        AttendanceFactory.create(enrollment=enrollment, state=state)

    assert [isinstance(one, Run) for one in story_of(history_of(learner, 20))] == ([True] if folded else [False] * 3)
