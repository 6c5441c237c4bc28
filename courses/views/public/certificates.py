"""Anyone may check a certificate. The name is never shown: whoever knows it types it and hears whether it matches."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules.names import fold
from courses.forms.certificates import CheckForm, CompareNameForm
from courses.models import Certificate
from courses.models.texts import in_language
from courses.selectors.certificates import find_certificate, status_of

# Guesses at the name of one certificate, by everybody together. Nobody needs more; a guesser does.
NAME_TRIES, NAME_SECONDS = 20, 3600


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def certificates_check(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        certificate = find_certificate(form.cleaned_data["number"])
        if certificate:
            return redirect("public:certificates-show", certificate.number)
        form.add_error(
            "number", _("There is no certificate with this number. Compare each letter and digit, or phone us.")
        )
    return render(request, "courses/public/certificates_check.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def certificates_show(request: HttpRequest, number: str) -> HttpResponse:
    """State, course and dates of one certificate. `number` may be its check code, as in the square code."""
    certificate = find_certificate(number)
    if certificate is None:
        check = CheckForm({"number": number[:60]})
        check.is_valid()
        check.add_error(
            "number", _("There is no certificate with this number. Compare each letter and digit, or phone us.")
        )
        return render(request, "courses/public/certificates_check.html", {"form": check}, status=404)
    form = CompareNameForm(request.POST if request.method == "POST" else None)
    matches = None
    if request.method == "POST" and form.is_valid():
        if _too_many_tries(certificate):
            form.add_error("name", _("The name has been tried too often. Try again in an hour, or phone us."))
        else:
            matches = fold(form.cleaned_data["name"]) in _names(certificate)
    words = certificate.words.get(request.LANGUAGE_CODE) or {}
    context = {
        "certificate": certificate,
        "status": status_of(certificate, timezone.localdate()),
        "title": words.get("title") or in_language(certificate.course, "title"),
        "extent": words.get("extent") or [],
        "form": form,
        "matches": matches,
    }
    return render(request, "courses/public/certificates_show.html", context)


def _names(certificate: Certificate) -> set[str]:
    """The name as it stands, and with the last name first: people write it both ways."""
    folded = fold(certificate.name)
    first, _space, last = folded.rpartition(" ")
    return {folded, f"{last} {first}".strip()}


def _too_many_tries(certificate: Certificate) -> bool:
    key = f"certificate-name-{certificate.pk}"
    cache.add(key, 0, NAME_SECONDS)
    return cache.incr(key) > NAME_TRIES
