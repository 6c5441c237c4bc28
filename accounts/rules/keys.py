"""The derived columns of a person."""

from accounts.rules.likeness import alike_keys
from accounts.rules.names import fold, sort_key


def person_keys(*, first_name: str, last_name: str, birth_year: int | None) -> dict[str, str]:
    """`name_key`, `sort_key` and the three `alike_…`. Every writer of people sets them."""
    first, last = fold(first_name), fold(last_name)
    head, middle, tail = alike_keys(last, first, birth_year)
    return {
        "name_key": f"{last} {first}".strip()[:200],
        "sort_key": sort_key(last_name, first_name),
        "alike_head": head,
        "alike_middle": middle,
        "alike_tail": tail,
    }
