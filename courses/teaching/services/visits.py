"""Visits: occasions of helping. Helped people are counted, never named."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.services.audit import record_change
from courses.enrolling.models import Enrollment
from courses.teaching.models import Visit


@dataclass(frozen=True)
class VisitTold:
    """What somebody tells of a visit."""

    visited_on: date
    minutes: int
    people_helped: int
    place: str
    supervised: bool


@transaction.atomic
def record_visit(
    *,
    enrollment: Enrollment,
    told: VisitTold,
    act: Act,
) -> Visit:
    """One visit as practice of a course. Raises RuleError for a day to come or figures that cannot be."""
    if told.visited_on > timezone.localdate(act.at):
        raise RuleError([_("A visit cannot be recorded before its day.")], code="future")
    visit = Visit(
        person=enrollment.person,
        enrollment=enrollment,
        visited_on=told.visited_on,
        minutes=told.minutes,
        people_helped=told.people_helped,
        place=told.place,
        supervised=told.supervised,
        how_asked=act.via,
        recorded_at=act.at,
        recorded_by=act.by,
    )
    try:
        visit.full_clean()
    except ValidationError as error:
        raise RuleError(error.messages, code="invalid") from error
    visit.save()
    record_change(
        by=act.by, action="visit.record", subject=enrollment.person, thing=visit, detail={"minutes": told.minutes}
    )
    return visit


@transaction.atomic
def revoke_visit(*, visit: Visit, act: Act) -> Visit:
    """Takes a visit back; it stays in the records as taken back."""
    visit.revoked_at, visit.revoked_by = act.at, act.by
    visit.save(update_fields=["revoked_at", "revoked_by"])
    record_change(by=act.by, action="visit.revoke", subject=visit.person, thing=visit)
    return visit
