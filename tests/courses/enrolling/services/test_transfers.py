"""Transfers, prerequisites, and another group instead of one that is cancelled."""

import pytest

from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from courses.enrolling.enums import EnrollmentState, QueueReason
from courses.enrolling.exceptions import CohortFull
from courses.enrolling.models import Enrollment, Party, SupportNeeds
from courses.enrolling.selectors.queues import queue_of
from courses.enrolling.services.cohorts import cancel_cohort
from courses.enrolling.services.enrollments import admit_applicant, enroll_people, enroll_person, enroll_together
from courses.enrolling.services.transfers import transfer_enrollment
from courses.enrolling.services.undo import undo_transition
from courses.messaging.models import Message
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from tests.acts import act
from tests.factories import (
    AttendanceFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = pytest.mark.usefixtures("clock")


def enroll(cohort, by, count=1):
    return [
        enroll_person(person=person, cohort=cohort, act=act(by, HowAsked.PHONE))
        for person in PersonFactory.create_batch(count)
    ]


def transfer(enrollment, to_cohort, by):
    return transfer_enrollment(
        enrollment=enrollment, to_cohort=to_cohort, act=act(by, HowAsked.PHONE), note="Toinen päivä sopii"
    )


def states(enrollments):
    found = Enrollment.objects.in_bulk([one.pk for one in enrollments])
    return [found[one.pk].state for one in enrollments]


def seats(*cohorts):
    return [Cohort.objects.get(pk=cohort.pk).seats_taken for cohort in cohorts]


def two_groups(**more):
    course = CourseFactory.create()
    return CohortFactory.create(course=course, capacity=1), CohortFactory.create(course=course, **more)


def test_a_transfer_frees_the_old_seat_and_offers_it(coordinator):
    old, new = two_groups()
    placed, waiting = enroll(old, coordinator, 2)

    moved = transfer(placed, new, coordinator)

    assert (moved.cohort, moved.state) == (new, EnrollmentState.ENROLLED)
    assert states([waiting]) == [EnrollmentState.OFFERED]
    assert seats(old, new) == [1, 1]
    step = moved.transitions.order_by("pk").last()
    assert (step.from_cohort, step.from_state, step.to_state) == (old, "enrolled", "enrolled")


def test_a_transfer_keeps_what_was_attended(coordinator):
    old, new = two_groups()
    old.state = CohortState.RUNNING
    old.save()
    [placed] = enroll(old, coordinator)
    session = SessionFactory.create(cohort=old, starts_at="2027-01-11T10:00+02:00", ends_at="2027-01-11T12:00+02:00")
    AttendanceFactory.create(enrollment=placed, session=session, marked_by=coordinator, register_version=1)
    Enrollment.objects.filter(pk=placed.pk).update(state="active", started_at="2027-01-11T10:00+02:00")

    moved = transfer(placed, new, coordinator)

    assert moved.state == EnrollmentState.ACTIVE
    assert moved.started_at is not None
    assert moved.attendances.count() == 1


def test_a_transfer_needs_a_free_seat_in_a_group_of_the_same_course(coordinator):
    old, full = two_groups(capacity=1)
    enroll(full, coordinator)
    [placed] = enroll(old, coordinator)

    with pytest.raises(CohortFull):
        transfer(placed, full, coordinator)
    for cohort, code in (
        (CohortFactory.create(), "other_course"),
        (old, "already_open"),
        (CohortFactory.create(course=old.course, state=CohortState.FINISHED), "not_enrolling"),
    ):
        with pytest.raises(RuleError) as refusal:
            transfer(placed, cohort, coordinator)
        assert refusal.value.code == code

    assert seats(old, full) == [1, 1]


def test_who_waited_has_a_place_where_they_are_transferred_to(coordinator):
    old, new = two_groups()
    _placed, waiting = enroll(old, coordinator, 2)

    moved = transfer(waiting, new, coordinator)

    assert (moved.state, moved.queue_number) == (EnrollmentState.ENROLLED, None)
    assert seats(old, new) == [1, 1]


def test_undoing_a_transfer_brings_the_person_back(coordinator):
    old, new = two_groups()
    placed, waiting = enroll(old, coordinator, 2)
    moved = transfer(placed, new, coordinator)

    [back] = undo_transition(enrollment=moved, act=act(coordinator, HowAsked.PHONE))

    assert (back.cohort, back.state) == (old, EnrollmentState.ENROLLED)
    assert states([waiting]) == [EnrollmentState.WAITLISTED]
    assert seats(old, new) == [1, 0]


# Prerequisites


@pytest.fixture
def update_day(db):
    course = CourseFactory.create(required_course=CourseFactory.create())
    return CohortFactory.create(course=course)


def test_without_what_the_course_asks_for_nobody_is_enrolled_unless_it_is_waived(coordinator, update_day):
    person = PersonFactory.create()
    with pytest.raises(RuleError) as refusal:
        enroll_person(person=person, cohort=update_day, act=act(coordinator, HowAsked.PHONE))
    assert refusal.value.code == "prerequisite"

    enrolled = enroll_person(
        person=person, cohort=update_day, act=act(coordinator, HowAsked.PHONE), waiver="Kävi kurssin muualla"
    )

    assert (enrolled.state, enrolled.waiver) == (EnrollmentState.ENROLLED, "Kävi kurssin muualla")


def test_who_has_completed_the_other_course_is_enrolled(coordinator, update_day):
    other = CohortFactory.create(course=update_day.course.required_course)
    done = EnrollmentFactory.create(cohort=other, state=EnrollmentState.COMPLETED)

    enrolled = enroll_person(person=done.person, cohort=update_day, act=act(coordinator, HowAsked.PHONE))

    assert enrolled.state == EnrollmentState.ENROLLED


@pytest.mark.parametrize(("by_web", "how_asked"), [(True, HowAsked.WEB), (False, HowAsked.ROSTER)])
def test_an_application_waits_until_somebody_has_looked(coordinator, update_day, by_web, how_asked):
    by = None if by_web else coordinator
    [applied] = enroll_people(people=[PersonFactory.create()], cohort=update_day, act=act(by, how_asked))
    alone = enroll_person(person=PersonFactory.create(), cohort=update_day, act=act(by, how_asked))
    assert states([applied, alone]) == ["applied", "applied"]
    assert seats(update_day) == [0]

    with pytest.raises(RuleError) as refusal:
        admit_applicant(enrollment=applied, act=act(coordinator))
    assert refusal.value.code == "prerequisite"
    admitted = admit_applicant(enrollment=applied, act=act(coordinator), waiver="Todistus nähty")

    assert (admitted.state, admitted.waiver) == (EnrollmentState.ENROLLED, "Todistus nähty")
    with pytest.raises(RuleError):
        admit_applicant(enrollment=applied, act=act(coordinator), waiver="Todistus nähty")


# Another group instead


def test_a_cancelled_group_asks_everybody_in_another_one_first(coordinator):
    old, new = two_groups(capacity=3)
    enroll(new, coordinator, 4)
    placed, queued = enroll(old, coordinator, 2)
    SupportNeeds.objects.create(enrollment=placed, wheelchair=True, how_asked=HowAsked.PHONE)

    cancel_cohort(cohort=old, act=act(coordinator), instead=new)

    assert states([placed, queued]) == ["cohort_cancelled", "cohort_cancelled"]
    queue = queue_of(Cohort.objects.get(pk=new.pk))
    assert [one.person_id for one in queue][:2] == [placed.person_id, queued.person_id]
    assert {one.queue_reason for one in queue[:2]} == {QueueReason.COHORT_CANCELLED}
    assert queue[0].support_needs.wheelchair is True
    assert Message.objects.filter(rule="cohort_cancelled").count() == 2


def test_free_seats_of_the_other_group_are_offered_at_once_and_pairs_stay_pairs(coordinator):
    course = CourseFactory.create()
    old, new = CohortFactory.create(course=course, capacity=4), CohortFactory.create(course=course, capacity=3)
    [single] = enroll(old, coordinator)
    both = enroll_together(people=PersonFactory.create_batch(2), cohort=old, act=act(coordinator, HowAsked.PHONE))

    cancel_cohort(cohort=old, act=act(coordinator), instead=new)

    made = new.enrollments.order_by("pk")
    assert sorted(one.person_id for one in made) == sorted(one.person_id for one in [single, *both])
    assert {one.state for one in made} == {EnrollmentState.OFFERED}
    party = Party.objects.get(cohort=new)
    assert party.enrollments.count() == 2
    assert AuditEntry.objects.filter(action="enrollment.together", detail__party=party.pk).count() == 2
    assert Party.objects.get(cohort=old).ended_at is not None


def test_only_a_group_of_the_same_course_is_offered_instead(coordinator):
    old = CohortFactory.create()
    enroll(old, coordinator)

    for other in (CohortFactory.create(), old, CohortFactory.create(course=old.course, state=CohortState.CANCELLED)):
        with pytest.raises(RuleError) as refusal:
            cancel_cohort(cohort=old, act=act(coordinator), instead=other)
        assert refusal.value.code == "instead"

    old.refresh_from_db()
    assert old.state == CohortState.PUBLISHED
