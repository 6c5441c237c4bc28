"""Records that may be one person, over the whole register. Written by accounts.services.candidates."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import DuplicateSign, PersonState
from accounts.models import Person, SuspectedPair, ToldApart


@dataclass(frozen=True)
class DuplicateCandidate:
    """`first` was put on record first. `place`: for duplicate_candidates(after=…), to go on behind this pair."""

    first: Person
    second: Person
    why: tuple[DuplicateSign, ...]
    place: tuple[int, int]


def duplicate_candidates(*, limit: int, after: tuple[int, int] | None = None) -> list[DuplicateCandidate]:
    """The likeliest first. Without pairs that somebody has told apart, and without erased people. One query.

    New and changed people are compared within a minute or so (accounts.services.candidates.compare_people).
    """
    pairs = _open_candidates().select_related("first", "second").order_by("rank", "id")
    if after:
        rank, pk = after
        pairs = pairs.filter(Q(rank=rank, pk__gt=pk) | Q(rank__gt=rank))
    return [
        DuplicateCandidate(
            pair.first, pair.second, tuple(DuplicateSign(sign) for sign in pair.signs.split()), (pair.rank, pair.pk)
        )
        for pair in pairs[:limit]
    ]


def count_duplicate_candidates(limit: int = 1000) -> int:
    """How many there are; `limit` stands for that many or more."""
    return _open_candidates().order_by()[:limit].count()


def _open_candidates() -> QuerySet[SuspectedPair]:
    told = ToldApart.objects.filter(first=OuterRef("first"), second=OuterRef("second"))
    erased = Q(first__state=PersonState.ANONYMIZED) | Q(second__state=PersonState.ANONYMIZED)
    return SuspectedPair.objects.exclude(erased).filter(~Exists(told))
