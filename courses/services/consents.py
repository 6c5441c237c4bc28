"""What a no means for the courses: what was held because of the yes goes in the same moment."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import ConsentPurpose, HowAsked
from accounts.models import Consent, ContactPerson, Person
from accounts.services import consents as accounts_consents
from courses.services.messages import cancel_messages_for_contact
from courses.services.support import remove_support_needs_of


@transaction.atomic
def withdraw_consent(
    *, consent: Consent, by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> Consent:
    """Also ends the contact person and takes back what was planned for them, or deletes the support needs.

    RuleError `withdrawn` when it has been taken back before.
    """
    at = at or timezone.now()
    contacts = list(ContactPerson.objects.filter(consent=consent, ended_at__isnull=True))
    withdrawn = accounts_consents.withdraw_consent(consent=consent, by=by, how_asked=how_asked, at=at)
    for contact in contacts:
        cancel_messages_for_contact(contact=contact, at=at)
    if consent.purpose == ConsentPurpose.SUPPORT:
        remove_support_needs_of(person=consent.person, by=by, how_asked=how_asked)
    return withdrawn


def end_contact_person(
    *, contact: ContactPerson, by: Person | None, how_asked: HowAsked, at: datetime | None = None
) -> None:
    """The contact person is told nothing more, from this moment; the consent is withdrawn. RuleError `withdrawn` when
    it has ended before."""
    withdraw_consent(consent=contact.consent, by=by, how_asked=how_asked, at=at)
