import pytest

from accounts.models import Person
from accounts.wording.addresses import address_line, postal_address


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (("Kuja 1", "02100", "Espoo"), "Kuja 1, 02100 Espoo"),
        (("Kuja 1", "", "Espoo"), "Kuja 1, Espoo"),
        (("", "02100", ""), "02100"),
        (("Kuja 1", "", ""), "Kuja 1"),
        (("", "", ""), ""),
    ],
)
def test_an_address_is_one_line_of_what_is_known(parts, line):
    assert address_line(*parts) == line


def test_under_a_safety_ban_no_address_is_said():
    parts = {"street": "Kuja 1", "postal_code": "02100", "city": "Espoo"}

    said = [postal_address(Person(**parts, protected=protected)) for protected in (False, True)]

    assert said == ["Kuja 1, 02100 Espoo", ""]
