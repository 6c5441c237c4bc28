from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.rules.fingerprints import fingerprint
from accounts.services.audit import record_change
from courses.catalogue.models import Centre
from courses.catalogue.selectors.centre import forget_centre, the_centre

FIELDS = tuple(field.name for field in Centre._meta.concrete_fields if field.name not in ("id", "is_demo"))


def centre_fingerprint(centre: Centre) -> str:
    """For a form: tells whether somebody has changed the centre since the form was opened."""
    return fingerprint({name: getattr(centre, name) for name in FIELDS})


@transaction.atomic
def update_centre(*, act: Act, seen: str, **data: Any) -> Centre:
    """Writes the centre's one row, the first time too. The audit names the fields that changed. RuleError `stale` when
    somebody else has changed it since `seen`."""
    list(Centre.objects.select_for_update())
    centre = the_centre()
    if centre_fingerprint(centre) != seen:
        raise RuleError(
            [_("Somebody else changed these details after you opened them. Open the page again and compare.")],
            code="stale",
        )
    changed = [name for name in FIELDS if name in data and data[name] != getattr(centre, name)]
    for name in changed:
        setattr(centre, name, data[name])
    centre.full_clean()
    centre.save()
    if changed:
        record_change(by=act.by, action="centre.update", thing=centre, detail={"fields": sorted(changed)})
    transaction.on_commit(forget_centre)
    return centre
