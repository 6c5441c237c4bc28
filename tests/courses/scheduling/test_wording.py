"""A venue as people read it: in a calendar, in a list, on the way there, on the phone."""

import pytest

from courses.scheduling.models import Venue
from courses.scheduling.wording import venue_address, venue_and_street, venue_line, venue_street_and_town

LIBRARY = Venue(name_fi="Library A", street="Kirjastokatu 1", postal_code="02100", city="Espoo")
HALL = Venue(name_fi="Hall B", city="Espoo")
SOMEWHERE = Venue(name_fi="Hut C")


@pytest.mark.parametrize(
    ("venue", "line", "address", "street_and_town", "and_street"),
    [
        (
            LIBRARY,
            "Library A, Kirjastokatu 1, 02100 Espoo",
            "Kirjastokatu 1, 02100 Espoo",
            "Kirjastokatu 1, Espoo",
            "Library A, Kirjastokatu 1",
        ),
        (HALL, "Hall B, Espoo", "Espoo", "Espoo", "Hall B"),
        (SOMEWHERE, "Hut C", "", "", "Hut C"),
    ],
)
def test_a_venue_says_as_much_of_its_address_as_is_known(venue, line, address, street_and_town, and_street):
    assert venue_line(venue) == line
    assert venue_address(venue) == address
    assert venue_street_and_town(venue) == street_and_town
    assert venue_and_street(venue) == and_street
