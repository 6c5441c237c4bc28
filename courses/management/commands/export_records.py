from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override
from tqdm import tqdm

from courses.importing.records.documents import count_records, export_records
from courses.importing.records.rules.packages import FILES
from courses.importing.records.selectors import tables_left_behind
from courses.importing.records.wording import left_behind, parts_left_behind


class Command(BaseCommand):
    help = (
        "Writes everything as a records package: a folder of CSV files with personal data, for its owner's eyes only. "
        "An earlier package in the folder is written over.\nExample: manage.py export_records records-2027-06/"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="of the words")

    def handle(self, *, folder: Path, language: str, **options: object) -> None:
        with override(language):
            self.write(folder)

    def write(self, folder: Path) -> None:
        known = {file.file_name for file in FILES}
        if folder.exists() and (not folder.is_dir() or any(path.name not in known for path in folder.iterdir())):
            raise CommandError(
                _("%(folder)s holds other things already. Name a new or empty folder.") % {"folder": folder}
            )
        try:
            with tqdm(total=count_records(), unit="row", unit_scale=True, disable=None, leave=False) as bar:
                written = export_records(folder, on_rows=bar.update)
        except OSError as error:
            raise CommandError(_("The folder could not be written: %(error)s.") % {"error": error}) from error
        for name, count in written.items():
            self.stdout.write(_("%(name)s.csv: %(count)d rows") % {"name": name, "count": count})
        self.stdout.write(_("Left behind (docs/records.md):"))
        for what, why in [*map(left_behind, tables_left_behind()), *parts_left_behind()]:
            self.stdout.write(f"  {what}: {why}")
