"""Consents: given with the words that were read or shown, ended by a no, never edited. The audit names the purpose."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import ConsentPurpose
from accounts.exceptions import RuleError
from accounts.models import Consent, ContactPerson, Person
from accounts.services.audit import audit_entry, record_change, record_changes


@transaction.atomic
def give_consent(*, person: Person, purpose: ConsentPurpose, text: str, act: Act) -> Consent:
    """Records a yes. `text`: what was read aloud or shown, as it was (accounts.wording.consents).

    RuleError `consent` without a text: nobody can have said yes to nothing.
    """
    if not text.strip():
        raise RuleError([_("Read the consent aloud first. Only a yes can be recorded.")], code="consent")
    consent = Consent(person=person, purpose=purpose, text=text, given_at=act.at, how_asked=act.via, by=act.by)
    try:
        consent.full_clean()
    except ValidationError as error:
        raise RuleError(error.messages, code="invalid") from error
    consent.save(force_insert=True)
    record_change(
        by=act.by,
        action="consent.give",
        subject=person,
        thing=consent,
        detail={"purpose": purpose, "how_asked": act.via},
    )
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, act: Act) -> Consent:
    """Records the no. A consent to a contact person takes that contact person along, in the same moment.

    What the courses hold because of it is theirs to remove: courses.registry.services.consents.withdraw_consent calls this.
    RuleError `withdrawn` when it has been taken back before.
    """
    stored = Consent.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=consent.pk)
    if stored.withdrawn_at is not None:
        raise RuleError([_("This consent has been taken back already.")], code="withdrawn")
    end_consents(consents=[stored], act=act)
    return stored


def end_consents(*, consents: Iterable[Consent], act: Act) -> list[ContactPerson]:
    """Withdraws `consents` in bulk, and ends and returns the contact people who stood on them. The caller holds the
    rows locked, in its transaction."""
    consents = list(consents)
    for consent in consents:
        consent.withdrawn_at, consent.withdrawn_how_asked, consent.withdrawn_by = act.at, act.via, act.by
    Consent.objects.bulk_update(consents, ["withdrawn_at", "withdrawn_how_asked", "withdrawn_by"], batch_size=500)
    contacts = list(
        ContactPerson.objects.filter(consent__in=[consent.pk for consent in consents], ended_at__isnull=True)
        .select_related("person")
        .order_by("pk")
    )
    ContactPerson.objects.filter(pk__in=[contact.pk for contact in contacts]).update(ended_at=act.at)
    for contact in contacts:
        contact.ended_at = act.at
    record_changes(
        [
            *(
                audit_entry(
                    by=act.by,
                    action="consent.withdraw",
                    subject=consent.person,
                    thing=consent,
                    detail={"purpose": consent.purpose, "how_asked": act.via},
                )
                for consent in consents
            ),
            *(
                audit_entry(
                    by=act.by,
                    action="contact.end",
                    subject=contact.person,
                    thing=contact,
                    detail={"how_asked": act.via},
                )
                for contact in contacts
            ),
        ]
    )
    return contacts
