"""People by name. Under a safety ban a person is shown by the own code alone, one by one and among others."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Person


def shown_name(person: Person) -> str:
    """ "Arvo Lahtinen"; in a list that is in order of last names, Person.list_name instead."""
    return person.code if person.protected else person.full_name


def names_of(people: Iterable[Person], *, together: bool = False) -> str:
    """ "Arvo Lahtinen, Sirkka Ojala and Eila Aalto"; empty of nobody.

    `together`: those who come together and have one last name say it once, "Arvo and Maija Lahtinen".
    """
    listed = list(people)
    names = [shown_name(person) for person in listed]
    if together and _have_one_last_name(listed):
        names = [person.first_name for person in listed[:-1]] + names[-1:]
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _have_one_last_name(people: list[Person]) -> bool:
    return len({person.last_name for person in people}) == 1 and not any(person.protected for person in people)
