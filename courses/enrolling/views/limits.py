"""How often anyone may do what needs no account. The counting is allauth's, in the cache that all processes share; the
client address is the account adapter's, which believes proxies no further than TRUSTED_PROXY_COUNT."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest


def is_too_often(request: HttpRequest, action: str) -> bool:
    """Counts one more of `action` (settings.APPLICATION_LIMITS); whether that is more than the limit."""
    return _usage(request, action, dry_run=False) is None


def is_used_up(request: HttpRequest, action: str) -> bool:
    """Whether one more would be too many; counts nothing."""
    return _usage(request, action, dry_run=True) is None


def _usage(request: HttpRequest, action: str, *, dry_run: bool) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(
        request,
        app="courses.applications",
        action=action,
        config=settings.APPLICATION_LIMITS,
        key="all",
        dry_run=dry_run,
    )
