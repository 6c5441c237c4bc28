"""The rows of a roster as its preview shows them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.enums import Channel
from accounts.rules.phones import show_phone
from courses.importing.rosters.enums import RosterChoice, RosterVerdict
from courses.importing.rosters.forms import FIELDS
from courses.importing.rosters.models import Roster
from courses.importing.rosters.rules import Fault, RosterRow

register = template.Library()

LONGEST_NAME = 24
ICONS = {
    RosterVerdict.OK: "done",
    RosterVerdict.WARNING: "warn",
    RosterVerdict.DUPLICATE: "twin",
    RosterVerdict.ERROR: "bad",
    RosterVerdict.BLANK: "dot",
}
STATE_ICONS = {Roster.State.APPLIED: "done", Roster.State.QUEUED: "half", Roster.State.PREVIEW: "clock"}
SEPARATORS = {
    ";": gettext_lazy("CSV with semicolons"),
    ",": gettext_lazy("CSV with commas"),
    "\t": gettext_lazy("CSV with tabs"),
    "|": gettext_lazy("CSV with bars"),
}
ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252"}
TONES = {RosterVerdict.WARNING: "warn", RosterVerdict.ERROR: "bad"}


@register.filter
def roster_icon(state: str) -> str:
    """{% state roster.state|roster_icon roster.get_state_display %}: one that was never applied is at its end."""
    return STATE_ICONS.get(Roster.State(state), "end")


@register.filter
def verdict_icon(verdict: str) -> str:
    """{% state row.verdict|verdict_icon row.verdict.label tone=row.verdict|verdict_tone %}"""
    return ICONS[RosterVerdict(verdict)]


@register.filter
def verdict_tone(verdict: str) -> str:
    return TONES.get(RosterVerdict(verdict), "")


@register.filter
def roster_name(row: RosterRow) -> str:
    """{{ row|roster_name }}: "Aho, Aino"; a name of a file may be as long as it likes."""
    last, first = (Truncator(row.values.get(field, "")).chars(LONGEST_NAME) for field in ("last_name", "first_name"))
    return f"{last or '–'}, {first}" if first else last or "–"


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
            return pgettext("roster", "added")
        case RosterChoice.KNOWN:
            return pgettext("roster", "enrolled")
        case _other:
            return pgettext("roster", "left out")


@register.filter
def fault_of(stored: list[object]) -> Fault:
    """{% with fault=stored|fault_of %}{{ fault.message }}: a fault kept in a roster's result."""
    return Fault.from_json(stored)


@register.filter
def found_words(found: Mapping[str, Any]) -> str:
    """{{ roster.found|found_words }}: what the file turned out to be."""
    if found["format"] == "xlsx":
        return _("Excel, sheet “%(sheet)s”") % {"sheet": found["sheet"]}
    encoding = found["encoding"]
    form = SEPARATORS.get(found["separator"], _("CSV"))
    return _("%(form)s, %(encoding)s") % {"form": form, "encoding": ENCODINGS.get(encoding, encoding.upper())}


@register.filter
def field_label(name: str) -> str:
    """{{ name|field_label }}: a field of a row in words."""
    return str(FIELDS.get(name, name))
