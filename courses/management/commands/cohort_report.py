from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.management.reports import add_report_options, write_report
from courses.reporting.documents.files import cohort_file
from courses.reporting.selectors.cohorts import cohort_report
from courses.scheduling.models import Cohort


class Command(BaseCommand):
    help = "The report of one cohort.\nExample: manage.py cohort_report AIM-2027K-01 --format pdf -o report.pdf"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE")
        add_report_options(parser)

    def handle(self, *, code: str, format: str, output: Path | None, language: str, **options: object) -> None:
        with override(language):
            cohort = Cohort.objects.filter(code=code).first()
            if cohort is None:
                raise CommandError(_("There is no cohort %(code)s.") % {"code": code})
            write_report(self, cohort_file(cohort_report(cohort), format), format=format, output=output)
