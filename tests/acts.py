from datetime import datetime

from django.utils import timezone

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.models import Person


def act(by: Person | None = None, via: HowAsked = HowAsked.DESK, at: datetime | None = None) -> Act:
    """What a view hands to a service: by nobody, at the desk and now, unless said otherwise."""
    return Act(by=by, via=via, at=at or timezone.now())
