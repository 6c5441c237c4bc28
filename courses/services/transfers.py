"""Those who came together go to another group together, or nobody does."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import HowAsked
from accounts.models import Person
from courses.models import Cohort, Enrollment
from courses.services.enrollments import transfer_enrollment
from courses.services.parties import make_party
from courses.services.queue import split_party
from courses.services.seats import lock_cohorts


@transaction.atomic
def transfer_together(
    *,
    enrollments: Sequence[Enrollment],
    to_cohort: Cohort,
    by: Person,
    how_asked: HowAsked,
    note: str = "",
    at: datetime | None = None,
) -> list[Enrollment]:
    """Transfers all of a party, who stay one in the other group; one alone is transferred as such.

    Raises what transfer_enrollment raises, and then nobody was moved.
    """
    at = at or timezone.now()
    cohorts = lock_cohorts({to_cohort.pk, *(one.cohort_id for one in enrollments)})
    party = enrollments[0].party
    if party and len(enrollments) > 1:
        split_party(party=party, by=by, how_asked=how_asked, at=at)
    moved = [
        transfer_enrollment(enrollment=one, to_cohort=to_cohort, by=by, how_asked=how_asked, note=note, at=at)
        for one in enrollments
    ]
    if len(moved) > 1:
        make_party(enrollments=moved, cohort=cohorts[to_cohort.pk], by=by, how_asked=how_asked, at=at)
    return moved
