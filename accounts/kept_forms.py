"""What somebody sent when their session had just run out. It waits in the session until they have signed in again.

Nothing typed is lost by being away: the form is sent once more with one press, and is judged then as if it came anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

WAITS_FOR, KEPT_FORM = "waits_for", "kept_form"
KEPT_FOR = timedelta(hours=1)
MOST_CHARACTERS = 500_000
CSRF_FIELD = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class KeptForm:
    """`path`: where it was sent. `fields`: (name, value), several of one name in their order."""

    path: str
    fields: Sequence[tuple[str, str]]


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form holds: chosen files are not kept, and the token is of no more use."""
    return [(name, value) for name, values in request.POST.lists() if name != CSRF_FIELD for value in values]


def keep_forms_of(request: HttpRequest, person_id: int) -> None:
    """From now on what this browser sends waits for that person, who has just been signed out by the clock."""
    request.session[WAITS_FOR] = person_id
    request.session.set_expiry(KEPT_FOR)


def keep_form(request: HttpRequest) -> bool:
    """Keeps what is sent now; of several forms the last. False for nobody in particular, and for what is too long to keep."""
    fields = fields_of(request)
    if WAITS_FOR not in request.session or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return False
    request.session[KEPT_FORM] = {
        "person": request.session[WAITS_FOR],
        "path": request.get_full_path(),
        "fields": fields,
        "at": timezone.now().timestamp(),
    }
    return True


def kept_form(request: HttpRequest) -> KeptForm | None:
    """The one of the person who is signed in, for an hour. Another person's is dropped unseen."""
    kept = request.session.get(KEPT_FORM)
    if not kept:
        return None
    if kept["person"] != request.user.pk or timezone.now().timestamp() - kept["at"] > KEPT_FOR.total_seconds():
        drop_kept_form(request)
        return None
    return KeptForm(kept["path"], [(name, value) for name, value in kept["fields"]])


def drop_kept_form(request: HttpRequest) -> None:
    request.session.pop(KEPT_FORM, None)
    # The session of somebody who has signed in lasts as long as any.
    request.session.set_expiry(None)
