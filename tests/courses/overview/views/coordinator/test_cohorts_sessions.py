"""The list of the sessions of a group."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.scheduling.enums import CohortState
from tests.factories import CohortFactory, ModuleFactory, SessionFactory
from tests.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_asks_the_same_for_one_and_for_thirty(office, size, django_assert_num_queries):
    cohort = CohortFactory.create(state=CohortState.RUNNING)
    for number in range(1, size + 1):
        SessionFactory.create(
            cohort=cohort,
            number=number,
            starts_at=timezone.now() + timedelta(days=number),
            modules=[ModuleFactory.create(course=cohort.course)],
        )
    office.get("/en/coordinator/courses/")

    # Session, person, roles, menu; cohort, people, sessions, modules, trainers, messages.
    with django_assert_num_queries(10):
        office.get(page("sessions-list", cohort.code))


def test_an_empty_list_offers_to_make_sessions(office):
    content = office.get(page("sessions-list", CohortFactory.create().code)).content.decode()

    assert "The group has no sessions yet" in content
