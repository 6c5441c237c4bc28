from typing import Any

from django.db import transaction

from accounts.acts import Act
from accounts.services.audit import record_change
from courses.scheduling.models import Venue


@transaction.atomic
def create_venue(*, act: Act, **fields: Any) -> Venue:
    """`fields` as of Venue; raises ValidationError, for example when the name is taken."""
    venue = Venue(**fields)
    venue.full_clean()
    venue.save()
    record_change(by=act.by, action="venue.create", thing=venue, detail={"name": venue.name_fi})
    return venue


@transaction.atomic
def update_venue(*, venue: Venue, act: Act, **fields: Any) -> Venue:
    """Changes the place itself, such as its directions; sessions stay where they are."""
    locked = Venue.objects.select_for_update(no_key=True, of=("self",)).get(pk=venue.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    record_change(by=act.by, action="venue.update", thing=locked, detail={"fields": sorted(fields)})
    return locked
