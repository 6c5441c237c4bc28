from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.exporters.certificates import certificates_pdf
from courses.models import Centre
from courses.selectors.certificates import find_certificate

LATER = ("jwt", "jsonld")


class Command(BaseCommand):
    help = """Writes one certificate to a file.

Example: manage.py certificate ESP-AIM-2027-0042 --format pdf -o todistus.pdf"""

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="the number of the certificate, or its check code")
        parser.add_argument("--format", choices=["pdf", *LATER], default="pdf", help="pdf; the others are to come")
        parser.add_argument("-o", "--output", required=True, type=Path, help="the file to write")

    def handle(self, *args: Any, number: str, output: Path, **options: Any) -> None:
        if options["format"] in LATER:
            raise CommandError("Credentials for machines are not there yet; take --format pdf.")
        certificate = find_certificate(number)
        if certificate is None:
            raise CommandError(f"There is no certificate {number}.")
        if certificate.revoked_at:
            raise CommandError(f"Certificate {certificate.number} is revoked.")
        file = certificates_pdf([certificate], centre=Centre.objects.first(), site_url=settings.SITE_URL)
        try:
            output.write_bytes(file)
        except OSError as error:
            raise CommandError(f"The file could not be written: {error.strerror}.") from error
        self.stdout.write(f"{output}: {len(file)} bytes")
