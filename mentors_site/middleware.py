from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts.kept_forms import keep_form, keep_forms_of

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]


SEEN_AT = "seen_at"
# Noting each click would make every page a write.
SEEN_EVERY_SECONDS = 60
NOTHING_TYPED = "account_stay"


# What anyone may find in a search engine: no code opens them.
OPEN_PAGES = {"public:catalogue", "public:cohorts-detail", "accessibility", "ethics", "privacy"}
# Those of them that hold no form, and so no token.
COMPRESSED_PAGES = OPEN_PAGES - {"accessibility"}


class OpenPagesMiddleware(GZipMiddleware):
    """Compresses open pages without a form, as strangers see them, and keeps every other page out of search engines.

    Only those: where a secret stands beside what the address brought along, the size of a compressed page gives the
    secret away (BREACH). So nothing for who is signed in, and nothing with a query.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.resolver_match is None:
            return response
        name = request.resolver_match.view_name
        if name not in OPEN_PAGES:
            response["X-Robots-Tag"] = "noindex"
        if name not in COMPRESSED_PAGES or request.META["QUERY_STRING"] or request.user.is_authenticated:
            return response
        return super().process_response(request, response)


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
    """Signs staff out after `STAFF_IDLE` without a click; a learner's session lasts as long as its cookie.

    After the check of a form's token, so that a stranger's page cannot leave anything to be sent (SignInMiddleware).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> None:
        if not request.user.is_authenticated:
            return
        now = timezone.now().timestamp()
        idle = now - request.session.get(SEEN_AT, 0)
        was_seen = SEEN_AT in request.session
        # The roles are asked for after a long pause only, not on each click.
        if was_seen and idle > settings.STAFF_IDLE.total_seconds() and request.user.roles:
            person_id = request.user.pk
            logout(request)
            keep_forms_of(request, person_id)
            messages.info(request, _("You were signed out, because nothing was pressed for half an hour."))
        elif idle >= SEEN_EVERY_SECONDS:
            request.session[SEEN_AT] = now


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's own; besides, what somebody sends after their pause waits until they have signed in, and a part of a page
    that htmx asks for leads the whole page to the sign-in."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple, view_kwargs: dict
    ) -> HttpResponseBase | None:
        to_sign_in = super().process_view(request, view_func, view_args, view_kwargs)
        if to_sign_in is None:
            return None
        kept = request.method == "POST" and not _types_nothing(request) and keep_form(request)
        htmx = HtmxDetails(request)
        if not kept and not htmx:
            return to_sign_in
        back = reverse("account_kept_form") if kept else htmx.current_url_abs_path or "/"
        address = redirect_to_login(back).url
        return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def _types_nothing(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name == NOTHING_TYPED
