"""The order of a waiting list: numbers are only ever handed round among those who wait, so that no place is made up."""

from collections.abc import Collection, Mapping, Sequence


def with_moved(order: Sequence[int], moved: Collection[int], place: int) -> list[int]:
    """`order` with `moved` together at `place` (1 = next), in their own order; a place beyond the end is the end."""
    rest = [pk for pk in order if pk not in moved]
    together = [pk for pk in order if pk in moved]
    start = max(0, place - 1)
    return rest[:start] + together + rest[start:]


def renumbered(order: Sequence[int], numbers: Mapping[int, int]) -> dict[int, int]:
    """The queue numbers that give `order`: the same numbers, handed round. Only those that change."""
    sorted_numbers = sorted(numbers[pk] for pk in order)
    return {pk: number for pk, number in zip(order, sorted_numbers, strict=True) if numbers[pk] != number}
