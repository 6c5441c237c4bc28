"""A group under its smallest size."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.scheduling.enums import CohortState
from tests.factories import CohortFactory, EnrollmentFactory
from tests.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "clicked")]

MINIMUM_QUERIES = 15


@pytest.fixture
def small():
    """A published group of three where eight are needed, in four days."""
    soon = timezone.localdate() + timedelta(days=4)
    cohort = CohortFactory.create(minimum=8, starts_on=soon, name_en="Autumn F")
    EnrollmentFactory.create_batch(3, cohort=cohort)
    return cohort


def other_group(cohort, **more):
    days = {"starts_on": cohort.starts_on + timedelta(days=30), "ends_on": cohort.starts_on + timedelta(days=90)}
    return CohortFactory.create(course=cohort.course, **{**days, **more})


def test_the_page_of_a_small_group_says_what_follows_from_yes_and_no(office, small):
    other_group(small, language="sv", name_en="In Swedish", starts_on=small.starts_on + timedelta(days=10))
    other_group(small, capacity=2, name_en="Too few seats", starts_on=small.starts_on + timedelta(days=10))
    best = other_group(small, name_en="Spring D")

    shown = office.get(page("cohorts-minimum", small.code))

    assert "3 people have a place; the smallest group is 8." in shown.content.decode()
    assert shown.context["confirming"] == [
        "3 people have a place.",
        "The smallest group is 8. It is yours to decide that fewer are enough.",
        "The group is held. People can still be enrolled in it.",
    ]
    form = shown.context["form"]
    assert form["instead"].value() == best.code
    assert len(form.fields["instead"].choices) == 4


def test_a_small_group_is_confirmed_with_one_press_and_that_can_be_undone(office, small):
    office.post(page("cohorts-minimum", small.code), {"action": "confirm"})
    small.refresh_from_db()
    assert small.state == CohortState.CONFIRMED

    office.post(page("cohorts-undo", small.code))
    small.refresh_from_db()
    assert small.state == CohortState.PUBLISHED


def test_a_small_group_is_cancelled_only_with_a_tick(office, small):
    refused = office.post(page("cohorts-minimum", small.code), {"action": "cancel", "instead": ""})

    assert refused.context["form"].errors == {"sure": ["Tick this first: it cannot be taken back."]}
    small.refresh_from_db()
    assert (small.state, small.seats_taken) == (CohortState.PUBLISHED, 3)


def test_the_people_of_a_cancelled_group_are_asked_to_another_in_one_action(office, small):
    best = other_group(small, capacity=2)
    people = set(small.enrollments.values_list("person", flat=True))

    office.post(page("cohorts-minimum", small.code), {"action": "cancel", "instead": best.code, "sure": "on"})

    small.refresh_from_db()
    assert small.state == CohortState.CANCELLED
    assert set(best.enrollments.values_list("person", flat=True)) == people
    assert sorted(best.enrollments.values_list("state", flat=True)) == ["offered", "offered", "waitlisted"]


def test_a_group_of_another_course_is_no_choice_instead(office, small):
    stranger = CohortFactory.create()
    data = {"action": "cancel", "instead": stranger.code, "sure": "on"}

    refused = office.post(page("cohorts-minimum", small.code), data)

    assert list(refused.context["form"].errors) == ["instead"]


@pytest.mark.parametrize("action", ["confirm", "cancel"])
def test_a_small_group_decided_meanwhile_says_so_and_is_left(office, small, action):
    url = page("cohorts-minimum", small.code)
    office.post(url, {"action": "confirm"})

    again = office.post(url, {"action": action, "sure": "on"}, follow=True)

    assert str(list(again.context["messages"])[-1]) == "Autumn F is decided: Confirmed."
    small.refresh_from_db()
    assert small.state == CohortState.CONFIRMED


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_of_a_small_group_asks_the_same_for_one_and_for_thirty(office, size, django_assert_num_queries):
    cohort = CohortFactory.create(minimum=40, capacity=50)
    EnrollmentFactory.create_batch(size, cohort=cohort)
    for _turn in range(size):
        other_group(cohort)

    with django_assert_num_queries(MINIMUM_QUERIES):
        assert office.get(page("cohorts-minimum", cohort.code)).status_code == 200
