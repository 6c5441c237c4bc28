import time
from argparse import RawDescriptionHelpFormatter

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.exceptions import RuleError
from accounts.services.candidates import compare_people
from courses.demo.build import load_demo

COMPARED = 2_000


class Command(BaseCommand):
    help = """Fills an empty database with an invented centre, invented people, courses, cohorts and their history.

Example: manage.py load_demo --people 320 --cohorts 25 --seed 1
For benchmarks: manage.py load_demo --people 600000 --cohorts 62500 (a million enrollments; attendance is made for the
first 500 cohorts)."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=320, help="how many people (320)")
        parser.add_argument("--cohorts", type=int, default=25, help="how many cohorts (25)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed on the same day gives the same demo (1)")

    def handle(self, *, people: int, cohorts: int, seed: int, **options: object) -> None:
        started = time.monotonic()
        try:
            with tqdm(total=cohorts, unit="cohort", delay=1, disable=None) as bar:
                made = load_demo(people=people, cohorts=cohorts, seed=seed, progress=bar.update)
        except RuleError as error:
            raise CommandError(str(error)) from error
        # So that likely pairs stand on their page at once; of a larger demo the ticks compare the rest.
        compare_people(most=COMPARED)
        listed = ", ".join(f"{name} {count}" for name, count in made.items())
        self.stdout.write(
            f"The demo is loaded in {time.monotonic() - started:.1f} s: {listed}. All people are invented."
        )
