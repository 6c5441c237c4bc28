"""What goes when its time is over, and when, for the page that shows it before."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import PersonState
from accounts.models import Person
from accounts.rules.retention import (
    APPLICATION_MONTHS,
    AUDIT_MONTHS,
    CALL_MONTHS,
    CERTIFICATE_YEARS,
    COURSE_MONTHS,
    MESSAGE_MONTHS,
)
from accounts.services.contacts import FORGOTTEN_AFTER
from courses.enrolling.rules.support import KEPT_AFTER_END

WHAT = {
    "people": gettext_lazy("Names and contacts of people whose courses are over"),
    "applications": gettext_lazy("Applications without a place, of people who stay on record"),
    "support_needs": gettext_lazy("Support needs"),
    "messages": gettext_lazy("Texts of messages"),
    "call_notes": gettext_lazy("What was answered in calls"),
    "logged_calls": gettext_lazy("Phone calls that were written down"),
    "certificates": gettext_lazy("Names on certificates that have ended"),
    "audit_entries": gettext_lazy("Who looked and who changed"),
}


class DueLine(NamedTuple):
    """One kind: what it is, how long it is kept, how much goes."""

    kind: str
    what: str
    kept: str
    amount: int


class NamedLine(NamedTuple):
    """Whose it is and what; `code` opens the person's page, empty for who has none any more."""

    name: str
    code: str
    what: str


def named_lines(kind: str, rows: Iterable[Any]) -> list[NamedLine]:
    match kind:
        case "applications":
            return [_of(row.person, row.cohort.name) for row in rows]
        case "support_needs":
            return [_of(row.enrollment.person, row.enrollment.cohort.name) for row in rows]
        case "certificates":
            return [NamedLine(row.name, "", f"{row.number}, {row.course.title}") for row in rows]
    return [_of(person, person.get_state_display()) for person in rows]


def _of(person: Person, what: str) -> NamedLine:
    return NamedLine(person.list_name, "" if person.state == PersonState.ANONYMIZED else person.code, what)


def lines_due(counts: Mapping[str, int]) -> list[DueLine]:
    kept = _kept()
    return [DueLine(kind, str(what), kept[kind], counts[kind]) for kind, what in WHAT.items()]


def periods_kept() -> list[tuple[str, str]]:
    """(what, how long) as the page on privacy tells everybody."""
    attended = ngettext("%(n)s month after the course", "%(n)s months after the course", COURSE_MONTHS)
    certificates = ngettext(
        "as long as they are valid, and %(n)s year after that",
        "as long as they are valid, and %(n)s years after that",
        CERTIFICATE_YEARS,
    )
    return [
        (_("An application without a place"), _months(APPLICATION_MONTHS)),
        (
            _("Courses and attendance"),
            attended % {"n": COURSE_MONTHS} + "; " + _("then only figures without names stay"),
        ),
        (_("Help you need at the course"), _days_after_course()),
        (_("A contact person, after you or they end it"), _days(FORGOTTEN_AFTER.days)),
        (_("Texts of messages"), _months(MESSAGE_MONTHS)),
        (_("Notes of phone calls"), _months(CALL_MONTHS)),
        (_("Certificates"), certificates % {"n": CERTIFICATE_YEARS}),
        (_("Who looked at your data"), _months(AUDIT_MONTHS)),
    ]


def _kept() -> dict[str, str]:
    return {
        "people": _("%(long)s after the course, without a place %(short)s")
        % {"long": _months(COURSE_MONTHS), "short": _months(APPLICATION_MONTHS)},
        "applications": _months(APPLICATION_MONTHS),
        "support_needs": _days_after_course(),
        "messages": _months(MESSAGE_MONTHS),
        "call_notes": _months(CALL_MONTHS),
        "logged_calls": _months(CALL_MONTHS),
        "certificates": ngettext("%(n)s year after the end", "%(n)s years after the end", CERTIFICATE_YEARS)
        % {"n": CERTIFICATE_YEARS},
        "audit_entries": _months(AUDIT_MONTHS),
    }


def _months(count: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", count) % {"n": count}


def _days(count: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


def _days_after_course() -> str:
    days = KEPT_AFTER_END.days
    return ngettext("%(n)s day after the course", "%(n)s days after the course", days) % {"n": days}
