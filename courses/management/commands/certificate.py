from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.catalogue.models import Centre
from courses.certifying.documents import certificates_pdf
from courses.certifying.selectors import find_certificate


class Command(BaseCommand):
    help = (
        "Writes one certificate to a file, in its holder's language.\n"
        "Example: manage.py certificate ESP-AIM-2027-0042 -o certificate.pdf"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER", help="number or check code")
        parser.add_argument("--format", choices=["pdf", "jwt", "jsonld"], default="pdf")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, required=True)

    def handle(self, *, number: str, format: str, output: Path, **options: object) -> None:
        if format != "pdf":
            raise CommandError(
                _("Certificates are written as PDF so far; %(format)s is not there yet.") % {"format": format}
            )
        certificate = find_certificate(number)
        if certificate is None:
            raise CommandError(_("There is no certificate %(number)s.") % {"number": number})
        file = certificates_pdf([certificate], centre=Centre.objects.first(), site_url=settings.SITE_URL)
        try:
            output.write_bytes(file)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be written: %(reason)s.") % {"file": output, "reason": error.strerror}
            ) from error
        self.stdout.write(_("%(file)s: certificate %(number)s") % {"file": output, "number": certificate.number})
