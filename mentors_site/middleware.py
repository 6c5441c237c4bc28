from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]

SEEN_AT = "seen_at"
# Noting each click would make every page a write.
SEEN_EVERY_SECONDS = 60


class PrivatePagesMiddleware:
    """What a signed-in person saw is in no cache, neither the library computer's nor a proxy's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response


class StaffIdleMiddleware:
    """Signs staff out after `STAFF_IDLE` without a click; a learner's session lasts as long as its cookie."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            idle = now - request.session.get(SEEN_AT, 0)
            was_seen = SEEN_AT in request.session
            # The roles are asked for after a long pause only, not on each click.
            if was_seen and idle > settings.STAFF_IDLE.total_seconds() and request.user.roles:
                logout(request)
            elif idle >= SEEN_EVERY_SECONDS:
                request.session[SEEN_AT] = now
        return self.get_response(request)
