"""What the search beside the menu finds, while somebody types: a few of each kind. Four queries at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import Person
from accounts.selectors import search_people
from courses.certifying.models import Certificate
from courses.certifying.rules import typed_number
from courses.certifying.selectors import certificates_with_people
from courses.dates.calendar import day_bounds
from courses.overview.selectors.cohorts import cohorts_list
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session

SHOWN = 5


@dataclass(frozen=True)
class Found:
    people: Sequence[Person] = ()
    cohorts: Sequence[Cohort] = ()
    sessions: Sequence[Session] = ()
    certificates: Sequence[Certificate] = ()

    @property
    def nothing(self) -> bool:
        return not (self.people or self.cohorts or self.sessions or self.certificates)


def find(text: str, *, day: date | None) -> Found:
    """People and groups by name or code, sessions of the `day` that was typed, certificates by a part of
    their number. Nothing of nothing."""
    if not text.strip():
        return Found()
    if day:
        return Found(sessions=list(_sessions(day)[:SHOWN]))
    number = typed_number(text) if any(letter.isdigit() for letter in text) else ""
    return Found(
        people=list(search_people(text)[:SHOWN]),
        cohorts=list(cohorts_list(text=text)[:SHOWN]),
        certificates=list(certificates_with_people().filter(number__icontains=number)[:SHOWN]) if number else [],
    )


def _sessions(day: date) -> QuerySet[Session]:
    start, end = day_bounds(day)
    return (
        Session.objects.filter(starts_at__gte=start, starts_at__lt=end)
        .exclude(state=SessionState.CANCELLED)
        .select_related("cohort")
        .order_by("starts_at", "pk")
    )
