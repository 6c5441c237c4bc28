"""Lists of people and their certificates as files for a spreadsheet. Under a safety ban a row holds the own code, and
nothing that names or reaches the person."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Person
from accounts.wording.addresses import postal_address
from courses.certifying.models import Certificate
from courses.certifying.selectors import status_of
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


def mentors_file(mentors: Iterable[Any], format: str) -> bytes:
    """`mentors`: as certifying.selectors.mentors_with_facts has them."""
    head = [
        *_head(),
        _("Certificate"),
        _("Valid until"),
        _("Last visit"),
        _("Visits in 90 days"),
        pgettext("mentor", "State"),
    ]
    rows = [
        [
            *_row(mentor.person),
            mentor.certificate_number or "",
            _day(mentor.valid_until),
            _day(mentor.last_visit_on),
            str(mentor.visits or 0),
            str(mentor.get_state_display()),
        ]
        for mentor in mentors
    ]
    return MAKERS[format]([head, *rows])


def certificates_file(certificates: Iterable[Certificate], today: date, format: str) -> bytes:
    """`certificates`: with person and course."""
    head = [_("Number"), _("Name"), _("Course"), _("Issued"), _("Valid until"), pgettext("certificate", "State")]
    rows = [
        [
            certificate.number,
            certificate.person.code if certificate.person.protected else certificate.name,
            certificate.course.title,
            _day(certificate.issued_on),
            _day(certificate.valid_until),
            str(status_of(certificate, today).label),
        ]
        for certificate in certificates
    ]
    return MAKERS[format]([head, *rows])


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


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
