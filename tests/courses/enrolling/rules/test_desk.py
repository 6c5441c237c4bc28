from datetime import date, timedelta

import pytest

from courses.enrolling.rules.desk import Asked, Offered, fit, group_keys

TODAY = date(2027, 1, 12)


def group(**fields):
    days = fields.pop("days", 10)
    return Offered(**{"language": "fi", "starts_on": TODAY + timedelta(days=days), "has_seat": True, **fields})


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        # The language counts most, even of a full group that has begun.
        (group(language="sv", days=-5, has_seat=False), group(days=1, district=1)),
        (group(language="sv", days=30, has_seat=False), group(language="sv", days=-1, district=1)),
        (group(language="sv", days=30), group(language="sv", days=1, has_seat=False, district=1)),
        (group(language="sv", days=30, district=1), group(language="sv", days=1)),
        (group(language="sv", days=1), group(language="sv", days=2)),
        (group(language="sv", days=-1), group(language="sv", days=-2)),
        # The first day itself is no day too late.
        (group(language="sv", days=0), group(language="sv", days=1)),
    ],
)
def test_the_group_that_fits_better_comes_first(better, worse):
    asked = Asked(languages=["sv"], districts=[1])

    assert fit(better, asked, TODAY) < fit(worse, asked, TODAY)


def test_of_two_who_ask_together_each_language_counts_the_same():
    asked = Asked(languages=["sv", "fi"])

    assert (
        fit(group(), asked, TODAY) == fit(group(language="sv"), asked, TODAY) < fit(group(language="en"), asked, TODAY)
    )


def test_while_nobody_is_known_the_soonest_comes_first():
    assert fit(group(language="sv", days=1), Asked(), TODAY) < fit(group(days=2, district=1), Asked(), TODAY)


@pytest.mark.parametrize(
    ("names", "others", "keys"),
    [
        (["Spring B", "Spring C"], [], ["b", "c"]),
        (["Spring B", "Autumn B"], [], ["b", "a"]),
        # The letters of the page itself are no group's.
        (["Spring F", "Spring A"], [], ["b", "a"]),
        (["", "12/2027", "Ryhmä Ö"], [], ["a", "b", "c"]),
        # The letter of a group that stands further right, or in the list below, is not given away.
        (["Syksy", "Kesä", "Kevät D", "Kevät A"], [], ["b", "c", "d", "a"]),
        (["Syksy", "Kesä"], ["Kevät A", "Kevät C"], ["b", "d"]),
    ],
)
def test_each_group_has_a_letter_of_its_own(names, others, keys):
    assert group_keys(names, others) == keys


def test_when_each_letter_is_some_groups_own_there_is_still_a_key_for_each():
    others = [f"Kevät {letter}" for letter in "ABCDEIMOQRSTUVX"]

    assert group_keys(["Kesä", "Kevät A"], others) == ["b", "a"]
