from datetime import datetime

import pytest

from tests.factories import CertificateFactory, CohortFactory, PersonFactory, SessionFactory
from tests.moments import HELSINKI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "clock")]

QUERIES = 8
URL = "/en/coordinator/find/"


def found(office, text, **headers):
    return office.post(URL, {"q": text}, headers=headers).context["found"]


def test_people_groups_and_certificates_are_found_by_a_part(office):
    person = PersonFactory.create(first_name="Kevätär", last_name="Aalto")
    cohort = CohortFactory.create(name_en="Kevät 7", code="K-7")
    certificate = CertificateFactory.create(number="ESP-AIM-2027-0042")

    assert (found(office, "kevät").people, found(office, "kevät").cohorts) == ([person], [cohort])
    assert found(office, "2027-0042").certificates == [certificate]
    # Letters alone are in every number.
    assert found(office, "aim").certificates == []


@pytest.mark.parametrize("text", ["16.3.2027", "16.3.", "2027-03-16"])
def test_sessions_are_found_by_their_day(office, text):
    on_day = SessionFactory.create(starts_at=datetime(2027, 3, 16, 10, tzinfo=HELSINKI))
    SessionFactory.create(cohort=on_day.cohort, starts_at=datetime(2027, 3, 17, 10, tzinfo=HELSINKI))

    assert found(office, text).sessions == [on_day]


@pytest.mark.parametrize("text", ["", "  ", "9.9.9999", "1.1.0001", "x" * 300, "a\0b"])
def test_nothing_and_nonsense_find_nothing(office, text):
    PersonFactory.create()

    assert found(office, text).nothing
    assert office.get(URL).context["found"].nothing


def test_an_own_code_leads_to_the_person_but_not_while_it_is_typed(office):
    person = PersonFactory.create()

    assert office.post(URL, {"q": person.code}).url == f"/en/coordinator/people/{person.code}/"
    assert found(office, person.code, HX_Request="true").people == [person]


@pytest.mark.parametrize("size", [1, 30])
def test_the_search_asks_the_same_for_one_and_for_thirty(office, clicked, size, django_assert_num_queries):
    PersonFactory.create_batch(size, last_name="Aalto 7")
    CohortFactory.create_batch(size, name_en="Aalto 7")

    with django_assert_num_queries(QUERIES):
        shown = office.post(URL, {"q": "aalto 7"}).context["found"]

    assert (len(shown.people), len(shown.cohorts)) == (min(size, 5), min(size, 5))
