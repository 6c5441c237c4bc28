from collections.abc import Iterable
from typing import Any


class RuleError(Exception):
    """A rule says no. `reasons` are whole sentences in the reader's language, ready to be shown.

    `code` lets a caller tell one refusal from another without reading the words.
    """

    def __init__(self, reasons: Iterable[object], *, code: str = "") -> None:
        self.reasons = [str(reason) for reason in reasons]
        self.code = code
        super().__init__(" ".join(self.reasons))


class MailUnavailable(Exception):
    """The mail server could not be reached; nothing was sent."""


class StaleEdit(RuleError):
    """Somebody else changed the same thing meanwhile; `conflicts` names what, their value, who and when."""

    def __init__(self, reasons: Iterable[object], conflicts: Iterable[Any] = ()) -> None:
        super().__init__(reasons, code="stale")
        self.conflicts = list(conflicts)
