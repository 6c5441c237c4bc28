from datetime import date, timedelta

import pytest

from courses.enrolling.rules.applications import Room, applications

DAY = date(2027, 1, 12)


@pytest.mark.parametrize(
    ("opens", "closes", "free", "waiting", "told"),
    [
        (None, None, 3, 0, "open"),
        (DAY, DAY, 3, 0, "open"),
        (DAY + timedelta(days=1), None, 3, 0, "later"),
        (None, DAY - timedelta(days=1), 3, 0, "over"),
        (None, None, 0, 4, "full"),
        # A seat that is free belongs to those who wait.
        (None, None, 1, 4, "full"),
    ],
)
def test_what_an_applicant_is_told(opens, closes, free, waiting, told):
    answer = applications(opens_on=opens, closes_on=closes, starts_on=DAY, room=Room(free, waiting), today=DAY)

    assert answer == told


@pytest.mark.parametrize(("closes", "told"), [(None, "over"), (DAY, "open")])
def test_who_comes_late_applies_only_where_the_group_says_so(closes, told):
    yesterday = DAY - timedelta(days=1)

    answer = applications(opens_on=None, closes_on=closes, starts_on=yesterday, room=Room(3, 0), today=DAY)

    assert answer == told


@pytest.mark.parametrize(
    ("free", "waiting", "told"), [(1, 0, "open"), (0, 1, "full"), (0, 2, "queue_full"), (1, 2, "queue_full")]
)
def test_a_queue_has_an_end_where_the_group_says_so(free, waiting, told):
    answer = applications(
        opens_on=None, closes_on=None, starts_on=DAY, room=Room(free, waiting, longest_queue=2), today=DAY
    )

    assert answer == told
