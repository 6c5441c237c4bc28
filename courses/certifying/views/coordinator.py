"""Certificates: what is to be issued, what stands, one of them, its PDF, its revocation; and who is a mentor."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError
from accounts.refusals import refuse, say_refusal
from courses.certifying.enums import CertificateStatus
from courses.certifying.forms import CertificatesDayForm, IssueForm, RevokeForm
from courses.certifying.selectors import (
    certificates_with_people,
    completions_to_certify,
    counts_by_status,
    is_mentor,
    mentor_numbers,
    mentors_with_facts,
    status_of,
    with_status,
)
from courses.certifying.services import issue_certificates, revoke_certificate
from courses.certifying.views.pdf_files import pdf_response
from courses.certifying.wording import certificates_issued

PER_PAGE = 50
# As many certificates as one printed file holds.
PRINTED_AT_ONCE = 200


@require_safe
@for_coordinator
def certificates_list(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    status = request.GET.get("status", "")
    rows = certificates_with_people()
    issued_on = _asked_day(request)
    if issued_on:
        rows = rows.filter(issued_on=issued_on)
    if status in CertificateStatus.values:
        rows = rows.filter(with_status(status, today))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    counts = counts_by_status(today)
    tabs = [("?", pgettext("certificates", "All"), sum(counts.values()), status not in CertificateStatus.values)]
    tabs += [(f"?status={one}", str(one.label), counts[one], status == one) for one in CertificateStatus]
    context = {
        "page_obj": page,
        "rows": [(certificate, status_of(certificate, today)) for certificate in page],
        "tabs": tabs,
        "issued_on": issued_on,
        "status": status,
        "waiting": completions_to_certify(today).count(),
    }
    return render(request, "courses/certifying/coordinator/certificates_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def certificates_issue(request: PersonRequest) -> HttpResponse:
    """All who completed and have no certificate yet; issues to those chosen."""
    waiting = completions_to_certify(timezone.localdate())
    if request.method == "POST":
        form = IssueForm(request.POST)
        form.is_valid()
        completions = list(waiting.filter(pk__in=form.cleaned_data["completion"]))
        try:
            if not completions:
                raise RuleError([_("Choose the people first.")])
            issued = issue_certificates(completions=completions, act=act_of(request))
        except RuleError as error:
            say_refusal(request, error)
            return redirect("coordinator:certificates-issue")
        messages.success(request, certificates_issued(len(issued)))
        return redirect(f"{reverse('coordinator:certificates-list')}?issued={issued[0].issued_on.isoformat()}")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/certifying/coordinator/certificates_issue.html", {"page_obj": page})


@require_safe
@for_coordinator
def certificates_detail(request: PersonRequest, number: str) -> HttpResponse:
    certificate = get_object_or_404(certificates_with_people().select_related("issued_by", "revoked_by"), number=number)
    context = {"certificate": certificate, "status": status_of(certificate, timezone.localdate())}
    return render(request, "courses/certifying/coordinator/certificates_detail.html", context)


@require_safe
@for_coordinator
def certificates_pdf_file(request: PersonRequest, number: str) -> HttpResponse:
    return pdf_response([get_object_or_404(certificates_with_people(), number=number)])


@require_safe
@for_coordinator
def certificates_print(request: PersonRequest) -> HttpResponse:
    """Certificates of one day (`?issued=`) or of the last week in one file, in the order of their numbers."""
    issued_on = _asked_day(request)
    since = issued_on or timezone.localdate() - timedelta(days=7)
    rows = certificates_with_people().filter(issued_on__gte=since, revoked_at__isnull=True).order_by("number")
    if issued_on:
        rows = rows.filter(issued_on=issued_on)
    certificates = list(rows[:PRINTED_AT_ONCE])
    if not certificates:
        messages.info(request, _("No certificate was issued then."))
        return redirect("coordinator:certificates-list")
    return pdf_response(certificates)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def certificates_revoke(request: PersonRequest, number: str) -> HttpResponse:
    certificate = get_object_or_404(certificates_with_people(), number=number)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_certificate(certificate=certificate, act=act_of(request), reason=form.cleaned_data["reason"])
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Certificate %(number)s is revoked.") % {"number": certificate.number})
            return redirect("coordinator:certificates-detail", certificate.number)
    context = {"certificate": certificate, "form": form}
    return render(request, "courses/certifying/coordinator/certificates_revoke.html", context)


@require_safe
@for_coordinator
def mentoring_list(request: PersonRequest) -> HttpResponse:
    today = timezone.localdate()
    mentors = mentors_with_facts(today)
    context = {
        "page_obj": Paginator(mentors, PER_PAGE).get_page(request.GET.get("page")),
        "today": today,
        "numbers": mentor_numbers(today),
        "former": mentors.exclude(is_mentor(today, "person")).count(),
    }
    return render(request, "courses/certifying/coordinator/mentoring_list.html", context)


def _asked_day(request: PersonRequest) -> date | None:
    """The day of `?issued=`; None when there is none or it is no day."""
    form = CertificatesDayForm(request.GET)
    return form.cleaned_data["issued"] if form.is_valid() else None
