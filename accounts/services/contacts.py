"""Contact people: helpers who are told for somebody. Each stands on a consent and ends with it; the audit holds no names."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import ConsentPurpose, HowAsked, PersonState
from accounts.exceptions import RuleError
from accounts.models import Consent, ContactPerson, Person
from accounts.rules.names import clean_name
from accounts.services.audit import audit_entry, record_change, record_changes
from accounts.services.consents import end_consents, give_consent, withdraw_consent

TOLD = ("told_reminders", "told_changes", "told_absences")
# Long enough to undo a mistake, short enough for somebody who never asked to be on record.
FORGOTTEN_AFTER = timedelta(days=30)


class ContactData(TypedDict, total=False):
    """What is known of a contact person; what is left out keeps its default or its value. `phone` in E.164; `until`:
    the last day, None while it holds until taken back."""

    name: str
    relation: str
    phone: str
    email: str
    told_reminders: bool
    told_changes: bool
    told_absences: bool
    until: Any


FIELDS = tuple(ContactData.__annotations__)


@transaction.atomic
def add_contact_person(*, person: Person, data: ContactData, consent_text: str, act: Act) -> ContactPerson:
    """Adds a contact person with the consent that was just given. RuleError: `consent` without its text, `gone` for
    somebody who has died or was erased, `past` for a day that is over, `invalid` for details that are not right."""
    stored = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if stored.state in (PersonState.DECEASED, PersonState.ANONYMIZED):
        raise RuleError([_("Nobody is told for this person any more.")], code="gone")
    contact = ContactPerson(person=stored, added_at=act.at, **_cleaned(data))
    _check_until(contact, act.at)
    contact.consent = give_consent(person=stored, purpose=ConsentPurpose.CONTACT, text=consent_text, act=act)
    _check(contact)
    contact.save(force_insert=True)
    record_change(by=act.by, action="contact.add", subject=stored, thing=contact, detail={"how_asked": act.via})
    return contact


@transaction.atomic
def change_contact_person(
    *,
    contact: ContactPerson,
    data: ContactData,
    act: Act,
    consent_text: str = "",
    seen: Mapping[str, Any] | None = None,
) -> ContactPerson:
    """Writes what differs and returns the contact person as stored. Somebody else, more to tell or a longer time takes a
    new consent, and the old one ends: RuleError `consent` without its text. `stale` when it has ended meanwhile, or
    differs from `seen`, what stood in the form when it was opened."""
    old = Consent.objects.select_for_update(no_key=True, of=("self",)).get(contact_person=contact.pk)
    stored = (
        ContactPerson.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=contact.pk)
    )
    if (
        stored.ended_at is not None
        or old.withdrawn_at is not None
        or any(getattr(stored, name) != value for name, value in (seen or {}).items())
    ):
        raise RuleError(
            [_("Somebody else has changed or ended this contact person meanwhile. Open it again.")], code="stale"
        )
    cleaned = _cleaned(data)
    changed = {name: value for name, value in cleaned.items() if getattr(stored, name) != value}
    if not changed:
        return stored
    asks = needs_new_consent(stored, cleaned)
    for name, value in changed.items():
        setattr(stored, name, value)
    _check_until(stored, act.at)
    if asks:
        stored.consent = give_consent(person=stored.person, purpose=ConsentPurpose.CONTACT, text=consent_text, act=act)
    _check(stored)
    stored.save(update_fields=[*changed, "consent"])
    if asks:
        # After the contact person stands on the new one: the end of a consent ends who stands on it.
        end_consents(consents=[old], act=act)
    record_change(
        by=act.by,
        action="contact.change",
        subject=stored.person,
        thing=stored,
        detail={"fields": sorted(changed), "how_asked": act.via},
    )
    return stored


def needs_new_consent(contact: ContactPerson, data: ContactData) -> bool:
    """Whether `data` goes beyond what was said yes to: another name, more to tell, or a later day."""
    wanted: dict[str, Any] = {name: getattr(contact, name) for name in FIELDS} | data
    until = wanted["until"]
    return (
        clean_name(wanted["name"]) != contact.name
        or any(wanted[name] and not getattr(contact, name) for name in TOLD)
        or (contact.until is not None and (until is None or until > contact.until))
    )


def end_contact_person(*, contact: ContactPerson, act: Act) -> ContactPerson:
    """Nobody is told any more, and the consent is withdrawn with it. RuleError `withdrawn` when it has ended before."""
    withdraw_consent(consent=contact.consent, act=act)
    contact.refresh_from_db()
    return contact


@transaction.atomic
def end_contact_people_of(*, person: Person, act: Act) -> list[ContactPerson]:
    """Ends all who are told for `person`, with their consents. Returns whom it ended."""
    consents = (
        Consent.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .filter(person=person, purpose=ConsentPurpose.CONTACT, withdrawn_at__isnull=True)
        .order_by("pk")
    )
    return end_consents(consents=consents, act=act)


@transaction.atomic
def restore_contact_people(*, person: Person, pks: Iterable[int], act: Act) -> int:
    """Undoes an end that was a mistake of the centre's: no no was ever said, so the old consents hold again. Returns how
    many came back; whoever was forgotten meanwhile does not."""
    contacts = list(
        ContactPerson.objects.filter(person=person, pk__in=list(pks), ended_at__isnull=False).exclude(name="")
    )
    Consent.objects.filter(contact_person__in=[contact.pk for contact in contacts]).update(
        withdrawn_at=None, withdrawn_how_asked="", withdrawn_by=None
    )
    ContactPerson.objects.filter(pk__in=[contact.pk for contact in contacts]).update(ended_at=None)
    record_changes(
        audit_entry(by=act.by, action="contact.restore", subject=person, thing=contact) for contact in contacts
    )
    return len(contacts)


@transaction.atomic
def end_expired_contact_people(*, at: datetime) -> list[ContactPerson]:
    """Ends those whose last day is over, with their consents. Returns them. Run again, it ends nobody twice."""
    consents = (
        Consent.objects.select_for_update(no_key=True, of=("self",))
        .select_related("person")
        .filter(
            withdrawn_at__isnull=True,
            contact_person__until__lt=timezone.localdate(at),
            contact_person__ended_at__isnull=True,
        )
        .order_by("pk")
    )
    # The day was agreed on when the consent was given, in the way it was given.
    ended: list[ContactPerson] = []
    by_way: dict[str, list[Consent]] = {}
    for consent in consents:
        by_way.setdefault(consent.how_asked, []).append(consent)
    for how_asked, rows in sorted(by_way.items()):
        ended += end_consents(consents=rows, act=Act(by=None, via=HowAsked(how_asked), at=at))
    return ended


@transaction.atomic
def forget_ended_contact_people(*, at: datetime) -> int:
    """Empties name, phone and e-mail 30 days after the end: the consent stays, who it was about goes. Returns how many."""
    return (
        ContactPerson.objects.filter(ended_at__lte=at - FORGOTTEN_AFTER)
        .exclude(name="")
        .update(name="", relation="", phone="", email="")
    )


def _cleaned(data: ContactData) -> ContactData:
    cleaned = data.copy()
    if "name" in cleaned:
        cleaned["name"] = clean_name(cleaned["name"])
    if "email" in cleaned:
        cleaned["email"] = cleaned["email"].strip().lower()
    return cleaned


def _check_until(contact: ContactPerson, at: datetime) -> None:
    if contact.until is not None and contact.until < timezone.localdate(at):
        raise RuleError([_("The last day is over already. Choose a later day, or none.")], code="past")


def _check(contact: ContactPerson) -> None:
    try:
        contact.full_clean()
    except ValidationError as error:
        raise RuleError(error.messages, code="invalid") from error
