from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Compiles the translations (.po to .mo) without the gettext programs, which a bare machine lacks.\n"
        "Example: DEMO=1 manage.py compile_translations"
    )
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
