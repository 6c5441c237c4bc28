"""How many mentors there are and were, and how many the centre aims at."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from courses.catalogue.models import Centre
from courses.certifying.models import Certificate


class MentorCount(NamedTuple):
    """How many people were mentors at the end of a day; and since the count before how many had become one, and how many
    were none any more, because the certificate expired or was revoked."""

    day: date
    mentors: int
    came: int
    expired: int
    revoked: int


class _Span(NamedTuple):
    """From when until when a certificate held, both days counted in; `revoked_on` when that is what ended it."""

    person: int
    first: date
    last: date | None
    revoked_on: date | None


def mentors_by_month(today: date, months: int = 24) -> list[MentorCount]:
    """How many people were mentors at the end of each month, and today; from the first of them on."""
    spans = _spans()
    before, *days = [*_month_ends(today, months + 1), today]
    counts = []
    for day in days:
        counts.append(_count(spans, before, day))
        before = day
    first = next((place for place, counted in enumerate(counts) if counted.mentors), len(counts))
    return counts[first:]


def _spans() -> list[_Span]:
    rows = Certificate.objects.filter(course__makes_mentors=True).values_list(
        "person", "issued_on", "valid_until", "revoked_at__date", "replaced_at__date"
    )
    spans = []
    for person, first, valid_until, revoked_on, replaced_on in rows:
        ends = [day - timedelta(days=1) for day in (revoked_on, replaced_on) if day]
        last = min([*ends, *([valid_until] if valid_until else [])], default=None)
        spans.append(_Span(person, first, last, revoked_on if last != valid_until else None))
    return spans


def _count(spans: Sequence[_Span], before: date, day: date) -> MentorCount:
    were, are = _holders(spans, before), _holders(spans, day)
    gone = were - are
    revoked = {span.person for span in spans if span.revoked_on and before < span.revoked_on <= day} & gone
    return MentorCount(day, len(are), len(are - were), len(gone - revoked), len(revoked))


def _holders(spans: Sequence[_Span], day: date) -> set[int]:
    return {span.person for span in spans if span.first <= day and (span.last is None or span.last >= day)}


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
