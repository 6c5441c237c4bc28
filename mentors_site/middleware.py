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
        if request.user.is_authenticated and request.user.is_staff:
            now = timezone.now().timestamp()
            seen_at = request.session.get(SEEN_AT, now)
            if now - seen_at > settings.STAFF_IDLE.total_seconds():
                logout(request)
            elif SEEN_AT not in request.session or now - seen_at >= SEEN_EVERY_SECONDS:
                request.session[SEEN_AT] = now
        return self.get_response(request)
