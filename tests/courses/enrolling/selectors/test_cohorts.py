from datetime import date, timedelta

import pytest
from django.utils import timezone

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.selectors.cohorts import application_state, open_choices, open_cohorts, public_cohorts
from courses.overview.selectors.cohort_frame import cohort_frame
from courses.overview.selectors.cohorts import cohorts_list
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.selectors.cohorts import cohorts_for_trainer, next_cohort_code
from tests.factories import CohortFactory, CourseFactory, EnrollmentFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_the_catalogue_holds_what_has_not_begun_soonest_first():
    today = timezone.localdate()
    later = CohortFactory.create(starts_on=today + timedelta(days=9))
    sooner = CohortFactory.create(starts_on=today, state=CohortState.CONFIRMED)
    CohortFactory.create(starts_on=today - timedelta(days=1))
    for state in (CohortState.DRAFT, CohortState.RUNNING, CohortState.FINISHED, CohortState.CANCELLED):
        CohortFactory.create(state=state)

    assert list(open_cohorts(today=today)) == [sooner, later]


def test_the_catalogue_is_narrowed_by_language_and_format():
    today = timezone.localdate()
    swedish = CohortFactory.create(language="sv")
    talk = CohortFactory.create(course__format="talk")

    assert list(open_cohorts(today=today, language="sv")) == [swedish]
    assert list(open_cohorts(today=today, format="talk")) == [talk]
    assert open_choices(today) == ({"fi", "sv"}, {"course", "talk"})


def test_the_catalogue_tells_how_many_wait_and_only_sessions_that_are_held():
    cohort = CohortFactory.create(capacity=1)
    EnrollmentFactory.create(cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    held = SessionFactory.create(cohort=cohort)
    SessionFactory.create(cohort=cohort, state=SessionState.CANCELLED)

    [shown] = open_cohorts(today=timezone.localdate())

    assert (shown.waiting, shown.held_sessions) == (1, [held])
    assert application_state(shown, timezone.localdate()) == "full"


def test_drafts_and_cancelled_groups_have_no_public_page():
    visible = [CohortFactory.create(state=state) for state in ("published", "confirmed", "running", "finished")]
    for state in ("draft", "cancelled", "closed"):
        CohortFactory.create(state=state)

    assert set(public_cohorts()) == set(visible)


def test_a_group_that_has_begun_takes_no_applications():
    CohortFactory.create(state=CohortState.RUNNING)

    assert application_state(public_cohorts().get(), timezone.localdate()) == "over"


def test_a_trainer_has_their_own_cohorts_only(trainer):
    own = CohortFactory.create(trainers=[trainer])
    CohortFactory.create()

    assert list(cohorts_for_trainer(trainer)) == [own]


@pytest.mark.parametrize("text", ["espoo", "AIM kevät", "sellon"])
def test_the_list_is_searched_by_name_code_and_venue(text):
    found = CohortFactory.create(code="AIM-2027K-01", name_fi="kevät Espoo", venue__name_fi="Sellon kirjasto")
    CohortFactory.create()

    assert list(cohorts_list(text=text)) == [found]


def test_going_on_leaves_out_what_is_over():
    going = {CohortFactory.create(state=state) for state in ("draft", "published", "confirmed", "running")}
    for state in ("finished", "closed", "cancelled"):
        CohortFactory.create(state=state)

    assert set(cohorts_list(state="going_on")) == going
    assert cohorts_list(state="closed").count() == 1
    assert cohorts_list().count() == 7


@pytest.mark.parametrize("size", [1, 30])
def test_a_page_of_the_catalogue_is_two_queries(size, django_assert_num_queries):
    for _cohort in range(size):
        SessionFactory.create()

    with django_assert_num_queries(2):
        assert (
            len([(cohort.course, cohort.venue, cohort.held_sessions) for cohort in open_cohorts(today=date.min)])
            == size
        )


def test_the_frame_counts_people_by_where_they_stand(trainer, django_assert_num_queries):
    cohort = CohortFactory.create(trainers=[trainer])
    for state in (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE, EnrollmentState.COMPLETED):
        EnrollmentFactory.create(cohort=cohort, state=state)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WAITLISTED, queue_number=1)
    SessionFactory.create(cohort=cohort, state=SessionState.CANCELLED)

    with django_assert_num_queries(5):
        frame = cohort_frame(cohort)

    assert (frame.learners, frame.seated, frame.waiting, frame.trainers) == (3, 2, 1, [trainer])
    assert (len(frame.sessions), frame.held) == (1, [])


def test_the_next_code_is_the_first_free_one():
    course = CourseFactory.create(code="AIM")
    CohortFactory.create(code="AIM-2027K-01")
    CohortFactory.create(code="AIM-2027K-03")

    assert next_cohort_code(course, date(2027, 1, 12)) == "AIM-2027K-02"
    assert next_cohort_code(course, date(2027, 9, 1)) == "AIM-2027S-01"
