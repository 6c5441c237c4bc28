"""The rows of a roster as its preview shows them."""

from django import template
from django.utils.translation import gettext as _

from accounts.enums import Channel
from accounts.rules.phones import show_phone
from courses.enums import RosterChoice, RosterVerdict
from courses.rules.rosters import Fault, RosterRow

register = template.Library()

ICONS = {
    RosterVerdict.OK: "done",
    RosterVerdict.WARNING: "warn",
    RosterVerdict.DUPLICATE: "twin",
    RosterVerdict.ERROR: "bad",
    RosterVerdict.BLANK: "dot",
}
TONES = {RosterVerdict.WARNING: "warn", RosterVerdict.ERROR: "bad"}


@register.filter
def verdict_icon(verdict: str) -> str:
    """{% state row.verdict|verdict_icon row.verdict.label tone=row.verdict|verdict_tone %}"""
    return ICONS[RosterVerdict(verdict)]


@register.filter
def verdict_tone(verdict: str) -> str:
    return TONES.get(RosterVerdict(verdict), "")


@register.filter
def roster_phone(row: RosterRow) -> str:
    """The number as people write it; what could not be read as it stands in the file."""
    return show_phone(row.values.get("phone", ""))


@register.filter
def roster_channel(row: RosterRow) -> str:
    """The channel in words; an unknown one as it stands in the file."""
    value = row.values.get("channel", "")
    return str(Channel(value).label) if value in Channel else value


@register.filter
def what_is_done(row: RosterRow) -> str:
    """What applying does with the row."""
    if row.verdict == RosterVerdict.BLANK:
        return ""
    match row.action:
        case RosterChoice.NEW:
            return _("added and enrolled")
        case RosterChoice.KNOWN:
            return _("the one on file is enrolled")
        case _other:
            return _("left out")


@register.filter
def fault_of(stored: list[object]) -> Fault:
    """{% with fault=stored|fault_of %}{{ fault.message }}: a fault kept in a roster's result."""
    return Fault.from_json(stored)
