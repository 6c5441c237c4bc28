from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import ngettext, override

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from courses.catalogue.readers import read_course
from courses.catalogue.services.courses import create_described_course


class Command(BaseCommand):
    help = (
        "Adds a course that a JSON file describes (docs/courses.md), with its modules and its completion rule. A course "
        "that is there already stays as it is.\nExample: manage.py load_course courses/catalogue/samples/aim.json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE, help="of the words")

    def handle(self, *, file: Path, language: str, **options: object) -> None:
        act = Act(by=None, via=HowAsked.DESK, at=timezone.now())
        with override(language):
            try:
                course = create_described_course(description=read_course(file), act=act)
            except RuleError as error:
                raise CommandError(str(error)) from error
            except ValidationError as error:
                raise CommandError(_sentence(error)) from error
            count = course.modules.count()
            words = ngettext(
                "%(code)s: %(title)s is added, with %(count)d module.",
                "%(code)s: %(title)s is added, with %(count)d modules.",
                count,
            )
            self.stdout.write(words % {"code": course.code, "title": course.title, "count": count})


def _sentence(error: ValidationError) -> str:
    """What is wrong with which field, in one line."""
    return " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
