from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

READING_COOKIE = "reading"
# What a reader may ask for; the words are classes of <html> (css/tokens.css).
READINGS = ("", "larger", "contrast", "larger contrast")


def site(request: HttpRequest) -> dict[str, object]:
    """`DEMO`: whether demo people and the demo mailbox are offered. `SITE_URL`: without a slash at its end.

    `reading`: how this reader wants the pages, one of READINGS. `roles`: what the person is, asked only when a template looks.
    `idle_seconds`: how long staff may do nothing.
    """
    return {
        "DEMO": settings.DEMO,
        "SITE_URL": settings.SITE_URL,
        "reading": reading_of(request),
        "idle_seconds": int(settings.STAFF_IDLE.total_seconds()),
        "roles": SimpleLazyObject(lambda: roles_of(request)),
    }


def reading_of(request: HttpRequest) -> str:
    reading = request.COOKIES.get(READING_COOKIE, "").replace("-", " ")
    return reading if reading in READINGS else ""


def roles_of(request: HttpRequest) -> frozenset[str]:
    user = getattr(request, "user", None)
    return user.roles if user is not None and user.is_authenticated else frozenset()
