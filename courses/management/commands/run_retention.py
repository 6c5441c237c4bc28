from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.registry.services.retention import run_retention


class Command(BaseCommand):
    help = (
        "Deletes what has been kept long enough, as beat does every night, and says how much it was. Run again, it\n"
        "deletes nothing more.\n"
        "Example: manage.py run_retention --dry-run"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how much would go")

    def handle(self, *, dry_run: bool, **options: object) -> None:
        gone = run_retention(at=timezone.now(), dry_run=dry_run)
        if dry_run:
            self.stdout.write("Nothing is changed. This would go:")
        self.stdout.write(f"Support needs deleted: {gone.support_needs}")
        self.stdout.write(f"Contact people ended: {gone.contact_people_ended}")
        self.stdout.write(f"Contact people forgotten: {gone.contact_people_forgotten}")
        self.stdout.write(f"Expired sessions deleted: {gone.sessions_deleted}")
