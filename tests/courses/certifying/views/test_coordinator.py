import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from courses.certifying.models import Certificate
from courses.certifying.services import issue_certificates
from courses.enrolling.enums import EnrollmentState
from courses.teaching.models import Completion, Visit
from tests.acts import act
from tests.factories import CohortFactory, CompletionFactory, CourseFactory, EnrollmentFactory, PersonFactory
from tests.pages import page

pytestmark = pytest.mark.usefixtures("clock", "english")


@pytest.fixture
def course(db):
    return CourseFactory.create(code="AIM")


def completed(course, **person) -> Completion:
    enrollment = EnrollmentFactory.create(
        cohort=CohortFactory.create(course=course),
        person=PersonFactory.create(**person),
        state=EnrollmentState.COMPLETED,
    )
    return CompletionFactory.create(enrollment=enrollment)


def test_certificates_are_issued_to_those_chosen_and_can_be_printed_at_once(office, course):
    chosen, other = completed(course), completed(course)

    response = office.post(page("certificates-issue"), {"completion": [chosen.pk]}, follow=True)

    assert list(Certificate.objects.values_list("completion", "number")) == [(chosen.pk, "ESP-AIM-2027-0001")]
    assert f"{page('certificates-print')}?issued=2027-01-12" in response.content.decode()
    assert [row.pk for row in office.get(page("certificates-issue")).context["page_obj"]] == [other.pk]


def test_issuing_twice_gives_one_certificate(office, course):
    completion = completed(course)

    office.post(page("certificates-issue"), {"completion": [completion.pk]})
    office.post(page("certificates-issue"), {"completion": [completion.pk]})

    assert Certificate.objects.count() == 1


def test_list_is_filtered_by_status(office, course, coordinator, clock):
    [certificate] = issue_certificates(completions=[completed(course)], act=act(coordinator))

    by_status = {
        status: [
            row.number for row, _status in office.get(page("certificates-list"), {"status": status}).context["rows"]
        ]
        for status in ("valid", "expired", "revoked")
    }

    assert by_status == {"valid": [certificate.number], "expired": [], "revoked": []}


def test_print_puts_all_of_a_day_into_one_file(office, course, coordinator):
    issue_certificates(completions=[completed(course), completed(course)], act=act(coordinator))

    response = office.get(page("certificates-print"), {"issued": "2027-01-12"})
    nothing = office.get(page("certificates-print"), {"issued": "2027-01-11"})
    senseless = office.get(page("certificates-list"), {"issued": "2027-13-40"})

    assert len(PdfReader(io.BytesIO(response.content)).pages) == 2
    assert (nothing.status_code, senseless.status_code) == (302, 200)


def test_revoking_asks_for_a_reason_that_stays_with_the_staff(office, course, coordinator, client):
    [certificate] = issue_certificates(completions=[completed(course)], act=act(coordinator))

    refused = office.post(page("certificates-revoke", certificate.number), {"reason": ""})
    office.post(page("certificates-revoke", certificate.number), {"reason": "Issued to the wrong person"})

    certificate.refresh_from_db()
    public = client.get(reverse("public:certificates-show", args=[certificate.number])).content.decode()
    assert refused.status_code == 200
    assert certificate.revoked_by == coordinator
    assert ("wrong person" in public, "The certificate is not valid" in public) == (False, True)


@pytest.mark.parametrize("people", [1, 30])
@pytest.mark.parametrize("name", ["certificates-list", "mentoring-list"])
def test_lists_take_the_same_queries_for_any_number_of_rows(
    office, course, coordinator, name, people, django_assert_max_num_queries
):
    completions = [completed(course) for _ in range(people)]
    issue_certificates(completions=completions, act=act(coordinator))
    for completion in completions:
        Visit.objects.create(person=completion.enrollment.person, visited_on=timezone.localdate(), minutes=60)
    office.get(page(name))

    with django_assert_max_num_queries(8):
        response = office.get(page(name))

    assert len(response.context["page_obj"]) == people


def test_mentors_are_told_from_those_who_were_mentors(office, course, coordinator):
    completions = [completed(course) for _ in range(3)]
    gone = issue_certificates(completions=completions, act=act(coordinator))[0]
    gone.issued_on = gone.valid_until = timezone.localdate() - timedelta(days=1)
    gone.save()

    content = " ".join(office.get(page("mentoring-list")).content.decode().split())

    assert "2 mentors with a valid certificate, of whom 0 active." in content
    assert "The list has also 1 person whose certificate is not valid any more." in content


def test_mentors_show_certificate_and_last_visit(office, course, coordinator):
    completion = completed(course)
    issue_certificates(completions=[completion], act=act(coordinator))
    Visit.objects.create(person=completion.enrollment.person, visited_on=timezone.localdate(), minutes=60)

    [mentor] = office.get(page("mentoring-list")).context["page_obj"]

    assert (mentor.certificate_number, mentor.last_visit_on, mentor.visits) == (
        "ESP-AIM-2027-0001",
        timezone.localdate(),
        1,
    )
