"""What was chosen on the page of a roster for its duplicates."""

from typing import TypedDict

from django.http import QueryDict

from accounts.ids import read_id


class Choices(TypedDict):
    """By row number what was chosen, and what stood there before: for choose_for_duplicates."""

    choices: dict[int, str]
    shown: dict[int, str]


def choices_in(posted: QueryDict) -> Choices:
    """From the fields `choice-12` and `shown-12`."""
    return {"choices": _by_row(posted, "choice-"), "shown": _by_row(posted, "shown-")}


def _by_row(posted: QueryDict, prefix: str) -> dict[int, str]:
    return {
        number: str(posted[name])
        for name in posted
        if name.startswith(prefix) and (number := read_id(name.removeprefix(prefix))) is not None
    }
