import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from courses.certifying.models import Mentor
from courses.enrolling.enums import EnrollmentState
from tests.factories import CertificateFactory, CohortFactory, CourseFactory, EnrollmentFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("english")

PEOPLE = "/en/coordinator/people/file/"
HEAD = "Own code;Last name;First name;Born;Language;Reached by;Phone;E-mail;Address"


def lines_of(response) -> list[str]:
    assert response.content.startswith(b"\xef\xbb\xbf")
    return response.content.decode("utf-8-sig").splitlines()


def codes_in(response) -> list[str]:
    return [line.split(";")[0] for line in lines_of(response)[1:]]


def test_the_list_holds_what_reaches_somebody_and_a_formula_comes_out_as_text(office):
    person = PersonFactory.create(
        first_name="=1+1",
        last_name="Aalto",
        phone="+358401234567",
        email="aino@example.org",
        street="Katu 1",
        postal_code="02100",
        city="Espoo",
    )

    response = office.post(PEOPLE, {"person": person.code, "format": "csv"})

    assert lines_of(response) == [
        HEAD,
        f"{person.code};Aalto;'=1+1;1949;Finnish;E-mail;+358401234567;aino@example.org;Katu 1, 02100 Espoo",
    ]
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'


def test_of_somebody_under_a_safety_ban_it_holds_the_own_code_alone(office):
    person = PersonFactory.create(protected=True, phone="+358401234567", email="aino@example.org")

    assert lines_of(office.post(PEOPLE, {"person": person.code}))[1] == f"{person.code};;;;Finnish;E-mail;;;"


def test_a_workbook_holds_the_same(office):
    person = PersonFactory.create(first_name="=1+1")

    response = office.post(PEOPLE, {"person": person.code, "format": "xlsx"})

    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = sheet + (
            book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist() else ""
        )
    assert person.code in texts and "=1+1" in texts
    assert "<f>" not in sheet


def test_when_none_is_ticked_it_holds_those_whom_the_search_finds(office, coordinator):
    swede, finn = PersonFactory.create(language="sv"), PersonFactory.create(language="fi")

    assert codes_in(office.post(PEOPLE, {"language": "sv"})) == [swede.code]
    assert codes_in(office.post(PEOPLE, {"language": "sv", "person": finn.code})) == [finn.code]
    assert codes_in(office.post(PEOPLE, {"show": "staff"})) == [coordinator.code]
    assert coordinator.code not in codes_in(office.post(PEOPLE, {"show": "seniors"}))


def test_that_a_list_went_out_is_written_down_without_a_name(office, coordinator):
    person = PersonFactory.create()
    office.post(PEOPLE, {"person": person.code, "format": "xlsx", "q": person.last_name})

    entry = AuditEntry.objects.get(action="people.list")
    assert (entry.by, entry.detail) == (coordinator, {"people": 1, "ticked": True, "format": "xlsx"})


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_of_a_group_holds_those_with_a_place(office, size, clicked, django_assert_num_queries):
    cohort = CohortFactory.create(capacity=40)
    EnrollmentFactory.create_batch(size, cohort=cohort)
    EnrollmentFactory.create(cohort=cohort, state=EnrollmentState.WITHDRAWN)
    url = reverse("coordinator:learners-file", args=[cohort.code])

    # Session, person, roles; the group, its people; the audit.
    with django_assert_num_queries(6):
        response = office.post(url, {"format": "csv"})

    assert len(lines_of(response)) == size + 1
    assert lines_of(response)[0] == HEAD + ";State"
    entry = AuditEntry.objects.get(action="people.list")
    assert (entry.object_type, entry.object_id, entry.detail["people"]) == ("cohort", cohort.pk, size)


def test_each_row_of_the_page_can_be_ticked_and_the_choices_go_along(office):
    person = PersonFactory.create(language="sv")

    page = office.post("/en/coordinator/people/", {"language": "sv"}).content.decode()

    assert f'value="{person.code}"' in page and 'form="people-chosen"' in page
    assert '<input type="hidden" name="language" value="sv">' in page


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_of_certificates_is_that_of_the_tab(office, clicked, size, django_assert_num_queries):
    course = CourseFactory.create(title_en="Foundation")
    CertificateFactory.create_batch(size, course=course)
    revoked = CertificateFactory.create(
        course=course, revoked_at=timezone.now(), revoked_reason="Error", person__protected=True
    )

    # Session, person, roles; the certificates; the audit.
    with django_assert_num_queries(5):
        every = lines_of(office.post("/en/coordinator/certificates/file/"))
    one = lines_of(office.post("/en/coordinator/certificates/file/", {"status": "revoked"}))

    assert len(every) == size + 2
    day = revoked.issued_on.isoformat()
    assert one == [
        "Number;Name;Course;Issued;Valid until;State",
        f"{revoked.number};{revoked.person.code};Foundation;{day};;Revoked",
    ]
    details = AuditEntry.objects.filter(action="certificates.list").order_by("pk").values_list("detail", flat=True)
    assert [detail["certificates"] for detail in details] == [size + 1, 1]


def test_mentors_among_the_people_are_those_with_a_valid_certificate(office, clicked):
    today = timezone.localdate()
    holds = CertificateFactory.create().person
    expired = CertificateFactory.create(
        issued_on=today - timedelta(days=9), valid_until=today - timedelta(days=1)
    ).person
    Mentor.objects.bulk_create(Mentor(person=person) for person in (holds, expired))

    assert codes_in(office.post(PEOPLE, {"show": "mentors"})) == [holds.code]


@pytest.mark.parametrize("size", [1, 30])
def test_the_list_of_mentors_holds_certificate_and_visits(office, clicked, size, django_assert_num_queries):
    certificates = CertificateFactory.create_batch(size)
    Mentor.objects.bulk_create(Mentor(person=certificate.person) for certificate in certificates)

    with django_assert_num_queries(5):
        lines = lines_of(office.post("/en/coordinator/mentors/file/"))

    assert lines[0] == HEAD + ";Certificate;Valid until;Last visit;Visits in 90 days;State"
    assert len(lines) == size + 1
    assert f";{certificates[0].number};;;0;Certified" in "\n".join(lines)
    assert AuditEntry.objects.get(action="mentors.list").detail == {"people": size, "format": "csv"}
