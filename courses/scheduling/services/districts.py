from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import District
from accounts.services.audit import record_change
from courses.scheduling.rules.districts import ESPOO
from courses.scheduling.selectors.districts import is_in_use


@transaction.atomic
def create_district(*, act: Act, **fields: str) -> District:
    """`fields` as of District; raises ValidationError, for example when the name is taken."""
    district = District(**fields)
    district.full_clean()
    district.save()
    record_change(by=act.by, action="district.create", thing=district, detail={"name": district.name})
    return district


@transaction.atomic
def update_district(*, district: District, act: Act, **fields: str) -> District:
    """People and venues of the district stay in it under its new name."""
    locked = District.objects.select_for_update(no_key=True).get(pk=district.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    record_change(by=act.by, action="district.update", thing=locked, detail={"fields": sorted(fields)})
    return locked


@transaction.atomic
def remove_district(*, district: District, act: Act) -> None:
    """RuleError when people or venues are in it: their records would lose it."""
    locked = District.objects.select_for_update().get(pk=district.pk)
    if is_in_use(locked):
        raise RuleError(
            [_("People or venues are in this district, so it stays. You can change its name.")], code="district_used"
        )
    record_change(by=act.by, action="district.remove", thing=locked, detail={"name": locked.name})
    locked.delete()


@transaction.atomic
def add_espoo_districts(*, act: Act) -> int:
    """Adds those of Espoo's seven that are not there yet; returns how many."""
    there = set(District.objects.filter(name__in=ESPOO).values_list("name", flat=True))
    missing = [(name, swedish) for name, swedish in ESPOO.items() if name not in there]
    for name, swedish in missing:
        create_district(act=act, name=name, name_sv=swedish)
    return len(missing)
