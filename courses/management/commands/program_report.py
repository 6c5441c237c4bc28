from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from courses.catalogue.models import Course
from courses.management.reports import add_report_options, write_report
from courses.reporting.documents.files import program_file
from courses.reporting.selectors.programs import program_report


class Command(BaseCommand):
    help = (
        "The report of all cohorts, or of those of one course that start within a time.\n"
        "Example: manage.py program_report --course AIM --from 2027-01-01 --to 2027-12-31 --format csv -o program.csv"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--course", metavar="CODE")
        parser.add_argument("--from", dest="first", metavar="DAY", type=date.fromisoformat, help="like 2027-01-31")
        parser.add_argument("--to", dest="last", metavar="DAY", type=date.fromisoformat, help="like 2027-12-31")
        add_report_options(parser)

    def handle(
        self,
        *,
        course: str | None,
        first: date | None,
        last: date | None,
        format: str,
        output: Path | None,
        language: str,
        **options: object,
    ) -> None:
        with override(language):
            if course and not Course.objects.filter(code=course).exists():
                raise CommandError(_("There is no course %(code)s.") % {"code": course})
            write_report(self, program_file(program_report(course, first, last), format), format=format, output=output)
