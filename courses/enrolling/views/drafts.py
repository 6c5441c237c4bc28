"""What somebody writes in an application before it is sent, and the application that a code has opened.

Both stand in the session, in the database: a page may lie open for a day, and neither a name nor a code is ever in an address.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.applications import application_by_id

DRAFT, OPENED = "application_draft", "application_opened"
DRAFT_KEPT = timedelta(days=2)
OPEN_IDLE = timedelta(minutes=30)


@dataclass(frozen=True)
class Draft:
    """`steps`: step -> what was typed there, by the names of the fields. `key` tells one draft from the next."""

    key: str
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def draft_of(request: HttpRequest) -> Draft | None:
    kept = request.session.get(DRAFT)
    if not kept or timezone.now().timestamp() - kept["at"] > DRAFT_KEPT.total_seconds():
        return None
    return Draft(kept["key"], kept["steps"])


def keep_step(request: HttpRequest, step: str, typed: Mapping[str, str]) -> None:
    draft = draft_of(request) or Draft(secrets.token_urlsafe(24))
    request.session[DRAFT] = {
        "key": draft.key,
        "steps": {**draft.steps, step: dict(typed)},
        "at": timezone.now().timestamp(),
    }
    if not request.user.is_authenticated:
        request.session.set_expiry(DRAFT_KEPT)


def drop_draft(request: HttpRequest) -> None:
    request.session.pop(DRAFT, None)


@dataclass(frozen=True)
class Sent:
    """An application that was sent a moment ago. `enrollments`: the ids of all who were in it, the sender first.

    None were written for a machine that filled in the field that no person sees: it is shown `cohort` and `code` all the
    same.
    """

    enrollments: list[int]
    cohort: str = ""
    code: str = ""
    first_name: str = ""


def open_application(request: HttpRequest, enrollment: Enrollment) -> None:
    """Opens one application in this session, by a code that was typed."""
    # Whoever planted a session in this browser must not look along.
    request.session.cycle_key()
    request.session[OPENED] = {"pk": enrollment.pk, "at": timezone.now().timestamp()}


def open_sent(request: HttpRequest, sent: Sent) -> None:
    # The key stays: of a button pressed twice, the second answer is the one that the browser shows.
    request.session[OPENED] = {
        "pk": sent.enrollments[0] if sent.enrollments else 0,
        "at": timezone.now().timestamp(),
        "sent": [sent.enrollments, sent.cohort, sent.code, sent.first_name],
    }


def opened_application(request: HttpRequest) -> Enrollment | None:
    """The application that stands open in this session, until half an hour has passed without a click."""
    kept = _opened(request)
    return application_by_id(kept["pk"]) if kept else None


def sent_application(request: HttpRequest) -> Sent | None:
    kept = _opened(request)
    return Sent(*kept["sent"]) if kept and "sent" in kept else None


def close_application(request: HttpRequest) -> None:
    request.session.pop(OPENED, None)


def _opened(request: HttpRequest) -> dict | None:
    kept = request.session.get(OPENED)
    now = timezone.now().timestamp()
    if not kept or now - kept["at"] > OPEN_IDLE.total_seconds():
        return None
    request.session[OPENED] = {**kept, "at": now}
    return kept
