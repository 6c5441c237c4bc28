"""How many mentors there are and were, and how many the centre aims at."""

from datetime import date, timedelta
from typing import NamedTuple

from courses.catalogue.models import Centre
from courses.certifying.models import Certificate


class MentorCount(NamedTuple):
    day: date
    mentors: int


def mentors_by_month(today: date, months: int = 24) -> list[MentorCount]:
    """How many people had a certificate that makes a mentor at the end of each month, and today; from the first of them on."""
    rows = list(
        Certificate.objects.filter(course__makes_mentors=True).values_list(
            "person", "issued_on", "valid_until", "revoked_at__date"
        )
    )
    days = [*_month_ends(today, months), today]
    counts = [MentorCount(day, len({person for person, *dates in rows if _held_on(day, *dates)})) for day in days]
    first = next((place for place, counted in enumerate(counts) if counted.mentors), len(counts))
    return counts[first:]


def _held_on(day: date, issued_on: date, valid_until: date | None, revoked_on: date | None) -> bool:
    return issued_on <= day and (valid_until is None or valid_until >= day) and (revoked_on is None or revoked_on > day)


def _month_ends(today: date, months: int) -> list[date]:
    """The last day of each of the `months` months before this one, oldest first."""
    ends, day = [], today
    for _month in range(months):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]


def mentor_target() -> int:
    """How many mentors the centre aims at; 0 before it is written down."""
    return Centre.objects.values_list("mentor_target", flat=True).first() or 0
