"""How long a seat is held for somebody, and who is asked when seats are free.

Sources: "Enrollment" of the product's rules: 72 h, 48 h when the start is under 7 days away, a call when under 3; those who ask
for seats together hold the others up for one offer time at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from courses.dates.calendar import HELSINKI, at_wall_time, local_day
from courses.messaging.rules.quiet_hours import next_allowed

# Whole days on the clock of Helsinki: 72 hours on all but two days of the year, and the hour stays the one that was told.
OFFER_DAYS = 3
SHORT_OFFER_DAYS = 2
CALL_OFFER_DAYS = 1
SHORT_WHEN_UNDER = timedelta(days=7)
CALL_WHEN_UNDER = timedelta(days=3)
LARGEST_PARTY = 4


@dataclass(frozen=True)
class OfferTimes:
    """The seat is held until `expires_at`. `by_call`: the start is so near that only a call is quick enough."""

    expires_at: datetime
    by_call: bool


def offer_times(*, at: datetime, starts_at: datetime) -> OfferTimes:
    """How long a seat offered `at` is held. The time counts from the first moment in which a message may go out.

    Never beyond the first session; after it, one day.
    """
    opens = next_allowed(at)
    left = starts_at - at
    by_call = left < CALL_WHEN_UNDER
    days = CALL_OFFER_DAYS if by_call else SHORT_OFFER_DAYS if left < SHORT_WHEN_UNDER else OFFER_DAYS
    local = opens.astimezone(HELSINKI)
    expires_at = at_wall_time(local_day(opens) + timedelta(days=days), local.time().replace(second=0, microsecond=0))
    if at < starts_at < expires_at:
        expires_at = starts_at
    return OfferTimes(expires_at, by_call)


@dataclass(frozen=True)
class Waiting:
    """One enrollment in the queue. `held_over`: its party has held free seats back for a whole offer time already."""

    pk: int
    party: int | None = None
    held_over: bool = False


@dataclass(frozen=True)
class OfferPlan:
    """Who is asked, in the order of the queue. `holding`: the party for whom the seats that are left are held back.
    `left`: seats that nobody who waits can take now."""

    offered: list[int] = field(default_factory=list)
    holding: int | None = None
    left: int = 0


def plan_offers(waiting: Iterable[Waiting], *, free: int, capacity: int) -> OfferPlan:
    """Free seats to those who wait, in the order of the queue; a party gets all its seats or none.

    A party too large for the free seats holds them back, until it has `held_over`: then those behind it are asked. One
    that is larger than the whole cohort holds nothing back.
    """
    offered: list[int] = []
    for unit in units(waiting):
        if free <= 0:
            break
        if len(unit) <= free:
            offered += [member.pk for member in unit]
            free -= len(unit)
        elif len(unit) <= capacity and not unit[0].held_over:
            return OfferPlan(offered, holding=unit[0].party, left=0)
    return OfferPlan(offered, left=free)


def units(waiting: Iterable[Waiting]) -> list[Sequence[Waiting]]:
    """The queue as singles and parties, a party at the place of its first."""
    listed = list(waiting)
    first: dict[int, int] = {}
    for place, member in enumerate(listed):
        if member.party is not None:
            first.setdefault(member.party, place)
    placed = sorted(enumerate(listed), key=lambda item: first[item[1].party] if item[1].party is not None else item[0])
    return [
        [member for _place, member in group]
        for _key, group in groupby(
            placed, key=lambda item: ("party", item[1].party) if item[1].party is not None else ("single", item[0])
        )
    ]
