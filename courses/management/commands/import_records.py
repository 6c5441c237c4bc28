from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from tqdm import tqdm

from courses.importing.records.exceptions import BadRecords
from courses.importing.records.readers.checks import check_package
from courses.importing.records.readers.packages import count_rows, read_package
from courses.importing.records.selectors import held_records
from courses.importing.records.services.imports import import_records


class Command(BaseCommand):
    help = (
        "Takes in a records package: a folder of CSV files (docs/records.md). All of it, or nothing when a row is wrong; "
        "what is there already stays as it is.\nExample: manage.py import_records earlier-years/"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="of the words")

    def handle(self, *, folder: Path, language: str, **options: object) -> None:
        with override(language):
            self.take_in(folder)

    def take_in(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CommandError(_("There is no folder %(folder)s.") % {"folder": folder})
        try:
            # Each row is met twice: read, then written. No bar where no person is watching.
            with tqdm(total=2 * count_rows(folder), unit="row", unit_scale=True, disable=None, leave=False) as bar:
                package = read_package(folder, on_rows=bar.update)
                check_package(package, held_records(package))
                new = import_records(package=package, by=None, on_rows=bar.update)
        except BadRecords as bad:
            for reason in bad.reasons[1:]:
                self.stderr.write(reason)
            raise CommandError(
                ngettext(
                    "Nothing was imported. %(first)s",
                    "Nothing was imported; %(count)d faults are shown. %(first)s",
                    len(bad.reasons),
                )
                % {"count": len(bad.reasons), "first": bad.reasons[0]}
            ) from bad
        except IntegrityError as clash:
            raise CommandError(
                _("Nothing was imported: somebody else wrote the same meanwhile. Run it again.")
            ) from clash
        for warning in package.warnings:
            self.stderr.write(warning)
        for name, count in new.items():
            found = len(package.rows(name))
            if found:
                words = _("%(name)s: %(count)d new, %(old)d there already")
                self.stdout.write(words % {"name": name, "count": count, "old": found - count})
