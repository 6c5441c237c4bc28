"""What to arrange, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.enrolling.models import SupportNeeds


@dataclass(frozen=True)
class Arrangement:
    """One thing to arrange, with its shape (icons.svg)."""

    icon: str
    words: str


def arrangements(needs: SupportNeeds) -> list[Arrangement]:
    """One line each for the person's row: the wishes in a fixed order, the note last."""
    asked = [
        (needs.hearing_loop, "loop", _("hearing loop")),
        (needs.wheelchair, "wheelchair", _("room for a wheelchair")),
        (needs.loan_device, "screen", _("a device on loan")),
        (bool(needs.note), "help", needs.note),
    ]
    return [Arrangement(icon, words) for wanted, icon, words in asked if wanted]


def to_arrange(needs: Iterable[SupportNeeds]) -> str:
    """All together, counted and without names: “To arrange: hearing loop (2), a device on loan (1)”. Empty when there is
    nothing. Notes are counted, not quoted: this goes on paper too."""
    needs = list(needs)
    counted = [
        (sum(row.hearing_loop for row in needs), _("hearing loop (%(count)d)")),
        (sum(row.wheelchair for row in needs), _("room for a wheelchair (%(count)d)")),
        (sum(row.loan_device for row in needs), _("a device on loan (%(count)d)")),
        (sum(bool(row.note) for row in needs), _("another arrangement (%(count)d)")),
    ]
    things = ", ".join(words % {"count": count} for count, words in counted if count)
    return _("To arrange: %(things)s") % {"things": things} if things else ""
