"""What goes by itself when its time is over, every night. Each step finds what is due by its dates, so that a night that
was missed is made up by the next, and a second run finds nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.services.contacts import end_expired_contact_people, forget_ended_contact_people
from courses.enrolling.services.support import delete_old_support_needs
from courses.importing.rosters.services.rosters import empty_old_rosters
from courses.messaging.services.planning import cancel_messages_for_contact


@dataclass(frozen=True)
class Gone:
    """How many of each went; never which."""

    support_needs: int
    contact_people_ended: int
    contact_people_forgotten: int
    sessions_deleted: int = 0
    rosters_emptied: int = 0


@transaction.atomic
def run_retention(*, at: datetime, dry_run: bool = False) -> Gone:
    """Deletes support needs 30 days after the end, ends contact people the day after their last day, and empties who
    they were 30 days after that; empties lists of people that nobody has touched for 14 days; deletes expired sessions,
    in which the draft of an application may stand. `dry_run`: does the same and takes all of it back, so that its
    figures are exact."""
    expired = end_expired_contact_people(at=at)
    for contact in expired:
        cancel_messages_for_contact(contact=contact)
    gone = Gone(
        support_needs=delete_old_support_needs(at=at),
        contact_people_ended=len(expired),
        contact_people_forgotten=forget_ended_contact_people(at=at),
        rosters_emptied=empty_old_rosters(at=at),
        sessions_deleted=_delete_expired_sessions(at),
    )
    if dry_run:
        transaction.set_rollback(True)
    return gone


def _delete_expired_sessions(at: datetime) -> int:
    deleted, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    return deleted
