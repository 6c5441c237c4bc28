"""Those who come together, by name."""

from collections.abc import Iterable

from accounts.models import Person
from accounts.wording.people import names_of


def party_names(people: Iterable[Person]) -> str:
    """ "Arvo and Maija Lahtinen", "Arvo Lahtinen and Sirkka Ojala", one alone as usual; own codes under a safety ban."""
    return names_of(people, together=True)
