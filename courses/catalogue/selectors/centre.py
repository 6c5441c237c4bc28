"""The centre's name, phone and hours, which stand on every page: one query, kept in the cache between changes."""

from dataclasses import dataclass

from django.core.cache import cache

from accounts.rules.phones import show_phone
from courses.catalogue.models import Centre
from courses.catalogue.models.texts import in_language

CACHE_KEY = "centre"
# The cache is emptied at each change; the limit is for a cache that several machines do not share.
KEPT_SECONDS = 60


@dataclass(frozen=True)
class CentreFacts:
    """What pages, mails and letters say about the centre. The hours are in the reader's language of that moment."""

    name: str = "AI-mentorit"
    phone: str = ""
    phone_href: str = ""
    email: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    mentor_target: int = 100
    is_demo: bool = False
    hours_fi: str = ""
    hours_sv: str = ""
    hours_en: str = ""

    @property
    def hours(self) -> str:
        return in_language(self, "hours")


# Before an administrator has written anything: a name, and no number rather than a wrong one.
UNKNOWN = CentreFacts()


def the_centre() -> Centre:
    """The one row, unsaved with the usual values when nobody has written it yet."""
    return Centre.objects.filter(pk=1).first() or Centre(pk=1)


def centre_facts() -> CentreFacts:
    facts = cache.get(CACHE_KEY)
    if facts is None:
        facts = _read()
        cache.set(CACHE_KEY, facts, KEPT_SECONDS)
    return facts


def forget_centre() -> None:
    """Called after a change has been committed."""
    cache.delete(CACHE_KEY)


def _read() -> CentreFacts:
    centre = Centre.objects.filter(pk=1).first()
    if centre is None:
        return UNKNOWN
    return CentreFacts(
        name=centre.name,
        phone=show_phone(centre.phone),
        phone_href=f"tel:{centre.phone}",
        email=centre.email,
        street=centre.street,
        postal_code=centre.postal_code,
        city=centre.city,
        mentor_target=centre.mentor_target,
        is_demo=centre.is_demo,
        hours_fi=centre.hours_fi,
        hours_sv=centre.hours_sv,
        hours_en=centre.hours_en,
    )
