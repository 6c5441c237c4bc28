import pytest

from accounts.models import AuditEntry
from courses.catalogue.models import Centre
from courses.catalogue.services.centre import centre_fingerprint

pytestmark = pytest.mark.django_db

PAGE = "/en/administrator/"
FILLED = {
    "name": "Omnian tyylinen keskus",
    "phone": "09 123 4567",
    "hours_fi": "ma–to 12.30–15.30",
    "hours_sv": "må–to 12.30–15.30",
    "hours_en": "Mon–Thu 12:30–15:30",
    "certificate_prefix": "ESP",
    "mentor_target": "100",
}


@pytest.fixture
def office(sign_in, administrator):
    return sign_in(administrator)


def test_the_centre_is_written_down_the_first_time(office, administrator):
    seen = office.get(PAGE).context["seen"]

    response = office.post(PAGE, {**FILLED, "seen": seen}, follow=True)

    assert Centre.objects.get().phone == "+35891234567"
    entry = AuditEntry.objects.get(action="centre.update")
    assert entry.by == administrator
    assert entry.detail["fields"] == ["hours_en", "hours_fi", "hours_sv", "name", "phone"]
    assert "09 123 4567" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_every_page_shows_a_change_at_once(office, centre):
    office.get(PAGE)

    office.post(PAGE, {**FILLED, "phone": "09 765 4321", "seen": centre_fingerprint(centre)})

    assert "09 765 4321" in office.get("/en/privacy/").content.decode()


@pytest.mark.parametrize("missing", ["hours_fi", "hours_sv", "hours_en", "phone", "name"])
def test_what_every_page_needs_is_asked_for(office, centre, missing):
    response = office.post(PAGE, {**FILLED, missing: "", "seen": centre_fingerprint(centre)})

    assert list(response.context["form"].errors) == [missing]


def test_a_stale_form_is_refused(office, centre):
    seen = centre_fingerprint(centre)
    Centre.objects.update(name="Toinen")

    response = office.post(PAGE, {**FILLED, "seen": seen})

    assert list(response.context["form"].errors) == ["__all__"]
    assert Centre.objects.get().name == "Toinen"


@pytest.mark.parametrize(
    "field", ["name", "hours_fi", "hours_sv", "hours_en", "street", "city", "signatory_name", "email"]
)
def test_identity_codes_are_refused(office, centre, field):
    response = office.post(PAGE, {**FILLED, field: "x 010148-123A", "seen": centre_fingerprint(centre)})

    assert list(response.context["form"].errors) == [field]


def test_the_first_page_leads_a_new_site_to_its_first_group(office):
    content = office.get(PAGE).content.decode()

    assert "Set up the site" in content
    assert "/en/administrator/staff/new/" in content
