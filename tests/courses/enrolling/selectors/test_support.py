import pytest

from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import SupportNeeds
from courses.enrolling.selectors.support import own_support_needs, support_needs_for, support_needs_of
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(trainer, learner):
    """What one learner of the trainer's own group needs."""
    enrollment = EnrollmentFactory.create(cohort=CohortFactory.create(trainers=[trainer]), person=learner)
    return SupportNeeds.objects.create(enrollment=enrollment, hearing_loop=True, how_asked="desk")


def test_those_who_run_the_sessions_see_what_to_arrange(noted, trainer, coordinator):
    expected = {noted.enrollment_id: noted}

    assert support_needs_for(trainer, noted.enrollment.cohort) == expected
    assert support_needs_for(coordinator, noted.enrollment.cohort) == expected
    assert support_needs_of(coordinator, noted.enrollment.person) == expected


def test_nobody_else_does(noted, viewer, administrator, stranger):
    other_trainer = PersonFactory.create(roles=["trainer"])
    CohortFactory.create(trainers=[other_trainer])

    for person in (other_trainer, viewer, administrator, stranger, noted.enrollment.person):
        assert support_needs_for(person, noted.enrollment.cohort) == {}
        assert support_needs_of(person, noted.enrollment.person) == {}


def test_a_trainer_whose_role_has_ended_sees_nothing(noted, trainer):
    trainer.role_grants.update(ended_at="2026-12-01T00:00Z")

    assert support_needs_for(trainer, noted.enrollment.cohort) == {}


@pytest.mark.parametrize("state", [EnrollmentState.WAITLISTED, EnrollmentState.WITHDRAWN])
def test_a_trainer_sees_only_those_who_come(trainer, state):
    cohort = CohortFactory.create(trainers=[trainer])
    enrollment = EnrollmentFactory.create(cohort=cohort, state=state, queue_number=1)
    SupportNeeds.objects.create(enrollment=enrollment, wheelchair=True, how_asked="desk")

    assert support_needs_for(trainer, cohort) == {}


def test_the_person_sees_their_own(noted, learner, stranger):
    assert list(own_support_needs(learner)) == [noted]
    assert list(own_support_needs(stranger)) == []
