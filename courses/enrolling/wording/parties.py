"""Those who come together, by name."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Person


def party_names(people: Iterable[Person]) -> str:
    """ "Arvo and Maija Lahtinen", "Arvo Lahtinen and Sirkka Ojala", one alone as usual; own codes under a safety ban."""
    listed = list(people)
    names = [person.code if person.protected else person.full_name for person in listed]
    if len({person.last_name for person in listed}) == 1 and not any(person.protected for person in listed):
        names = [person.first_name for person in listed[:-1]] + names[-1:]
    *before, last = names
    if not before:
        return last
    return _("%(names)s and %(last)s") % {"names": ", ".join(before), "last": last}
