from django.conf import settings
from django.http import HttpResponse

from courses.catalogue.models import Centre
from courses.certifying.documents import certificates_pdf
from courses.certifying.models import Certificate


def pdf_response(certificates: list[Certificate]) -> HttpResponse:
    """One PDF of one certificate or of many, shown in the browser."""
    file = certificates_pdf(certificates, centre=Centre.objects.first(), site_url=settings.SITE_URL)
    name = f"{certificates[0].number}.pdf" if len(certificates) == 1 else "certificates.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(file, content_type="application/pdf", headers=headers)
