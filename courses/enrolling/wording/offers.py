"""What giving up an offered seat means, before it is done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class GivingUp:
    question: str
    effects: list[str]
    action: str


def giving_up(*, leaving: int, staying: int) -> GivingUp:
    """`leaving`: how many say no with this one answer; `staying`: how many of the party are left when one alone says no."""
    if leaving > 1:
        seats = ngettext(
            "%(number)d seat goes to the next in the queue.", "%(number)d seats go to the next in the queue.", leaving
        )
        effects = [
            seats % {"number": leaving},
            _("None of you is in the queue any more."),
        ]
        return GivingUp(_("None of you comes?"), [*effects, _last_way_back()], _("Yes, none of us comes"))
    effects = [_("The seat goes to the next in the queue."), _("You are not in the queue any more.")]
    if staying:
        effects.append(_("Those who come with you keep what they have, and we ask them what they want to do."))
    return GivingUp(_("You do not come?"), [*effects, _last_way_back()], _("Yes, I give up the seat"))


def _last_way_back() -> str:
    return _("If it was a mistake, you can take it back on the next page as long as nobody else has been asked.")
