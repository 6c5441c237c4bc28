import json
import re

import pytest
from django.urls import reverse

from courses.enrolling.enums import EnrollmentState
from courses.reporting.selectors.viewers import viewer_program_report
from courses.scheduling.enums import CohortState
from tests.factories import CohortFactory, EnrollmentFactory, ModuleFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FORMATS = ("csv", "json")


@pytest.fixture
def city(sign_in, viewer, centre):
    return sign_in(viewer)


@pytest.fixture
def cohort():
    """Eight started, three of them completed, one withdrew for a reason of their own."""
    cohort = CohortFactory.create(code="ONE", state=CohortState.FINISHED, capacity=30)
    ModuleFactory.create(course=cohort.course)
    for state, count in ((EnrollmentState.NOT_COMPLETED, 5), (EnrollmentState.COMPLETED, 3)):
        for number in range(count):
            person = PersonFactory.create(first_name="Salainen", last_name=f"Nimi{number}")
            EnrollmentFactory.create(cohort=cohort, state=state, person=person)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WITHDRAWN, reason="health")
    return cohort


def page(name, *args):
    return reverse(f"viewer:{name}", args=args)


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_cohort_without_names_and_small_counts(city, cohort):
    words = words_of(city.get(page("reports-cohort", cohort.code)))

    assert "Salainen" not in words
    assert "&lt;5/8" in words
    assert "Completed &lt;5 –" in words
    assert "Learners and modules" not in words
    assert "Not shown: a reason was given by fewer than five people" in words


def test_program_says_what_is_hidden(city, cohort):
    words = words_of(city.get(page("reports-program")))

    assert "Salainen" not in words
    assert "Counts of one to four people are shown as &lt;5, so that nobody can be told." in words


@pytest.mark.parametrize("format", FORMATS)
def test_files_hold_no_more_than_the_page(city, cohort, format):
    cohort_file = city.get(page("reports-cohort", cohort.code), {"format": format}).content.decode()
    program_file = city.get(page("reports-program"), {"format": format}).content.decode()

    for content in (cohort_file, program_file):
        assert "Salainen" not in content
        assert "<5" in content
        assert "health" not in content.lower()


def test_program_as_json_writes_hidden_counts(city, cohort):
    found = json.loads(city.get(page("reports-program"), {"format": "json"}).content)

    assert found["cohorts"][0]["completed"] == "<5"
    assert found["total"]["completed"] == viewer_program_report().total.completed == 0


def test_links_lead_to_the_viewers_own_pages(city, cohort):
    content = city.get(page("reports-program")).content.decode()

    assert page("reports-cohort", cohort.code) in content
    assert "/coordinator/" not in content
