"""A cell of a table as people read it.

A cell is text, a number, a Share, or None where it is hidden.
"""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from courses.reporting.rules.disclosure import HIDDEN_WORDS

NOTHING = "–"


class Share(float):
    """A part of one, written as a percentage."""


Cell = str | int | float | None


def cell_words(cell: Cell) -> str:
    """In the reader's language."""
    match cell:
        case None:
            return HIDDEN_WORDS
        case Share():
            return percent(cell)
        case int():
            return number_format(cell, use_l10n=True, force_grouping=cell >= 10_000)
        case float():
            return number_format(cell)
        case _:
            return str(cell)


def file_words(cell: Cell) -> str:
    """A cell in a file: without the marks that keep a line from breaking, which only searching would stumble over."""
    return cell_words(cell).replace("\u2060", "").replace("\u00a0", " ")


def percent(share: float | None, decimals: int = 0) -> str:
    if share is None:
        return NOTHING
    return _("%(number)s %%") % {"number": number_format(f"{share * 100:.{decimals}f}")}


def share_cell(part: float | None, whole: float | None) -> Cell:
    """The share; a dash of nothing, and when one of the two is hidden."""
    return Share(part / whole) if whole and part is not None else NOTHING
