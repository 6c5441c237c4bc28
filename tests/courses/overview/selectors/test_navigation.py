import datetime

import pytest
from django.utils import timezone

from accounts.enums import PersonState
from courses.enrolling.enums import EnrollmentState
from courses.overview.selectors.navigation import nav_counts
from courses.teaching.enums import CompletionState
from tests.factories import CohortFactory, CompletionFactory, EnrollmentFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_counts_of_an_empty_site(coordinator):
    assert nav_counts(coordinator) == {
        "today": 0,
        "people": 1,
        "cohorts": 0,
        "messages": 0,
        "certificates": 0,
        "mentors": 0,
    }


def test_counts_take_one_query(coordinator, clock, django_assert_num_queries):
    now = timezone.now()
    cohort = CohortFactory.create()
    SessionFactory.create(cohort=cohort, starts_at=now, ends_at=now + datetime.timedelta(hours=3))
    enrollment = EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.COMPLETED)
    CompletionFactory.create(enrollment=enrollment, state=CompletionState.DECIDED, decided_at=now)
    PersonFactory.create(state=PersonState.ANONYMIZED)

    with django_assert_num_queries(1):
        counts = nav_counts(coordinator)

    assert counts == {"today": 1, "people": 2, "cohorts": 1, "messages": 0, "certificates": 1, "mentors": 0}
