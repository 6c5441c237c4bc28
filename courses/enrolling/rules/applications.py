from datetime import date


def applications(
    *,
    opens_on: date | None,
    closes_on: date | None,
    starts_on: date,
    free_seats: int,
    waiting: int,
    today: date,
    longest_queue: int | None = None,
) -> str:
    """What someone who would like to come is told: `later`, `over`, `full` (the queue is open), `queue_full` or `open`.

    Free seats belong to those who wait already. Without a last day for applications the first day of the group is it.
    """
    if opens_on and today < opens_on:
        return "later"
    if today > (closes_on or starts_on):
        return "over"
    if free_seats > 0 and not waiting:
        return "open"
    return "queue_full" if longest_queue is not None and waiting >= longest_queue else "full"
