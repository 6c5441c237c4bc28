"""What a person has said yes to, and the helpers who are told for them."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Consent, ContactPerson, Person


def current_contact_people(on: date) -> QuerySet[ContactPerson]:
    """Those who may be told something on that day: not ended, the last day not over, the consent not withdrawn."""
    return ContactPerson.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), ended_at__isnull=True, consent__withdrawn_at__isnull=True
    ).select_related("consent")


def contact_people_of(person: Person, on: date) -> QuerySet[ContactPerson]:
    """A person's current contact people, the latest first."""
    return current_contact_people(on).filter(person=person)


def consents_of(person: Person) -> QuerySet[Consent]:
    """What the person has said yes to and not taken back, the latest first."""
    return person.consents.filter(withdrawn_at__isnull=True).select_related("by", "contact_person")


def contact_person_with_id(pk: int) -> ContactPerson | None:
    """Also one who has ended: links in old mails hold the id."""
    return ContactPerson.objects.filter(pk=pk).first()
