"""What is said of a roster as a whole: of its columns and its size, of rows in error, of what was done and what stays."""

from collections.abc import Collection, Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.importing.rosters.rules import Found
from courses.importing.rosters.rules.vocabulary import is_identity_column
from courses.importing.rosters.rules.whole_names import FIRST_LAST, LAST_FIRST, WHOLE_NAMES
from courses.importing.rosters.selectors import Obstacle

MOST_PEOPLE = 20


def notices(found: Found) -> list[str]:
    """What a reader of the preview should know about the file as a whole, as sentences."""
    said = _of_sheets(found)
    identity = [title for title in found["ignored"] if is_identity_column(title)]
    others = [title for title in found["ignored"] if title not in identity]
    if identity:
        said.append(
            _("The column “%(column)s” is not read. We do not need identity codes: leave them out next time.")
            % {"column": identity[0]}
        )
    if others:
        said.append(
            ngettext(
                "This column is not known and is not read: %(columns)s.",
                "These columns are not known and are not read: %(columns)s.",
                len(others),
            )
            % {"columns": get_text_list([f"“{title}”" for title in others], _("and"))}
        )
    columns = dict(found["columns"])
    said += [_of_whole_names(name) % {"column": title} for name, title in columns.items() if name in WHOLE_NAMES]
    if "note" in columns:
        said.append(
            _("The column “%(column)s” is shown here for you to read. It is not stored.") % {"column": columns["note"]}
        )
    if "cohort" not in columns:
        said.append(_("No column names the group: everybody goes to the group chosen for the whole file."))
    return said


def _of_sheets(found: Found) -> list[str]:
    """Which sheet was taken, when it is not simply the first one."""
    said = []
    if found.get("empty_sheets"):
        said.append(
            _("The sheet “%(empty)s” is empty. The sheet “%(sheet)s” is read.")
            % {"empty": found["empty_sheets"][0], "sheet": found["sheet"]}
        )
    if others := found.get("other_sheets"):
        names = get_text_list([f"“{title}”" for title in others], _("and"))
        said.append(
            ngettext(
                "This sheet holds something too and is not read: %(sheets)s. If the list is there, put its sheet first.",
                "These sheets hold something too and are not read: %(sheets)s. If the list is there, put its sheet first.",
                len(others),
            )
            % {"sheets": names}
        )
    return said


def _of_whole_names(name: str) -> str:
    """With a place for the title of the column."""
    if name == LAST_FIRST:
        return _("In the column “%(column)s” the last name comes first. If it does not, correct the columns.")
    if name == FIRST_LAST:
        return _("In the column “%(column)s” the first name comes first. If it does not, correct the columns.")
    return _(
        "The column “%(column)s” does not tell which is the last name. Correct the columns: say which comes first."
    )


def column_missing(fields: Collection[str]) -> str:
    """`fields`: what the columns hold; there is no whole name among them."""
    return _("The column “%(column)s” is missing. Add it, or write its name in the first row.") % {
        "column": _("Last name") if "last_name" not in fields else _("First name")
    }


def too_many_rows(limit: int) -> str:
    return ngettext(
        "The file has more than %(limit)d row. Split it into smaller files.",
        "The file has more than %(limit)d rows. Split it into smaller files.",
        limit,
    ) % {"limit": limit}


def too_many_columns(limit: int) -> str:
    return ngettext(
        "The file has more than %(limit)d column. Leave the others out.",
        "The file has more than %(limit)d columns. Leave the others out.",
        limit,
    ) % {"limit": limit}


def rows_in_error(numbers: Sequence[int]) -> str:
    return ngettext(
        "%(count)d row is in error, the first is row %(row)d. Correct it, or leave it out.",
        "%(count)d rows are in error, the first is row %(row)d. Correct them, or leave them out.",
        len(numbers),
    ) % {"count": len(numbers), "row": numbers[0]}


def people_enrolled(count: int) -> str:
    return ngettext("%(count)d person is enrolled.", "%(count)d people are enrolled.", count) % {"count": count}


def messages_released(count: int) -> str:
    return ngettext("%(count)d message goes out.", "%(count)d messages go out.", count) % {"count": count}


def what_depends(obstacles: Sequence[Obstacle]) -> list[str]:
    """Why the roster cannot be undone: a line for each person, but of no more than MOST_PEOPLE."""
    said = [
        _("%(name)s: %(reasons)s")
        % {"name": one.person.list_name if one.person else _("One person"), "reasons": " ".join(one.reasons)}
        for one in obstacles[:MOST_PEOPLE]
    ]
    if len(obstacles) > MOST_PEOPLE:
        said.append(_("And as many as %(count)d others.") % {"count": len(obstacles) - MOST_PEOPLE})
    return said
