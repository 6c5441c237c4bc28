import pytest

from accounts.models import District
from courses.scheduling.enums import CohortState
from tests.factories import CohortFactory, EnrollmentFactory, PersonFactory
from tests.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_an_empty_site_leads_to_its_first_group(sign_in, coordinator):
    content = sign_in(coordinator).get(page("today")).content.decode()

    assert "Set up the site" in content
    assert page("districts-list") in content
    assert "Nothing needs you now" not in content


def test_a_site_that_is_set_up_speaks_of_it_no_more(office):
    PersonFactory.create(roles=["trainer"])
    EnrollmentFactory.create(cohort=CohortFactory.create(state=CohortState.PUBLISHED))
    District.objects.create(name="Tapiola")

    content = office.get(page("today")).content.decode()

    assert "Set up the site" not in content
    assert "Nothing needs you now" in content
