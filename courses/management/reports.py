"""What the commands that write a report share: their options and where the file goes."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.reporting.documents.files import CONTENT_TYPES, FORMATS


def add_report_options(parser: ArgumentParser) -> None:
    languages = [code for code, _name in settings.LANGUAGES]
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="where to write it; else to the screen")
    parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="of the words")


def write_report(command: BaseCommand, content: bytes, *, format: str, output: Path | None) -> None:
    """Into the file, or to the command's output; raises CommandError when that is a terminal and cannot show it."""
    if output is None and (format == "json" or "charset" in CONTENT_TYPES[format]):
        command.stdout.write(content.decode(), ending="")
    elif output is None:
        if sys.stdout.isatty():
            raise CommandError(_("A file of this kind cannot be shown on a screen. Name one with -o FILE."))
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        _write_file(content, output)


def _write_file(content: bytes, output: Path) -> None:
    try:
        output.write_bytes(content)
    except OSError as error:
        raise CommandError(_("The file could not be written: %(error)s.") % {"error": error}) from error
