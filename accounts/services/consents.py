"""Consents: given with the words that were read or shown, ended by a no, never edited. The audit names the purpose."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import ConsentPurpose, HowAsked
from accounts.exceptions import RuleError
from accounts.models import Consent, ContactPerson, Person
from accounts.services.audit import audit_entry, record_change, record_changes


@transaction.atomic
def give_consent(
    *,
    person: Person,
    purpose: ConsentPurpose,
    text: str,
    by: Person | None,
    how_asked: HowAsked,
    at: datetime | None = None,
) -> Consent:
    """Records a yes. `text`: what was read aloud or shown, as it was (accounts.wording.consents).

    RuleError `consent` without a text: nobody can have said yes to nothing.
    """
    if not text.strip():
        raise RuleError([_("Read the consent aloud first. Only a yes can be recorded.")], code="consent")
    consent = Consent(
        person=person, purpose=purpose, text=text, given_at=at or timezone.now(), how_asked=how_asked, by=by
    )
    try:
        consent.full_clean()
    except ValidationError as error:
        raise RuleError(error.messages, code="invalid") from error
    consent.save(force_insert=True)
    record_change(
        by=by,
        action="consent.give",
        subject=person,
        thing=consent,
        detail={"purpose": purpose, "how_asked": how_asked},
    )
    return consent


@transaction.atomic
def withdraw_consent(
    *, consent: Consent, by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> Consent:
    """Records the no. A consent to a contact person takes that contact person along, in the same moment.

    What the courses hold because of it is theirs to remove: courses.registry.services.consents.withdraw_consent calls this.
    RuleError `withdrawn` when it has been taken back before.
    """
    stored = Consent.objects.select_for_update(no_key=True, of=("self",)).select_related("person").get(pk=consent.pk)
    if stored.withdrawn_at is not None:
        raise RuleError([_("This consent has been taken back already.")], code="withdrawn")
    end_consents(consents=[stored], by=by, how_asked=how_asked, at=at)
    return stored


def end_consents(
    *, consents: Iterable[Consent], by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> list[ContactPerson]:
    """Withdraws `consents` in bulk, and ends and returns the contact people who stood on them. The caller holds the
    rows locked, in its transaction."""
    at, consents = at or timezone.now(), list(consents)
    for consent in consents:
        consent.withdrawn_at, consent.withdrawn_how_asked, consent.withdrawn_by = at, how_asked, by
    Consent.objects.bulk_update(consents, ["withdrawn_at", "withdrawn_how_asked", "withdrawn_by"], batch_size=500)
    contacts = list(
        ContactPerson.objects.filter(consent__in=[consent.pk for consent in consents], ended_at__isnull=True)
        .select_related("person")
        .order_by("pk")
    )
    ContactPerson.objects.filter(pk__in=[contact.pk for contact in contacts]).update(ended_at=at)
    for contact in contacts:
        contact.ended_at = at
    record_changes(
        [
            *(
                audit_entry(
                    by=by,
                    action="consent.withdraw",
                    subject=consent.person,
                    thing=consent,
                    detail={"purpose": consent.purpose, "how_asked": how_asked},
                )
                for consent in consents
            ),
            *(
                audit_entry(
                    by=by,
                    action="contact.end",
                    subject=contact.person,
                    thing=contact,
                    detail={"how_asked": how_asked},
                )
                for contact in contacts
            ),
        ]
    )
    return contacts
