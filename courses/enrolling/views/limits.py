"""How often anyone may do what needs no account. The counting is allauth's, in the cache that all processes share; the
client address is the account adapter's, which believes proxies no further than TRUSTED_PROXY_COUNT."""

from allauth.core import ratelimit
from django.http import HttpRequest


def is_too_often(request: HttpRequest, action: str) -> bool:
    """Counts one more of `action` (settings.ACCOUNT_RATE_LIMITS); whether that is more than the limit."""
    return not ratelimit.consume(request, action=action, key="all")


def is_used_up(request: HttpRequest, action: str) -> bool:
    """Whether one more would be too many; counts nothing."""
    return not ratelimit.consume(request, action=action, key="all", dry_run=True)
