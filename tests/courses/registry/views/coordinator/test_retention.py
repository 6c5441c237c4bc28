from datetime import timedelta

import pytest
from django.utils import timezone

from courses.registry.services.retention import run_retention
from tests.conftest import NOW
from tests.factories import CertificateFactory, EnrollmentFactory, MessageFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = "/en/coordinator/retention/"


def old_applicant(number: int = 0):
    person = PersonFactory.create(last_name=f"Vanha{number:03}", created_at=NOW - timedelta(days=400))
    # Six months are over in five days.
    return EnrollmentFactory.create(person=person, state="declined", ended_at=NOW - timedelta(days=179))


def test_what_goes_in_a_week_is_shown_with_names_and_stays(client, sign_in, coordinator):
    old_applicant()
    MessageFactory.create(state="sent", body="Hei", due_at=NOW - timedelta(days=182))
    sign_in(coordinator)

    page = client.get(PAGE)

    assert {line.kind: line.amount for line in page.context["lines"]} == {
        **dict.fromkeys(("people", "messages"), 1),
        **dict.fromkeys(
            ("applications", "support_needs", "call_notes", "logged_calls", "certificates", "audit_entries"), 0
        ),
    }
    assert "Vanha000" in page.content.decode()
    assert run_retention(at=timezone.now()).people == 0
    assert run_retention(at=timezone.now() + timedelta(days=7)).people == 1


def test_each_kind_that_is_about_people_is_shown_by_name(client, sign_in, administrator):
    stays = old_applicant(1)
    EnrollmentFactory.create(person=stays.person)
    old = {"issued_on": NOW.date() - timedelta(days=9000), "valid_until": NOW.date() - timedelta(days=3700)}
    CertificateFactory.create(name="Aino Kauan", **old)
    sign_in(administrator)

    assert "Vanha001" in client.get(PAGE, {"show": "applications"}).content.decode()
    assert "Aino Kauan" in client.get(PAGE, {"show": "certificates"}).content.decode()
    assert "Nothing of this kind" in client.get(PAGE, {"show": "support_needs"}).content.decode()
    assert "Nothing of this kind" in client.get(PAGE, {"show": "nonsense"}).content.decode()


def test_the_page_takes_as_many_queries_for_thirty_as_for_one(
    client, sign_in, coordinator, django_assert_num_queries, django_assert_max_num_queries
):
    sign_in(coordinator)
    old_applicant(1)
    client.get(PAGE)
    with django_assert_max_num_queries(100) as one:
        client.get(PAGE)
    for number in range(60):
        old_applicant(number)

    with django_assert_num_queries(len(one)):
        page = client.get(PAGE)

    assert len(page.context["rows"]) == 50
    assert len(client.get(PAGE, {"page": 2}).context["rows"]) == 11
