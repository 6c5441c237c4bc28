"""Support needs: what may be asked for, and how long it is kept."""

from datetime import timedelta
from typing import TypedDict

# After the cohort's end, or after the person's own place ended.
KEPT_AFTER_END = timedelta(days=30)


class NeedsData(TypedDict, total=False):
    """What to arrange; what is left out is not needed. `note`: another arrangement in a few words."""

    hearing_loop: bool
    wheelchair: bool
    loan_device: bool
    note: str
