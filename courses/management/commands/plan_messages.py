from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.services.messages import plan_messages


class Command(BaseCommand):
    help = (
        "Plans the reminders of the coming days, as beat does every half minute. Run again, it plans nothing twice.\n"
        "Example: manage.py plan_messages"
    )

    def handle(self, **options: object) -> None:
        planned = plan_messages(at=timezone.now())
        self.stdout.write(f"{planned} messages planned.")
