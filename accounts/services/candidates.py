"""Keeps the list of records that may be one person (docs/adr/0012-search-words.md): compares who is new or changed."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from accounts.models import Person, SuspectedPair, UncomparedPerson
from accounts.rules.likeness import alike, candidate_rank, may_be_one
from accounts.selectors import Known, Sketch, known_like

BATCH = 200
# Of a name that half the city bears the likeliest are enough: more pairs than anybody looks through help nobody.
MOST_EACH = 10

# In the order of Sketch.
_COMPARED = ("first_name", "last_name", "birth_year", "phone", "email")


def compare_people(*, most: int) -> int:
    """Compares up to `most` new or changed people with everybody, and says how many were. Safe at any moment, twice too.

    The comparing holds no lock; who was changed meanwhile stays to be compared.
    """
    compared = 0
    while compared < most:
        waiting = UncomparedPerson.objects.order_by("person").values_list("person", flat=True)
        batch = _as_they_are(list(waiting[: min(BATCH, most - compared)]))
        if not batch:
            break
        found = known_like([Sketch(*told) for told in batch.values()])
        rows = [
            pair
            for (pk, told), known in zip(batch.items(), found, strict=True)
            for pair in _candidates_of(pk, Sketch(*told), known)
        ]
        _keep(batch, rows)
        compared += len(batch)
    return compared


def _as_they_are(pks: Sequence[int]) -> dict[int, tuple]:
    return {pk: tuple(told) for pk, *told in Person.objects.filter(pk__in=pks).values_list("pk", *_COMPARED)}


def _candidates_of(pk: int, row: Sketch, found: Sequence[tuple[Known, tuple]]) -> list[SuspectedPair]:
    pairs = []
    for known, why in found:
        if known.pk == pk:
            continue
        names_alike = any(alike(key, known.name_key) for key in row.name_keys)
        differ = bool(row.phone and known.phone) or bool(row.email and known.email)
        if may_be_one(why, names_alike=names_alike, contacts_differ=differ):
            first, second = sorted((pk, known.pk))
            pairs.append(SuspectedPair(first_id=first, second_id=second, rank=candidate_rank(why), signs=" ".join(why)))
    return sorted(pairs, key=lambda pair: pair.rank)[:MOST_EACH]


@transaction.atomic
def _keep(batch: dict[int, tuple], pairs: Sequence[SuspectedPair]) -> None:
    """Replaces the pairs of those of the batch who are still as they were compared."""
    list(UncomparedPerson.objects.select_for_update().filter(person__in=batch).order_by("person"))
    now = _as_they_are(list(batch))
    same = {pk for pk, told in batch.items() if now.get(pk) == told}
    SuspectedPair.objects.filter(Q(first__in=same) | Q(second__in=same)).delete()
    there = set(
        Person.objects.filter(pk__in={pk for pair in pairs for pk in (pair.first_id, pair.second_id)}).values_list(
            "pk", flat=True
        )
    )
    SuspectedPair.objects.bulk_create(
        [pair for pair in pairs if {pair.first_id, pair.second_id} <= there],
        ignore_conflicts=True,
    )
    UncomparedPerson.objects.filter(person__in=same).delete()
