from collections.abc import Iterable

from accounts.exceptions import RuleError


class BadRecords(RuleError):
    """A records package has faults; nothing of it was written. Each reason names file, line and column."""

    def __init__(self, reasons: Iterable[object]) -> None:
        super().__init__(reasons, code="records")
