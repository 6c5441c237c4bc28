import datetime

import pytest
from django.utils import timezone

from accounts.enums import PersonState
from courses.certifying.selectors import mentor_numbers
from courses.enrolling.enums import EnrollmentState
from courses.overview.selectors.navigation import nav_counts
from courses.teaching.enums import CompletionState
from tests.factories import (
    CertificateFactory,
    CohortFactory,
    CompletionFactory,
    EnrollmentFactory,
    PersonFactory,
    SessionFactory,
)

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


def test_mentors_are_those_with_a_valid_certificate_as_on_every_other_page(coordinator, clock):
    today = timezone.localdate()
    CertificateFactory.create(issued_on=today - datetime.timedelta(days=9), valid_until=today)
    CertificateFactory.create(
        issued_on=today - datetime.timedelta(days=9), valid_until=today - datetime.timedelta(days=1)
    )

    assert nav_counts(coordinator)["mentors"] == mentor_numbers(today).mentors == 1


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
