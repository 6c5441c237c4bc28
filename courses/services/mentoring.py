"""Visits: occasions of helping. Helped people are counted, never named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import HowAsked
from accounts.models import Person
from accounts.services.audit import audit_entry, record_changes
from courses.exceptions import RuleError
from courses.models import Cohort, Enrollment, Visit
from courses.selectors.attendance import REGISTER_STATES

UNDO_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class VisitGiven:
    """What one learner did on one occasion of practice."""

    enrollment_id: int
    minutes: int
    people_helped: int
    supervised: bool


@transaction.atomic
def record_visits(
    *,
    cohort: Cohort,
    visits: Sequence[VisitGiven],
    visited_on: date,
    place: str,
    by: Person | None,
    how_asked: HowAsked = HowAsked.DESK,
    at: datetime | None = None,
) -> list[Visit]:
    """Records one occasion of practice for several learners of a group, or for none when one is wrong (RuleError)."""
    at = at or timezone.now()
    if visited_on > timezone.localdate(at):
        raise RuleError([_("That day is still to come.")], code="to_come")
    found = cohort.enrollments.filter(state__in=REGISTER_STATES, pk__in=[visit.enrollment_id for visit in visits])
    enrollments: dict[int, Enrollment] = {one.pk: one for one in found.select_related("person")}
    if any(visit.enrollment_id not in enrollments for visit in visits):
        raise RuleError([_("Somebody on this list is no longer in the group. Open the page again.")], code="gone")
    made = [
        Visit(
            person=enrollments[visit.enrollment_id].person,
            enrollment=enrollments[visit.enrollment_id],
            visited_on=visited_on,
            minutes=visit.minutes,
            people_helped=visit.people_helped,
            place=place,
            supervised=visit.supervised,
            how_asked=how_asked,
            recorded_at=at,
            recorded_by=by,
        )
        for visit in visits
    ]
    _check(made)
    Visit.objects.bulk_create(made, batch_size=200)
    _audit(made, "visit.record", by)
    return made


@transaction.atomic
def undo_visits(*, cohort: Cohort, saved_at: datetime, by: Person | None, at: datetime | None = None) -> int:
    """Takes back the visits of a group that were recorded at `saved_at`, within 24 hours. Returns how many."""
    at = at or timezone.now()
    if at - saved_at > UNDO_FOR:
        raise RuleError([_("More than 24 hours have gone by. Correct it by hand.")], code="too_late")
    visits = list(
        Visit.objects.filter(enrollment__cohort=cohort, recorded_at=saved_at, revoked_at__isnull=True).select_related(
            "person"
        )
    )
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(revoked_at=at, revoked_by=by)
    _audit(visits, "visit.undo", by)
    return len(visits)


def _check(visits: Sequence[Visit]) -> None:
    reasons = []
    for visit in visits:
        try:
            visit.full_clean(exclude=["person", "enrollment", "recorded_by", "revoked_by"])
        except ValidationError as error:
            reasons += [
                _("%(name)s: %(sentence)s") % {"name": visit.person.list_name, "sentence": sentence}
                for sentence in error.messages
            ]
    if reasons:
        raise RuleError(dict.fromkeys(reasons), code="visit_refused")


def _audit(visits: Sequence[Visit], action: str, by: Person | None) -> None:
    record_changes(
        audit_entry(
            by=by,
            action=action,
            subject=visit.person,
            thing=visit,
            detail={"enrollment": visit.enrollment_id, "minutes": visit.minutes},
        )
        for visit in visits
    )
