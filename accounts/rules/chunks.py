from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Value = TypeVar("Value")


def chunks(values: Iterable[Value], size: int) -> Iterator[list[Value]]:
    """`values` in lists of `size`; the last may be shorter. They are asked for one list at a time."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
