from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import HowAsked
from accounts.exceptions import RuleError, StaleEdit
from accounts.models import AuditEntry
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.services.cohorts import (
    cancel_cohort,
    close_cohort,
    confirm_cohort,
    finish_cohort,
    publish_cohort,
    start_cohort,
    undo_cohort_state,
    update_cohort,
)
from courses.enrolling.services.enrollments import enroll_person
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort
from courses.scheduling.services.cohorts import cohort_fingerprint, create_cohort
from tests.acts import act
from tests.factories import (
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    ModuleFactory,
    PersonFactory,
    SessionFactory,
    VenueFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def state_of(cohort):
    return Cohort.objects.get(pk=cohort.pk).state


def test_a_new_cohort_takes_its_seats_from_the_course(coordinator, trainer):
    course = CourseFactory.create(capacity=12, minimum=5)

    cohort = create_cohort(
        course=course,
        act=act(coordinator),
        code="A-1",
        starts_on=date(2027, 1, 12),
        ends_on=date(2027, 3, 9),
        trainers=[trainer],
    )

    assert (cohort.capacity, cohort.minimum, cohort.state) == (12, 5, CohortState.DRAFT)
    assert list(cohort.trainers.all()) == [trainer]
    assert AuditEntry.objects.get().action == "cohort.create"


def test_a_cohort_cannot_end_before_it_starts(coordinator):
    with pytest.raises(ValidationError):
        create_cohort(
            course=CourseFactory.create(),
            act=act(coordinator),
            code="A",
            starts_on=date(2027, 2, 1),
            ends_on=date(2027, 1, 1),
        )

    assert not Cohort.objects.exists()


def test_update_refuses_fewer_seats_than_are_taken_and_changes_nothing(coordinator):
    cohort = CohortFactory.create(capacity=10, name_en="Old")
    for _place in range(3):
        EnrollmentFactory.create(cohort=cohort)

    with pytest.raises(RuleError) as refused:
        update_cohort(cohort=cohort, act=act(coordinator), capacity=2, name_en="New")

    assert refused.value.reasons == ["3 seats are taken already, so there cannot be fewer. Free seats first."]
    assert Cohort.objects.values_list("capacity", "name_en").get() == (10, "Old")


@pytest.mark.parametrize(("capacity", "minimum"), [(20, 18), (6, 4)])
def test_seats_and_smallest_group_change_together(coordinator, capacity, minimum):
    cohort = CohortFactory.create(capacity=10, minimum=8)

    update_cohort(cohort=cohort, act=act(coordinator), capacity=capacity, minimum=minimum)

    assert Cohort.objects.values_list("capacity", "minimum").get() == (capacity, minimum)


def test_a_new_venue_takes_along_the_sessions_to_come_that_were_there(coordinator):
    cohort = CohortFactory.create()
    elsewhere, new = VenueFactory.create(), VenueFactory.create()
    past = SessionFactory.create(cohort=cohort, venue=cohort.venue, starts_at=timezone.now() - timedelta(days=3))
    coming = SessionFactory.create(cohort=cohort, venue=cohort.venue)
    excursion = SessionFactory.create(cohort=cohort, venue=elsewhere)
    old = cohort.venue

    update_cohort(cohort=cohort, act=act(coordinator), venue=new)

    for session in (past, coming, excursion):
        session.refresh_from_db()
    assert [(session.venue, session.schedule_revision) for session in (past, coming, excursion)] == [
        (old, 1),
        (new, 2),
        (elsewhere, 1),
    ]


def test_update_on_a_stale_form_keeps_what_the_other_wrote(coordinator):
    cohort = CohortFactory.create()
    seen = cohort_fingerprint(cohort)
    update_cohort(cohort=cohort, act=act(coordinator), name_en="Theirs")

    with pytest.raises(StaleEdit) as refused:
        update_cohort(cohort=cohort, act=act(coordinator), seen=seen, name_en="Mine")

    assert refused.value.conflicts == [("name in English", "Theirs")]


def test_an_enrollment_meanwhile_makes_no_form_stale(coordinator, learner):
    cohort = CohortFactory.create()
    seen = cohort_fingerprint(cohort)
    enroll_person(person=learner, cohort=cohort, act=act(coordinator, HowAsked.PHONE))

    update_cohort(cohort=cohort, act=act(coordinator), seen=seen, name_en="Mine")

    assert Cohort.objects.values_list("name_en", "seats_taken").get() == ("Mine", 1)


def test_publishing_names_every_missing_text(coordinator):
    course = CourseFactory.create(summary_sv="")
    ModuleFactory.create(course=course, code="M1", title_fi="")
    cohort = CohortFactory.create(
        course=course, state=CohortState.DRAFT, name_sv="", notice_fi="Kahvia on.", venue__directions_sv="Ta bussen."
    )

    with pytest.raises(RuleError) as refused:
        publish_cohort(cohort=cohort, act=act(coordinator))

    assert refused.value.reasons == [
        "Swedish is missing: summary of the course.",
        "Swedish is missing: name of the group.",
        "Swedish is missing: notice of the group.",
        "Finnish is missing: how to get to the venue.",
        "Finnish is missing: title of module M1.",
    ]
    assert state_of(cohort) == CohortState.DRAFT


def test_a_cohort_goes_through_its_life(coordinator):
    cohort = CohortFactory.create(state=CohortState.DRAFT, starts_on=timezone.localdate())

    for step in (publish_cohort, confirm_cohort, start_cohort, finish_cohort, close_cohort):
        cohort = step(cohort=cohort, act=act(coordinator))

    assert state_of(cohort) == CohortState.CLOSED
    assert [(entry.action, entry.detail["from"]) for entry in AuditEntry.objects.order_by("pk")] == [
        ("cohort.published", "draft"),
        ("cohort.confirmed", "published"),
        ("cohort.running", "confirmed"),
        ("cohort.finished", "running"),
        ("cohort.closed", "finished"),
    ]


def test_a_step_out_of_order_is_refused(coordinator):
    cohort = CohortFactory.create(state=CohortState.DRAFT)

    with pytest.raises(RuleError) as refused:
        start_cohort(cohort=cohort, act=act(coordinator))

    assert refused.value.reasons == ["The group is in the state “Draft”, so this cannot be done."]


def test_a_group_does_not_start_before_its_first_day(coordinator):
    cohort = CohortFactory.create(state=CohortState.CONFIRMED, starts_on=timezone.localdate() + timedelta(days=1))

    with pytest.raises(RuleError) as refused:
        start_cohort(cohort=cohort, act=act(coordinator))

    assert refused.value.code == "starts_later"


def test_a_group_is_not_finished_while_sessions_are_to_come(coordinator):
    session = SessionFactory.create(cohort__state=CohortState.RUNNING)

    with pytest.raises(RuleError) as refused:
        finish_cohort(cohort=session.cohort, act=act(coordinator))

    assert refused.value.reasons == ["1 session is still to come. Cancel it, or wait for it."]


@pytest.fixture
def ending(coordinator):
    """A running cohort with one who takes part, one who never came and two who wait, in this order."""
    cohort = CohortFactory.create(state=CohortState.RUNNING, capacity=2)
    states = [EnrollmentState.ACTIVE, EnrollmentState.ENROLLED]
    people = [EnrollmentFactory.create(cohort=cohort, state=state, admitted_at=timezone.now()) for state in states]
    for _turn in range(2):
        person = PersonFactory.create()
        people.append(enroll_person(person=person, cohort=cohort, act=act(coordinator, HowAsked.PHONE)))
    return people


def states_of(enrollments):
    for enrollment in enrollments:
        enrollment.refresh_from_db()
    return [enrollment.state for enrollment in enrollments]


def test_finishing_says_of_nobody_by_itself_that_they_never_came(ending, coordinator):
    finish_cohort(cohort=ending[0].cohort, act=act(coordinator))

    assert states_of(ending)[:2] == [EnrollmentState.ACTIVE, EnrollmentState.ENROLLED]


def test_finishing_says_who_never_came_as_told_and_tells_the_waiting_no(ending, coordinator):
    finish_cohort(cohort=ending[0].cohort, act=act(coordinator), no_shows=[enrollment.pk for enrollment in ending])

    assert states_of(ending) == [
        EnrollmentState.ACTIVE,
        EnrollmentState.NO_SHOW,
        EnrollmentState.DECLINED,
        EnrollmentState.DECLINED,
    ]
    assert Cohort.objects.get().seats_taken == 1


def test_taking_the_finish_back_gives_places_and_turns_back(ending, coordinator):
    cohort = finish_cohort(cohort=ending[0].cohort, act=act(coordinator), no_shows=[ending[1].pk])

    undo_cohort_state(cohort=cohort, act=act(coordinator))

    assert states_of(ending) == [
        EnrollmentState.ACTIVE,
        EnrollmentState.ENROLLED,
        EnrollmentState.WAITLISTED,
        EnrollmentState.WAITLISTED,
    ]
    assert ending[2].queue_number < ending[3].queue_number
    assert (state_of(cohort), Cohort.objects.get().seats_taken) == (CohortState.RUNNING, 2)


def test_a_group_is_not_closed_while_somebody_has_no_decision(ending, coordinator):
    cohort = finish_cohort(cohort=ending[0].cohort, act=act(coordinator))

    with pytest.raises(RuleError) as refused:
        close_cohort(cohort=cohort, act=act(coordinator))

    assert refused.value.reasons == ["2 people have no decision yet: completed or not."]


def test_cancelling_ends_enrollments_and_sessions_to_come(ending, coordinator):
    cohort = ending[0].cohort
    held = SessionFactory.create(cohort=cohort, starts_at=timezone.now() - timedelta(days=7))
    coming = SessionFactory.create(cohort=cohort, starts_at=timezone.now() + timedelta(days=7))

    cancel_cohort(cohort=cohort, act=act(coordinator))

    assert set(states_of(ending)) == {EnrollmentState.COHORT_CANCELLED}
    held.refresh_from_db()
    coming.refresh_from_db()
    assert (held.state, coming.state, coming.schedule_revision) == (SessionState.PLANNED, SessionState.CANCELLED, 2)
    assert (state_of(cohort), Cohort.objects.get().seats_taken) == (CohortState.CANCELLED, 0)


def test_a_cancelled_group_stays_cancelled(coordinator):
    cohort = cancel_cohort(cohort=CohortFactory.create(), act=act(coordinator))

    with pytest.raises(RuleError) as refused:
        undo_cohort_state(cohort=cohort, act=act(coordinator))

    assert refused.value.code == "not_undone"


def test_publishing_is_taken_back_while_nobody_is_enrolled(coordinator):
    cohort = publish_cohort(cohort=CohortFactory.create(state=CohortState.DRAFT), act=act(coordinator))

    undo_cohort_state(cohort=cohort, act=act(coordinator))

    assert state_of(cohort) == CohortState.DRAFT


def test_nothing_is_taken_back_after_a_day(coordinator):
    cohort = confirm_cohort(cohort=CohortFactory.create(), act=act(coordinator))

    with pytest.raises(RuleError) as refused:
        undo_cohort_state(cohort=cohort, act=act(coordinator, at=timezone.now() + timedelta(hours=25)))

    assert refused.value.code == "too_late"
