"""Records that were made one: the old code and the old id lead to the person."""

from collections.abc import Iterable

from accounts.models import Person, PersonMerge


def person_on_record(code: str) -> Person | None:
    """Whose own code this is, or was before two records were made one."""
    person = Person.objects.filter(code=code).first()
    if person is None:
        merge = PersonMerge.objects.filter(old_code=code).select_related("kept").first()
        person = merge.kept if merge else None
    return person


def person_with_id(pk: int) -> Person | None:
    """Whose id this is, or was: links in old mails hold it."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        merge = PersonMerge.objects.filter(old_id=pk).select_related("kept").first()
        person = merge.kept if merge else None
    return person


def ids_after_merges(pks: Iterable[int]) -> dict[int, int]:
    """Old id -> id of the person, for those of `pks` whose record went in a merge."""
    return dict(PersonMerge.objects.filter(old_id__in=set(pks)).values_list("old_id", "kept_id"))
