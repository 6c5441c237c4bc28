"""The page of the learners of a group."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import HowAsked
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Party
from courses.enrolling.services.enrollments import enroll_people
from courses.scheduling.models import Cohort
from courses.teaching.enums import AttendanceState
from tests.acts import act
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    PersonFactory,
    SessionFactory,
)
from tests.pages import page, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def queue(cohort, count):
    """`count` people who wait, in order."""
    people = [PersonFactory.create(last_name=f"Jono{number}") for number in range(count)]
    full = cohort.capacity
    Cohort.objects.filter(pk=cohort.pk).update(capacity=cohort.seats_taken or 1)
    if not cohort.seats_taken:
        EnrollmentFactory.create(cohort=cohort)
    enrollments = enroll_people(people=people, cohort=cohort, act=act(via=HowAsked.PHONE))
    Cohort.objects.filter(pk=cohort.pk).update(capacity=full)
    return enrollments


def test_people_stand_by_name_and_the_queue_in_its_order(office):
    cohort = CohortFactory.create(capacity=5)
    late, early = (
        EnrollmentFactory.create(cohort=cohort, person=PersonFactory.create(last_name=name))
        for name in ("Öhman", "Aalto")
    )
    gone = EnrollmentFactory.create(
        cohort=cohort, state=EnrollmentState.WITHDRAWN, reason="time", ended_at=timezone.now()
    )
    waiting = queue(Cohort.objects.get(), 2)

    learners = office.get(page("cohorts-learners", cohort.code)).context["learners"]

    assert [line.enrollment for line in learners.placed] == [early, late]
    assert [(line.place, line.enrollment) for line in learners.queued] == [(1, waiting[0]), (2, waiting[1])]
    assert [line.enrollment for line in learners.gone] == [gone]


def test_lessons_attended_stand_against_lessons_held(office):
    cohort = CohortFactory.create()
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
    held = SessionFactory.create(cohort=cohort, number=1, lessons=3, marked_at=timezone.now())
    SessionFactory.create(cohort=cohort, number=2, lessons=3)
    AttendanceFactory.create(enrollment=enrollment, session=held, state=AttendanceState.LATE, lessons=2)

    [line] = office.get(page("cohorts-learners", cohort.code)).context["learners"].placed

    assert (line.attended, line.held) == (2, 3)


def test_those_chosen_from_the_queue_get_places_together(office):
    cohort = CohortFactory.create(capacity=3)
    first, second, third = queue(cohort, 3)

    answered = office.post(
        page("cohorts-learners", cohort.code), {"action": "place", "enrollment": [second.pk, first.pk]}, follow=True
    )

    assert said(answered) == ["2 people got a place."]
    states = dict(Enrollment.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in (first, second, third)] == ["enrolled", "enrolled", "waitlisted"]


def test_places_out_of_turn_need_a_reason(office):
    cohort = CohortFactory.create(capacity=3, starts_on=timezone.localdate() - timedelta(days=1))
    first, _second, third = queue(cohort, 3)
    chosen = {"action": "place", "enrollment": [third.pk, first.pk]}

    refused = office.post(page("cohorts-learners", cohort.code), chosen, follow=True)
    assert said(refused) == ["Others stand before them in the queue. Say why these get places first."]
    refused = office.post(page("cohorts-learners", cohort.code), {**chosen, "note": "010148-123A"}, follow=True)
    assert said(refused) == ["Please take the personal identity code out of this text. We do not need it."]
    assert cohort.enrollments.filter(state="waitlisted").count() == 3

    office.post(page("cohorts-learners", cohort.code), {**chosen, "note": "Live too far from the other groups"})
    third.refresh_from_db()
    assert (third.state, third.transitions.latest("pk").reason) == ("enrolled", "Live too far from the other groups")


def test_who_has_only_applied_gets_no_place_past_the_prerequisite(office):
    applicant = EnrollmentFactory.create(state=EnrollmentState.APPLIED)

    answered = office.post(
        page("cohorts-learners", applicant.cohort.code), {"action": "place", "enrollment": [applicant.pk]}, follow=True
    )

    assert said(answered) == ["Choose the people first."]
    applicant.refresh_from_db()
    assert applicant.state == "applied"


def test_more_places_than_there_are_seats_are_refused_whole(office):
    cohort = CohortFactory.create(capacity=2)
    waiting = queue(cohort, 2)

    answered = office.post(
        page("cohorts-learners", cohort.code),
        {"action": "place", "enrollment": [one.pk for one in waiting]},
        follow=True,
    )

    assert "not enough free ones" in said(answered)[0]
    assert cohort.enrollments.filter(state=EnrollmentState.WAITLISTED).count() == 2


def test_a_place_given_by_mistake_is_undone_to_the_old_place_in_the_queue(office):
    cohort = CohortFactory.create(capacity=2, starts_on=timezone.localdate() - timedelta(days=1))
    first, second = queue(cohort, 2)
    office.post(page("cohorts-learners", cohort.code), {"action": "place", "enrollment": [first.pk]})

    office.post(page("enrollments-undo", first.pk))

    learners = office.get(page("cohorts-learners", cohort.code)).context["learners"]
    assert [line.enrollment for line in learners.queued] == [first, second]


def test_those_who_never_came_are_proposed_and_moved_only_by_hand(office):
    today = timezone.localdate()
    cohort = CohortFactory.create(starts_on=today - timedelta(days=60), ends_on=today - timedelta(days=1))
    never = EnrollmentFactory.create(cohort=cohort)
    came = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)

    learners = office.get(page("cohorts-learners", cohort.code)).context["learners"]
    assert [line.enrollment for line in learners.no_shows] == [never]
    assert Enrollment.objects.filter(state="no_show").count() == 0

    office.post(page("cohorts-learners", cohort.code), {"action": "no_show", "enrollment": [never.pk]})
    assert dict(Enrollment.objects.values_list("pk", "state")) == {never.pk: "no_show", came.pk: "active"}


@pytest.mark.parametrize(
    "data", [{}, {"action": "place"}, {"action": "steal", "enrollment": ["1"]}, {"enrollment": ["x"]}]
)
def test_nobody_chosen_is_told(office, data):
    cohort = CohortFactory.create()

    assert said(office.post(page("cohorts-learners", cohort.code), data, follow=True)) == ["Choose the people first."]


def test_an_enrollment_of_another_cohort_is_not_moved_from_here(office):
    cohort = CohortFactory.create()
    other = EnrollmentFactory.create(state=EnrollmentState.APPLIED)

    office.post(page("cohorts-learners", cohort.code), {"action": "place", "enrollment": [other.pk]})

    other.refresh_from_db()
    assert other.state == "applied"


def test_a_page_of_many_people_takes_as_many_queries_as_of_one(office):
    asked_for = CourseFactory.create()
    cohort = CohortFactory.create(capacity=200, course__required_course=asked_for)
    CohortFactory.create_batch(3, course=cohort.course)
    session = SessionFactory.create(cohort=cohort, number=1, marked_at=timezone.now())

    def add(count):
        for _number in range(count):
            enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.ACTIVE)
            AttendanceFactory.create(enrollment=enrollment, session=session)
            number = cohort.enrollments.count()
            for state in (EnrollmentState.WAITLISTED, EnrollmentState.OFFERED):
                party = Party.objects.create(cohort=cohort, how_asked="phone", blocked_since=timezone.now())
                EnrollmentFactory.create_batch(
                    2,
                    cohort=cohort,
                    state=state,
                    party=party,
                    queue_number=number,
                    offer_expires_at=timezone.now(),
                )
            EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.APPLIED)
            EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WITHDRAWN, ended_at=timezone.now())

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert office.get(page("cohorts-learners", cohort.code)).status_code == 200
        return len(asked)

    add(1)
    queries()
    few = queries()
    add(29)

    assert queries() == few <= 30


def test_people_under_a_safety_ban_are_not_named_on_the_list(office):
    person = PersonFactory.create(first_name="Salla", last_name="Salattu", protected=True)
    enrollment = EnrollmentFactory.create(person=person)

    text = office.get(page("cohorts-learners", enrollment.cohort.code)).content.decode()

    assert person.code in text
    assert "Salattu" not in text
