"""What a no means for the courses: what was held because of the yes goes in the same moment."""

from contextlib import suppress

from django.db import transaction

from accounts.acts import Act
from accounts.enums import ConsentPurpose
from accounts.exceptions import RuleError
from accounts.models import Consent, ContactPerson
from accounts.services import consents as accounts_consents
from accounts.services.contacts import change_contact_person
from courses.enrolling.enums import ReminderRule
from courses.enrolling.services.support import remove_support_needs_of
from courses.messaging.services.planning import cancel_messages_for_contact


@transaction.atomic
def withdraw_consent(*, consent: Consent, act: Act) -> Consent:
    """Also ends the contact person and takes back what was planned for them, or deletes the support needs.

    RuleError `withdrawn` when it has been taken back before.
    """
    contacts = list(ContactPerson.objects.filter(consent=consent, ended_at__isnull=True))
    withdrawn = accounts_consents.withdraw_consent(consent=consent, act=act)
    for contact in contacts:
        cancel_messages_for_contact(contact=contact)
    if consent.purpose == ConsentPurpose.SUPPORT:
        remove_support_needs_of(person=consent.person, act=act)
    return withdrawn


def end_contact_person(*, contact: ContactPerson, act: Act) -> None:
    """The contact person is told nothing more, from this moment; the consent is withdrawn. RuleError `withdrawn` when
    it has ended before."""
    withdraw_consent(consent=contact.consent, act=act)


def stop_contact_reminders(*, contact: ContactPerson, act: Act) -> None:
    """The contact person wants no more reminders, as the link of a mail says. Who was told nothing else is contact person
    no more. Asked again, or when somebody has ended it meanwhile, nothing happens."""
    if contact.ended_at is not None or not contact.told_reminders:
        return
    # The rows are locked by what changes them, in their order.
    with suppress(RuleError), transaction.atomic():
        if contact.told_changes or contact.told_absences:
            change_contact_person(contact=contact, data={"told_reminders": False}, act=act)
            cancel_messages_for_contact(contact=contact, rule=ReminderRule.SESSION_SOON)
        else:
            end_contact_person(contact=contact, act=act)
