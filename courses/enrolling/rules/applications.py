from datetime import date
from typing import NamedTuple


class Room(NamedTuple):
    """Seats that are free, people who wait, and how many may wait at most (None: as many as like)."""

    free_seats: int
    waiting: int
    longest_queue: int | None = None


def applications(
    *,
    opens_on: date | None,
    closes_on: date | None,
    starts_on: date,
    room: Room,
    today: date,
) -> str:
    """What someone who would like to come is told: `later`, `over`, `full` (the queue is open), `queue_full` or `open`.

    Free seats belong to those who wait already. Without a last day for applications the first day of the group is it.
    """
    if opens_on and today < opens_on:
        return "later"
    if today > (closes_on or starts_on):
        return "over"
    if room.free_seats > 0 and not room.waiting:
        return "open"
    return "queue_full" if room.longest_queue is not None and room.waiting >= room.longest_queue else "full"
