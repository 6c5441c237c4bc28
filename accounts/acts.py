from dataclasses import dataclass
from datetime import datetime

from accounts.enums import HowAsked
from accounts.models import Person


@dataclass(frozen=True)
class Act:
    """Who does something, by which way it was asked for, and when: made once where a request, a task or a command begins,
    and handed down unchanged, so that everything written for it bears one moment. `by` is None for the public and for
    what happens by itself."""

    by: Person | None
    via: HowAsked
    at: datetime
