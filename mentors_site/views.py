from collections.abc import Callable
from datetime import UTC, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.kept_forms import fields_of
from accounts.next_pages import path_here
from courses.catalogue.selectors.centre import the_centre
from courses.registry.wording.retention import periods_kept
from mentors_site.context_processors import READING_COOKIE, READINGS, roles_of
from mentors_site.gallery import samples

SECURITY_VALID = timedelta(days=180)
READING_COOKIE_AGE = 365 * 24 * 60 * 60


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For the machine that watches the site: 200 `ok` when the web process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Pages that ask for signing in need no visit; what a code opens says so itself (OpenPagesMiddleware)."""
    actors = ("administrator", "coordinator", "learner", "trainer", "viewer")
    lines = ["User-agent: *", *(f"Disallow: /*/{actor}/" for actor in actors)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For programs that ask for the icon without reading a page."""
    return HttpResponseRedirect(static("img/mark.svg"))


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116). Says nothing (404) while the centre has given no way to reach it."""
    centre = the_centre()
    ways = [f"mailto:{centre.email}"] if centre.email else [f"tel:{centre.phone}"] if centre.phone else []
    if not ways:
        raise Http404
    expires = (timezone.now() + SECURITY_VALID).replace(microsecond=0)
    lines = [
        *(f"Contact: {way}" for way in ways),
        f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fi, sv, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _statement(template: str) -> Callable[[HttpRequest], HttpResponse]:
    """A page of text for anyone."""

    @login_not_required
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, template)

    return page


accessibility = _statement("pages/accessibility.html")
ethics = _statement("pages/ethics.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html", {"periods": periods_kept()})


@login_not_required
@require_POST
def reading_edit(request: HttpRequest) -> HttpResponse:
    """Keeps how this browser's reader wants the pages (`reading`: one of READINGS) and goes back to the page asked from."""
    response = HttpResponseRedirect(path_here(request.POST.get("next", "")) or "/")
    reading = request.POST.get("reading", "")
    if reading in READINGS:
        response.set_cookie(
            READING_COOKIE,
            reading.replace(" ", "-"),
            max_age=READING_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@require_safe
def gallery(request: HttpRequest, density: str = "dense") -> HttpResponse:
    """Each component in every state, for those who build pages."""
    if not roles_of(request) & {"coordinator", "administrator"}:
        raise Http404
    return render(request, f"gallery_{density}.html", samples())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is gone: an old page, or cookies are off.

    One that comes from a page of this very site, as the browser itself says, can be sent again with a new token.
    """
    again = request.headers.get("Sec-Fetch-Site") == "same-origin" and not request.FILES
    context = {"again": again, "fields": fields_of(request) if again else []}
    return render(request, "403_csrf.html", context, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context processors: neither the database nor the session may be asked when something is broken."""
    return render(None, "500.html", status=500)
