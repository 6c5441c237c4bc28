from collections.abc import Iterable
from typing import Any

from accounts.exceptions import RuleError

__all__ = ["BadRecords", "CohortFull", "RuleError", "StaleEdit"]


class CohortFull(RuleError):
    """No seat is free."""


class StaleEdit(RuleError):
    """Somebody else changed the same thing meanwhile; `conflicts` names what, their value, who and when."""

    def __init__(self, reasons: Iterable[object], conflicts: Iterable[Any] = ()) -> None:
        super().__init__(reasons, code="stale")
        self.conflicts = list(conflicts)


class BadRecords(RuleError):
    """A records package has faults; nothing of it was written. Each reason names file, line and column."""

    def __init__(self, reasons: Iterable[object]) -> None:
        super().__init__(reasons, code="records")
