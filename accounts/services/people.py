"""Every write to people and their roles, each with its audit row. The audit names the fields that changed, never values."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import PersonState, RoleName
from accounts.exceptions import RuleError
from accounts.models import District, Person, PersonMerge, RoleGrant
from accounts.rules.codes import new_person_code
from accounts.rules.names import clean_name
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.bulk import insert_rows_with_ids
from accounts.services.search import add_search_words, renew_search_words, set_keys

ADDRESS = ("street", "postal_code", "city")
CODE_TRIES = 20
# What a person is found and known again by.
TOLD_BY = {"first_name", "last_name", "birth_year", "phone", "email"}


class PersonData(TypedDict, total=False):
    """What is known of a person; what is left out keeps its default or its value. `phone` in E.164."""

    first_name: str
    last_name: str
    birth_year: int | None
    gender: str
    language: str
    district: District | None
    phone: str
    email: str
    street: str
    postal_code: str
    city: str
    channel: str
    second_channel: str
    protected: bool


FIELDS = tuple(PersonData.__annotations__)


def create_person(*, act: Act, code: str = "", **data: Unpack[PersonData]) -> Person:
    """One new person with an own code of their own. Raises ValidationError when a field is not as it must be.

    `code` is given only for people who bring one from earlier records.
    """
    return create_people(rows=[{**data, "code": code} if code else data], act=act)[0]


@transaction.atomic
def create_people(*, rows: Sequence[Mapping[str, Any]], act: Act) -> list[Person]:
    """All of `rows` (PersonData, and `code` where one comes along), in their order, or nobody. Constant query count."""
    people = [Person(**_cleaned(row), password=no_password()) for row in rows]
    give_codes(people)
    for person in people:
        set_keys(person)
        # The codes were compared in one query, the constraints are the database's: not a query for each person.
        person.clean_fields(exclude=["district"])
    insert_rows_with_ids(Person, people)
    add_search_words(people)
    record_changes(
        audit_entry(by=act.by, action="person.create", subject=person, detail={"how_asked": act.via})
        for person in people
    )
    return people


@transaction.atomic
def update_person(
    *, person: Person, act: Act, seen: Mapping[str, Any] | None = None, **data: Unpack[PersonData]
) -> Person:
    """Writes what differs and returns the person as stored. Nothing is written when nothing differs.

    `seen`: the values that stood in the form when it was opened; RuleError `stale` when somebody has changed one of
    them meanwhile. A safety ban empties the address.
    """
    stored = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if seen is not None and any(getattr(stored, name) != value for name, value in seen.items()):
        raise RuleError(
            [_("Somebody else changed these details while you were writing. Here they are as they are now.")],
            code="stale",
        )
    cleaned = _cleaned(data, protected=stored.protected)
    if cleaned.get("protected"):
        cleaned |= dict.fromkeys(ADDRESS, "")
    changed = [name for name, value in cleaned.items() if getattr(stored, name) != value]
    if not changed:
        return stored
    for name in changed:
        setattr(stored, name, cleaned[name])
    keys = set_keys(stored)
    stored.full_clean(exclude=["password"])
    stored.save(update_fields=[*changed, *keys])
    if TOLD_BY & set(changed):
        renew_search_words(stored)
    record_change(
        by=act.by, action="person.update", subject=stored, detail={"fields": sorted(changed), "how_asked": act.via}
    )
    return stored


@transaction.atomic
def change_person_state(
    *, person: Person, to_state: PersonState, act: Act, detail: Mapping[str, Any] | None = None
) -> Person:
    """Sets the state alone; seats and messages are the courses' to free and stop (courses.registry.services.people).

    A deceased person's sessions end. RuleError when the person has that state already or is anonymized.
    """
    stored = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if stored.state == PersonState.ANONYMIZED:
        raise RuleError([_("This person's details have been erased.")], code="anonymized")
    if stored.state == to_state:
        raise RuleError([_("Nothing to change: that is the person's state already.")], code="same_state")
    before, stored.state = stored.state, to_state
    changed = ["state"]
    if to_state == PersonState.DECEASED:
        _end_sessions(stored)
        changed.append("password")
    stored.save(update_fields=changed)
    record_change(
        by=act.by,
        action="person.state",
        subject=stored,
        detail={"from": before, "to": to_state, "how_asked": act.via, **(detail or {})},
    )
    person.state = stored.state
    return stored


@transaction.atomic
def grant_role(*, person: Person, role: RoleName, act: Act) -> RoleGrant:
    """Gives a role. RuleError when the person has it already or may not sign in."""
    stored = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    reasons = []
    if stored.role_grants.filter(role=role, ended_at__isnull=True).exists():
        reasons.append(_("This person has that role already."))
    if not stored.is_active or stored.state in (PersonState.DECEASED, PersonState.ANONYMIZED):
        reasons.append(_("This person may not sign in, so a role would be of no use."))
    if reasons:
        raise RuleError(reasons, code="no_grant")
    grant = RoleGrant(person=stored, role=role, granted_by=act.by)
    grant.full_clean()
    grant.save(force_insert=True)
    record_change(by=act.by, action="role.grant", subject=stored, thing=grant, detail={"role": role})
    person.__dict__.pop("roles", None)
    return grant


@transaction.atomic
def end_role(*, person: Person, role: RoleName, act: Act) -> None:
    """Takes a role away, from the next click on. RuleError when the person has it not, or is the last administrator."""
    if role == RoleName.ADMINISTRATOR:
        _refuse_last_administrator(person)
    grant = (
        RoleGrant.objects.select_for_update(no_key=True).filter(person=person, role=role, ended_at__isnull=True).first()
    )
    if grant is None:
        raise RuleError([_("This person does not have that role.")], code="no_role")
    grant.ended_at = act.at
    grant.save(update_fields=["ended_at"])
    record_change(by=act.by, action="role.end", subject=person, thing=grant, detail={"role": role})
    person.__dict__.pop("roles", None)


@transaction.atomic
def disable_person(*, person: Person, act: Act) -> Person:
    """Ends every session of the person and lets them in no more. What is on record stays."""
    stored = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    _refuse_last_administrator(stored)
    stored.is_active = False
    _end_sessions(stored)
    stored.save(update_fields=["is_active", "password"])
    record_change(by=act.by, action="person.disable", subject=stored)
    person.is_active = False
    return stored


@transaction.atomic
def enable_person(*, person: Person, act: Act) -> Person:
    """Lets the person sign in again. Sessions from before stay ended."""
    stored = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    stored.is_active = True
    stored.save(update_fields=["is_active"])
    record_change(by=act.by, action="person.enable", subject=stored)
    person.is_active = True
    return stored


@transaction.atomic
def change_staff(*, person: Person, roles: Iterable[RoleName], may_sign_in: bool, act: Act) -> None:
    """Gives and takes roles until the person has `roles`, and lets them sign in or not; all of it or nothing."""
    wanted, has = set(roles), {RoleName(role) for role in person.roles}
    if may_sign_in and not person.is_active:
        enable_person(person=person, act=act)
    for role in sorted(wanted - has):
        grant_role(person=person, role=role, act=act)
    for role in sorted(has - wanted):
        end_role(person=person, role=role, act=act)
    if not may_sign_in and person.is_active:
        disable_person(person=person, act=act)


@transaction.atomic
def add_staff(*, roles: Iterable[RoleName], act: Act, **data: Unpack[PersonData]) -> Person:
    """A new person with `roles`, or nobody."""
    person = create_person(act=act, **data)
    for role in sorted(set(roles)):
        grant_role(person=person, role=role, act=act)
    return person


def _refuse_last_administrator(person: Person) -> None:
    """The grants are locked, so that two administrators who remove each other do not leave the site without one."""
    grants = RoleGrant.objects.select_for_update(of=("self",)).filter(
        role=RoleName.ADMINISTRATOR, ended_at__isnull=True, person__is_active=True
    )
    if {grant.person_id for grant in grants} == {person.pk}:
        raise RuleError(
            [_("This is the only administrator. Give the role to somebody else first.")], code="last_administrator"
        )


def _end_sessions(person: Person) -> None:
    """Sessions are bound to the password, which nobody has: another unusable one ends them all, for good."""
    person.password = no_password()


def no_password() -> str:
    """Another one that nobody can sign in with each time, as make_password(None) makes it, in a fraction of its time."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)


def _cleaned(data: Mapping[str, Any], *, protected: bool = False) -> dict[str, Any]:
    cleaned = dict(data)
    for name in ("first_name", "last_name", *ADDRESS):
        if name in cleaned:
            cleaned[name] = clean_name(cleaned[name])
    if "email" in cleaned:
        cleaned["email"] = cleaned["email"].strip().lower()
    if cleaned.get("protected", protected):
        cleaned |= {name: "" for name in ADDRESS if name in cleaned}
    return cleaned


def give_codes(people: Iterable[Person]) -> None:
    """An own code for each who has none, different from each other and from all that are taken."""
    without = [person for person in people if not person.code]
    used = {person.code for person in people if person.code}
    for _try in range(CODE_TRIES):
        if not without:
            return
        for person in without:
            person.code = new_person_code()
        wanted = [person.code for person in without]
        used_up = PersonMerge.objects.filter(old_code__in=wanted).values_list("old_code").order_by()
        taken = {
            code for (code,) in Person.objects.filter(code__in=wanted).values_list("code").order_by().union(used_up)
        }
        again = []
        for person in without:
            if person.code in taken or person.code in used:
                again.append(person)
            used.add(person.code)
        without = again
    raise RuntimeError("No free person code was found.")
