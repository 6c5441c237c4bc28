"""Lists of people as files for a spreadsheet. Under a safety ban a row holds the own code, and nothing that names or reaches
the person."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Person
from accounts.wording.addresses import postal_address
from courses.enrolling.models import Enrollment
from courses.importing.rosters.documents import csv_of, xlsx_of

MAKERS = {"csv": csv_of, "xlsx": xlsx_of}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def people_file(people: Iterable[Person], format: str) -> bytes:
    return MAKERS[format]([_head(), *(_row(person) for person in people)])


def learners_file(enrollments: Iterable[Enrollment], format: str) -> bytes:
    """`enrollments`: with their people. What each row says of a person, and how the enrollment stands."""
    rows = [[*_row(one.person), str(one.get_state_display())] for one in enrollments]
    return MAKERS[format]([[*_head(), pgettext("enrollment", "State")], *rows])


def _head() -> list[str]:
    return [
        _("Own code"),
        _("Last name"),
        _("First name"),
        _("Born"),
        _("Language"),
        _("Reached by"),
        _("Phone"),
        _("E-mail"),
        _("Address"),
    ]


def _row(person: Person) -> list[str]:
    language, channel = str(person.get_language_display()), str(person.get_channel_display())
    if person.protected:
        return [person.code, "", "", "", language, channel, "", "", ""]
    born = str(person.birth_year) if person.birth_year else ""
    reached = [person.phone, person.email, postal_address(person)]
    return [person.code, person.last_name, person.first_name, born, language, channel, *reached]
