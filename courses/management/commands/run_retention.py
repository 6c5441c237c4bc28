from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.registry.services.retention import run_retention

SAID = {
    "support_needs": "Support needs deleted",
    "contact_people_ended": "Contact people ended",
    "contact_people_forgotten": "Contact people forgotten",
    "sessions_deleted": "Expired sessions deleted",
    "rosters_emptied": "Rosters emptied",
    "messages": "Messages emptied",
    "call_notes": "Notes of calls emptied",
    "logged_calls": "Phone calls deleted",
    "people": "People anonymized",
    "applications": "Applications without a place made nobody's",
    "certificates": "Certificates emptied",
    "audit_entries": "Entries of the audit trail deleted",
}


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
        for name, said in SAID.items():
            self.stdout.write(f"{said}: {getattr(gone, name)}")
