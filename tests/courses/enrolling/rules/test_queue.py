import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.enrolling.rules.queue import renumbered, with_moved


@pytest.mark.parametrize(
    ("moved", "place", "order"),
    [
        ([3], 1, [3, 1, 2, 4]),
        ([3], 2, [1, 3, 2, 4]),
        ([1], 4, [2, 3, 4, 1]),
        # Together, and in their own order whatever was said.
        ([4, 2], 1, [2, 4, 1, 3]),
        ([4, 2], 2, [1, 2, 4, 3]),
        # No place at all is the first, one beyond the end the last.
        ([2], 0, [2, 1, 3, 4]),
        ([2], 99, [1, 3, 4, 2]),
        ([], 1, [1, 2, 3, 4]),
    ],
)
def test_moved_stand_together_at_their_place(moved, place, order):
    assert with_moved([1, 2, 3, 4], moved, place) == order


def test_the_same_numbers_are_handed_round_and_only_those_that_change():
    numbers = {1: 5, 2: 7, 3: 8, 4: 11}

    assert renumbered([1, 3, 2, 4], numbers) == {3: 7, 2: 8}
    assert renumbered([1, 2, 3, 4], numbers) == {}


@given(count=st.integers(1, 12), chosen=st.sets(st.integers(0, 11), min_size=1, max_size=3), place=st.integers(1, 15))
def test_moving_keeps_everybody_and_the_order_of_the_others(count, chosen, place):
    order = list(range(count))
    moved = {pk for pk in chosen if pk < count}

    after = with_moved(order, moved, place)

    assert sorted(after) == order
    assert [pk for pk in after if pk not in moved] == [pk for pk in order if pk not in moved]
    numbers = {pk: 10 + 3 * pk for pk in order}
    numbers |= renumbered(after, numbers)
    assert sorted(order, key=lambda pk: numbers[pk]) == after
    assert sorted(numbers.values()) == [10 + 3 * pk for pk in order]
