import pytest

from courses.scheduling.models import Venue
from tests.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_venue_is_added_and_changed(office):
    office.post(page("venues-create"), {"name_fi": "Sellon kirjasto", "city": "Espoo"})
    venue = Venue.objects.get()
    office.post(
        page("venues-edit", venue.pk),
        {"name_fi": "Sellon kirjasto", "name_sv": "Sello bibliotek", "directions_fi": "Toinen kerros."},
    )

    venue.refresh_from_db()
    assert (venue.name, venue.city, venue.directions_fi) == ("Sellon kirjasto", "", "Toinen kerros.")
