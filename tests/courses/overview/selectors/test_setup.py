import pytest

from accounts.models import District, RoleGrant
from courses.overview.selectors.setup import setup_of
from courses.scheduling.enums import CohortState
from tests.factories import (
    CentreFactory,
    CohortFactory,
    CourseFactory,
    EnrollmentFactory,
    PersonFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def done(reader):
    setup = setup_of(reader)
    return None if setup is None else setup.done


def test_each_step_is_done_when_there_is_something(coordinator):
    assert done(coordinator) == frozenset()
    CentreFactory.create()
    assert done(coordinator) == {"centre"}
    District.objects.create(name="Tapiola")
    VenueFactory.create()
    assert done(coordinator) == {"centre", "districts", "venue"}
    PersonFactory.create(roles=["trainer"])
    assert "trainers" in done(coordinator)
    course = CourseFactory.create()
    assert "course" in done(coordinator)
    cohort = CohortFactory.create(course=course, state=CohortState.DRAFT)
    assert (setup_of(coordinator).draft, "cohort" in done(coordinator)) == (cohort.code, False)
    cohort.state = CohortState.PUBLISHED
    cohort.save()
    assert "cohort" in done(coordinator)
    EnrollmentFactory.create(cohort=cohort)
    assert setup_of(coordinator) is None


def test_a_role_that_was_taken_away_makes_no_trainer(coordinator, trainer):
    grant = RoleGrant.objects.get(person=trainer)
    grant.ended_at = grant.granted_at
    grant.save()

    assert "trainers" not in done(coordinator)


def test_who_else_can_do_a_step_is_named_for_the_roles_that_the_reader_lacks(coordinator, administrator):
    assert setup_of(coordinator).others == {"administrator": ["Arvo Pääkäyttäjä"]}
    assert setup_of(administrator).others == {"coordinator": ["Kaisa Koordinaattori"]}


@pytest.mark.parametrize("count", [1, 30])
def test_it_asks_the_same_however_many_there_are(coordinator, count, django_assert_num_queries):
    for _one in range(count):
        PersonFactory.create(roles=["administrator"])
        VenueFactory.create()
    assert coordinator.roles

    with django_assert_num_queries(2):
        assert setup_of(coordinator) is not None


def test_a_site_that_is_set_up_is_asked_once_and_only_whether_there_is_anything(
    coordinator, trainer, centre, django_assert_num_queries
):
    EnrollmentFactory.create(cohort=CohortFactory.create(state=CohortState.RUNNING))

    with django_assert_num_queries(1) as asked:
        assert setup_of(coordinator) is None

    assert "COUNT(" not in asked.captured_queries[0]["sql"].upper()
    assert asked.captured_queries[0]["sql"].upper().count("EXISTS(") == 7
