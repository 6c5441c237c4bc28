from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from courses.importing.records.exceptions import BadRecords

MOST_PROBLEMS = 50


class Problem(NamedTuple):
    """What is wrong, and where. `line` 0: with the file as a whole; no `column`: with the whole line."""

    file: str
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        values = self._asdict()
        if not self.line:
            return _("%(file)s: %(text)s") % values
        if not self.column:
            return _("%(file)s, line %(line)d: %(text)s") % values
        return _("%(file)s, line %(line)d, column %(column)s: %(text)s") % values


def refuse_problems(problems: Sequence[Problem]) -> None:
    """Raises BadRecords with the first fifty, when there are any."""
    if problems:
        raise BadRecords(str(problem) for problem in problems[:MOST_PROBLEMS])
