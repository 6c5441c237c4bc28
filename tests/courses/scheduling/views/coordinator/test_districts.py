import pytest
from django.utils import translation

from accounts.models import AuditEntry, District
from tests.factories import PersonFactory, VenueFactory
from tests.pages import page, queries_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "clicked")]


def test_an_empty_list_offers_the_seven_of_espoo(office):
    assert "There are no districts yet" in office.get(page("districts-list")).content.decode()

    response = office.post(page("districts-espoo"), follow=True)

    assert said(response) == ["7 districts are added."]
    assert District.objects.get(name="Suur-Leppävaara").name_sv == "Stor-Alberga"
    assert "Add the districts of Espoo" not in response.content.decode()


def test_those_of_espoo_that_are_there_stay_as_they_are(office):
    District.objects.create(name="Suur-Tapiola", name_sv="Hagalund")

    assert said(office.post(page("districts-espoo"), follow=True)) == ["6 districts are added."]
    assert said(office.post(page("districts-espoo"), follow=True)) == ["0 districts are added."]
    assert District.objects.get(name="Suur-Tapiola").name_sv == "Hagalund"


def test_a_district_is_added_and_gets_another_name(office, coordinator):
    office.post(page("districts-create"), {"name": " Olari ", "name_sv": "Olars", "name_en": ""})
    district = District.objects.get(name="Olari")

    office.post(page("districts-edit", district.pk), {"name": "Etelä-Olari", "name_sv": "Södra Olars", "name_en": ""})

    district.refresh_from_db()
    assert (district.name, district.name_sv) == ("Etelä-Olari", "Södra Olars")
    actions = AuditEntry.objects.filter(by=coordinator, action__startswith="district.").values_list("action", flat=True)
    assert sorted(actions) == ["district.create", "district.update"]


def test_two_districts_do_not_share_a_name(office):
    District.objects.create(name="Olari")

    response = office.post(page("districts-create"), {"name": "Olari"})

    assert response.context["form"].errors["name"] == ["There is a district with this name already."]


def test_an_unused_district_is_taken_away_after_a_question(office):
    district = District.objects.create(name="Olari")
    assert "Take the district Olari away?" in office.get(page("districts-remove", district.pk)).content.decode()
    assert District.objects.exists()

    office.post(page("districts-remove", district.pk))

    assert not District.objects.exists()


@pytest.mark.parametrize("used_by", [PersonFactory, VenueFactory])
def test_a_district_in_use_stays_and_the_page_says_why(office, used_by):
    district = District.objects.create(name="Olari")
    used_by.create(district=district)

    assert "stays while in use" in office.get(page("districts-list")).content.decode()
    response = office.post(page("districts-remove", district.pk), follow=True)

    assert said(response) == ["People or venues are in this district, so it stays. You can change its name."]
    assert District.objects.exists()


def test_the_list_asks_the_same_for_one_and_for_thirty(office):
    District.objects.create(name="D0")
    for_one = queries_of(office, page("districts-list"))
    for number in range(1, 30):
        PersonFactory.create(district=District.objects.create(name=f"D{number}"))

    assert len(queries_of(office, page("districts-list"))) == len(for_one)


def test_pages_name_a_district_in_the_readers_language():
    district = District(name="Tapiola", name_sv="Hagalund")

    with translation.override("sv"):
        assert str(district) == "Hagalund"
    with translation.override("en"):
        assert str(district) == "Tapiola"
