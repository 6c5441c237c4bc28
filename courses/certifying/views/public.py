"""Anyone may check a certificate. The name is shown to whoever knows it already: they type it, and it has to match."""

import hashlib

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules.names import fold
from courses.catalogue.models.texts import in_language
from courses.certifying.forms import CheckForm, CompareNameForm
from courses.certifying.models import Certificate
from courses.certifying.selectors import find_certificate, status_of
from courses.certifying.wording import no_such_certificate

# Guesses at the name of one certificate, by everybody together. Nobody needs more; a guesser does.
NAME_TRIES, NAME_SECONDS = 20, 3600
# Looks at certificates from one machine. A class in a library shares one address.
LOOKS, LOOK_SECONDS = 120, 60


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def certificates_check(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _looks_too_often(request):
            return _too_often(request)
        certificate = find_certificate(form.cleaned_data["number"])
        if certificate is None:
            form.add_error("number", no_such_certificate())
        elif form.cleaned_data["name"]:
            return _answer(request, certificate, CompareNameForm({"name": form.cleaned_data["name"]}))
        else:
            return redirect("public:certificates-show", certificate.number)
    return render(request, "courses/certifying/public/certificates_check.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def certificates_show(request: HttpRequest, number: str) -> HttpResponse:
    """State, course and dates of one certificate. `number` may be its check code, as in the square code."""
    if _looks_too_often(request):
        return _too_often(request)
    certificate = find_certificate(number)
    if certificate is None:
        form = CheckForm({"number": number[:60]})
        form.is_valid()
        form.add_error("number", no_such_certificate())
        return render(request, "courses/certifying/public/certificates_check.html", {"form": form}, status=404)
    return _answer(request, certificate, CompareNameForm(request.POST if request.method == "POST" else None))


def _answer(request: HttpRequest, certificate: Certificate, form: CompareNameForm) -> HttpResponse:
    matches = None
    if form.is_bound and form.is_valid():
        if _is_over(f"certificate-name-{certificate.pk}", NAME_TRIES, NAME_SECONDS):
            form.add_error("name", _("The name has been tried too often. Try again in an hour, or phone us."))
        else:
            matches = sorted(fold(form.cleaned_data["name"]).split()) == sorted(fold(certificate.name).split())
    language = get_language() or "fi"
    words = certificate.words.get(language) or {}
    context = {
        "certificate": certificate,
        "status": status_of(certificate, timezone.localdate()),
        "title": words.get("title") or in_language(certificate.course, "title"),
        "extent": words.get("extent") or [],
        "form": form,
        "matches": matches,
    }
    return render(request, "courses/certifying/public/certificates_show.html", context)


def _looks_too_often(request: HttpRequest) -> bool:
    address = get_adapter().get_client_ip(request)
    digest = hashlib.sha256(address.encode()).hexdigest()[:24]
    return _is_over(f"certificate-looks-{digest}", LOOKS, LOOK_SECONDS)


def _is_over(key: str, limit: int, seconds: int) -> bool:
    """Counts one more try; whether there were too many of them in the time."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > limit
    except ValueError:  # it lapsed between the two
        return False


def _too_often(request: HttpRequest) -> HttpResponse:
    context = {"form": CheckForm(), "too_often": True}
    return render(request, "courses/certifying/public/certificates_check.html", context, status=429)
