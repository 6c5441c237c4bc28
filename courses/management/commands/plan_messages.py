from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.enrolling.services.offers import lapse_offers
from courses.messaging.services.planning import plan_messages


class Command(BaseCommand):
    help = (
        "Lets offers of seats lapse whose time is over and plans the reminders of the coming days, as beat does every half\n"
        "minute. Run again, it does nothing twice.\n"
        "Example: manage.py plan_messages"
    )

    def handle(self, **options: object) -> None:
        now = timezone.now()
        lapsed = lapse_offers(at=now)
        planned = plan_messages(at=now)
        if lapsed:
            self.stdout.write(f"{lapsed} offers lapsed.")
        self.stdout.write(f"{planned} messages planned.")
