"""What accounts keep of people goes here when its time is over. Each call takes at most a batch and says how many it took."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.enums import PersonState
from accounts.models import (
    AuditEntry,
    ContactPerson,
    Person,
    PersonMerge,
    SearchWord,
    SuspectedPair,
    ToldApart,
    UncomparedPerson,
)
from accounts.rules.retention import AUDIT_MONTHS, months_before
from accounts.services.audit import audit_entry, record_changes
from accounts.services.bulk import insert_rows_with_ids
from accounts.services.people import give_codes, no_password

BATCH = 1_000

_EMPTY = (
    *("first_name", "last_name", "phone", "email", "street", "postal_code", "city", "second_channel"),
    *("name_key", "sort_key", "alike_head", "alike_middle", "alike_tail"),
)


def old_audit_entries(*, at: datetime) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(at__lte=months_before(at, AUDIT_MONTHS))


@transaction.atomic
def delete_old_audit_entries(*, at: datetime) -> int:
    oldest = old_audit_entries(at=at).order_by("at", "pk").values_list("pk", flat=True)[:BATCH]
    deleted, _by_model = AuditEntry.objects.filter(pk__in=list(oldest)).delete()
    return deleted


def anonymize_people(*, pks: Iterable[int], at: datetime) -> int:
    """Names, contacts and the own code go; language, gender, district and year of birth stay for the figures. In the
    caller's transaction, which has locked the people. What the courses know of them is theirs to empty."""
    pks = list(pks)
    ContactPerson.objects.filter(person__in=pks).update(
        name="", relation="", phone="", email="", ended_at=Coalesce(F("ended_at"), Value(at))
    )
    for related in (EmailAddress, Authenticator):
        related.objects.filter(user__in=pks).delete()
    for related in (SearchWord, UncomparedPerson):
        related.objects.filter(person__in=pks).delete()
    PersonMerge.objects.filter(kept__in=pks).delete()
    for pairs in (SuspectedPair, ToldApart):
        pairs.objects.filter(Q(first__in=pks) | Q(second__in=pks)).delete()
    record_changes(
        audit_entry(by=None, action="person.anonymize", subject=person)
        for person in Person.objects.filter(pk__in=pks).only("pk")
    )
    return Person.objects.filter(pk__in=pks).update(
        **dict.fromkeys(_EMPTY, ""),
        code=Concat(Value("A-"), Cast("pk", CharField())),
        state=PersonState.ANONYMIZED,
        is_active=False,
        password=no_password(),
        last_login=None,
    )


def add_stand_ins(*, people: Iterable[Person]) -> dict[int, Person]:
    """For each of `people` somebody without a name, for the figures: of that age, gender, district and language. By the
    id of whom they stand for, which is stored nowhere."""
    stand_ins = {
        person.pk: Person(
            birth_year=person.birth_year,
            gender=person.gender,
            language=person.language,
            district_id=person.district_id,
            state=PersonState.ANONYMIZED,
            is_active=False,
            password=no_password(),
        )
        for person in people
    }
    give_codes(stand_ins.values())
    insert_rows_with_ids(Person, list(stand_ins.values()))
    return stand_ins
