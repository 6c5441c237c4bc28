from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest
from courses.certifying.selectors import certificates_of
from courses.certifying.views.pdf_files import pdf_response


@require_safe
def certificates_pdf(request: PersonRequest, number: str) -> HttpResponse:
    certificate = get_object_or_404(certificates_of(request.user), number=number)
    if certificate.revoked_at:
        raise Http404
    return pdf_response([certificate])
