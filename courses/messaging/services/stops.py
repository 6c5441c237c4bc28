"""The person's wish: no more reminders of a kind, or again."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.services.audit import record_change
from courses.messaging.enums import MessageTrouble
from courses.messaging.kinds import may_be_stopped
from courses.messaging.models import Message, ReminderStop
from courses.messaging.services.planning import cancel_rows


@transaction.atomic
def stop_reminders(*, person: Person, rule: str, act: Act) -> ReminderStop:
    """No more of these reminders, from this moment on. Asked twice, it is stopped once."""
    if not may_be_stopped(rule):
        raise RuleError([_("These messages cannot be stopped: each is sent once and answers something you did.")])
    stop, new = ReminderStop.objects.get_or_create(
        person=person, rule=rule, ended_at=None, defaults={"stopped_at": act.at, "how_asked": act.via, "by": act.by}
    )
    if new:
        cancel_rows(Message.objects.filter(person=person, rule=rule), MessageTrouble.STOPPED)
        record_change(
            by=act.by, action="reminder.stop", subject=person, thing=stop, detail={"rule": rule, "how_asked": act.via}
        )
    return stop


@transaction.atomic
def resume_reminders(*, person: Person, rule: str, act: Act) -> None:
    """The reminders come again; those of coming sessions are planned with the next tick."""
    if ReminderStop.objects.filter(person=person, rule=rule, ended_at__isnull=True).update(ended_at=act.at):
        record_change(by=act.by, action="reminder.resume", subject=person, detail={"rule": rule, "how_asked": act.via})
