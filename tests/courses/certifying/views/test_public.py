import pytest
from django.urls import reverse

from courses.certifying.services import issue_certificates
from courses.certifying.views.public import LOOKS, NAME_TRIES
from courses.enrolling.enums import EnrollmentState
from tests.acts import act
from tests.factories import CohortFactory, CompletionFactory, CourseFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("clock", "english")


@pytest.fixture
def certificate(centre, coordinator):
    enrollment = EnrollmentFactory.create(
        cohort=CohortFactory.create(course=CourseFactory.create(code="AIM")),
        person=PersonFactory.create(first_name="Aino-Maria", last_name="Mäkelä"),
        state=EnrollmentState.COMPLETED,
    )
    completion = CompletionFactory.create(enrollment=enrollment)
    [certificate] = issue_certificates(completions=[completion], act=act(coordinator))
    return certificate


def show(certificate) -> str:
    return reverse("public:certificates-show", args=[certificate.number])


@pytest.mark.parametrize("typed", ["number", "check_code"])
def test_number_or_square_code_leads_to_state_course_and_dates_without_a_name(client, certificate, typed):
    body = client.get(reverse("public:certificates-show", args=[getattr(certificate, typed)])).content.decode()

    assert "The certificate is valid" in body
    assert "12\N{NO-BREAK SPACE}January\N{NO-BREAK SPACE}2029" in body
    assert "Mäkelä" not in body


def test_typed_number_leads_to_its_page(client, certificate):
    response = client.post(reverse("public:certificates-check"), {"number": "esp aim 2027 0001"})

    assert (response.status_code, response["Location"]) == (302, show(certificate))


@pytest.mark.parametrize("name", ["Aino-Maria Mäkelä", "makela aino maria", "MÄKELÄ, Aino-Maria"])
def test_name_that_matches_is_shown(client, certificate, name):
    response = client.post(show(certificate), {"name": name})

    assert response.context["matches"] is True
    assert "This certificate belongs to Aino-Maria Mäkelä." in response.content.decode()


@pytest.mark.parametrize("name", ["Aino", "Mäkelä", "Aino-Maria Mäkinen", "%", "."])
def test_name_that_does_not_match_tells_nothing(client, certificate, name):
    response = client.post(show(certificate), {"name": name})

    assert response.context["matches"] is False
    assert "Aino-Maria Mäkelä" not in response.content.decode()


def test_number_and_name_are_checked_in_one_go_and_the_name_is_in_no_address(client, certificate):
    response = client.post(
        reverse("public:certificates-check"), {"number": certificate.number, "name": "Aino-Maria Mäkelä"}
    )

    assert (response.status_code, response.context["matches"]) == (200, True)


def test_unknown_number_is_said_so_and_kept(client, certificate):
    typed = client.post(reverse("public:certificates-check"), {"number": "ESP-AIM-2027-9999"})
    scanned = client.get(reverse("public:certificates-show", args=["ESP-AIM-2027-9999"]))

    assert (typed.status_code, typed.context["form"]["number"].value()) == (200, "ESP-AIM-2027-9999")
    assert (scanned.status_code, scanned.context["form"]["number"].value()) == (404, "ESP-AIM-2027-9999")


def test_names_are_not_guessed_for_long(client, certificate):
    for number in range(NAME_TRIES):
        client.post(show(certificate), {"name": f"Aino {number}"})

    response = client.post(show(certificate), {"name": "Aino-Maria Mäkelä"})

    assert response.context["matches"] is None


def test_numbers_are_not_walked_through_from_one_machine(client, certificate):
    statuses = [client.get(show(certificate)).status_code for _ in range(LOOKS + 1)]

    assert statuses == [200] * LOOKS + [429]
