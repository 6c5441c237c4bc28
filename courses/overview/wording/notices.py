"""What a thing that needs somebody looks like, whichever page lists it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Person


@dataclass(frozen=True)
class Notice:
    """A shape, what it is, why it needs somebody, and one action.

    `tone`: empty (normal), warn or bad. `about`: what the action is about, for screen readers, where its words do not say it.
    """

    icon: str
    title: str
    why: str
    action: str
    url: str
    tone: str = ""
    about: str = ""


def call_or_open(person: Person, *, title: str, why: str) -> Notice:
    """Somebody to phone, or to look at when no number is known."""
    if person.phone:
        action, url, about = _("Phone %(phone)s") % {"phone": person.shown_phone}, f"tel:{person.phone}", ""
    else:
        action, url, about = (
            _("Open the person"),
            reverse("coordinator:people-detail", args=[person.code]),
            person.list_name,
        )
    return Notice("call", title, why, action, url, tone="warn", about=about)


def language() -> str:
    return get_language() or "en"
