"""Two records alike: told apart as two people, or joined into one. Who moves the history: courses.registry.services.merges."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import Person, PersonMerge, ToldApart
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.people import ADDRESS, FIELDS
from accounts.services.search import renew_search_words, set_keys

# What a human chooses between when two records differ. A safety ban is never lifted by a merge, so it is no choice.
CHOSEN_FIELDS = tuple(name for name in FIELDS if name != "protected")


@transaction.atomic
def tell_apart(*, first: Person, second: Person, act: Act) -> ToldApart:
    """They are two people: not shown as a likely pair any more. Pressed twice it is said once.

    RuleError `same_record` for one record twice, `gone` when one of them is no more.
    """
    if first.pk == second.pk:
        raise RuleError([_("That is one record twice.")], code="same_record")
    low, high = sorted(lock_records([first, second]), key=lambda person: person.pk)
    told, is_new = ToldApart.objects.get_or_create(first=low, second=high, defaults={"at": act.at, "by": act.by})
    if is_new:
        _record(told, "person.told_apart", act)
    return told


@transaction.atomic
def take_back_told_apart(*, told: ToldApart, act: Act) -> None:
    """The pair may be one person after all. RuleError `gone` when somebody has taken it back already."""
    stored = ToldApart.objects.select_for_update(of=("self",)).filter(pk=told.pk).first()
    if stored is None:
        raise RuleError([_("Somebody else has taken it back already.")], code="gone")
    _record(stored, "person.told_apart_undone", act)
    stored.delete()


def lock_records(people: Collection[Person]) -> list[Person]:
    """`people` in their order as they are now, their rows locked by ascending id until the transaction ends.

    Cohorts are locked before. RuleError `gone` when one is no more.
    """
    pks = [person.pk for person in people]
    locked = {
        person.pk: person for person in Person.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    }
    if len(locked) < len(set(pks)):
        raise RuleError(
            [_("Somebody else has made these two records one already. Nothing was changed now.")], code="gone"
        )
    return [locked[pk] for pk in pks]


def join_records(
    *, kept: Person, gone: Person, fields: Collection[str], moved: Mapping[str, int], act: Act
) -> PersonMerge:
    """Deletes `gone`, writes its values of `fields` into `kept` and the merge with its audit row.

    The last step of courses.registry.services.merges.merge_people, which has locked both and moved everything that pointed to
    `gone`. A safety ban of either record stays, without address; so does a stop of sign-in, but for those with a role.
    """
    taken = [name for name in CHOSEN_FIELDS if name in fields and getattr(kept, name) != getattr(gone, name)]
    for name in taken:
        setattr(kept, name, getattr(gone, name))
    kept.protected = kept.protected or gone.protected
    if kept.protected:
        for name in ADDRESS:
            setattr(kept, name, "")
    kept.is_active = kept.is_active and (gone.is_active or bool(kept.roles))
    kept.created_at = min(kept.created_at, gone.created_at)
    keys = set_keys(kept)
    kept.full_clean(exclude=["password"])
    old_id, old_code = gone.pk, gone.code
    gone.delete()
    kept.save(update_fields=[*FIELDS, "is_active", "created_at", *keys])
    renew_search_words(kept)
    merge = PersonMerge(kept=kept, old_code=old_code, old_id=old_id, moved=dict(moved), at=act.at, by=act.by)
    merge.full_clean()
    merge.save(force_insert=True)
    record_change(
        by=act.by,
        action="person.merge",
        subject=kept,
        thing=merge,
        detail={"gone": old_id, "fields": sorted(taken), "moved": dict(moved), "how_asked": act.via},
    )
    return merge


def _record(told: ToldApart, action: str, act: Act) -> None:
    """On both records, each naming the other by its id."""
    record_changes(
        audit_entry(by=act.by, action=action, subject=person, thing=told, detail={"other": other.pk})
        for person, other in ((told.first, told.second), (told.second, told.first))
    )
