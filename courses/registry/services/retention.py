"""What goes by itself when its time is over, every night. Each step finds what is due by its dates, so that a night that
was missed is made up by the next, and a second run finds nothing. The long steps go batch by batch, each a transaction of
its own: nobody waits for the whole night, and after a crash what went is gone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import Person
from accounts.services.contacts import end_expired_contact_people, forget_ended_contact_people
from accounts.services.retention import anonymize_people, delete_old_audit_entries
from courses.certifying.services import empty_old_certificates
from courses.enrolling.services.retention import detach_old_applications, forget_enrollments_of
from courses.enrolling.services.support import delete_old_support_needs
from courses.importing.rosters.services.rosters import empty_old_rosters
from courses.messaging.services.planning import cancel_messages_for_contact
from courses.messaging.services.retention import empty_old_call_notes, empty_old_texts, forget_messages_of
from courses.registry.selectors.retention import counts_due, old_people
from courses.registry.services.notes import forget_notes_of, forget_old_call_notes
from courses.teaching.services.retention import forget_words_about

PEOPLE_AT_ONCE = 500


@dataclass(frozen=True)
class Gone:
    """How many of each went; never which."""

    support_needs: int
    contact_people_ended: int
    contact_people_forgotten: int
    sessions_deleted: int = 0
    rosters_emptied: int = 0
    messages: int = 0
    call_notes: int = 0
    logged_calls: int = 0
    people: int = 0
    applications: int = 0
    certificates: int = 0
    audit_entries: int = 0


def run_retention(*, at: datetime, dry_run: bool = False) -> Gone:
    """All whose time is over by `accounts.rules.retention`; contact people the day after their last day, and who they were
    30 days after that; lists of people that nobody has touched for 14 days; expired sessions, in which the draft of an
    application may stand. `dry_run`: only counts; what is short is done and taken back."""
    if dry_run:
        with transaction.atomic():
            counts = counts_due(at=at)
            gone = _run_short_steps(at)
            transaction.set_rollback(True)
        return replace(gone, **counts)
    return replace(
        _run_short_steps(at),
        messages=_until_none_is_left(empty_old_texts, at),
        call_notes=_until_none_is_left(empty_old_call_notes, at),
        logged_calls=_until_none_is_left(forget_old_call_notes, at),
        people=_until_none_is_left(_anonymize_old_people, at),
        applications=_until_none_is_left(detach_old_applications, at),
        certificates=_until_none_is_left(empty_old_certificates, at),
        audit_entries=_until_none_is_left(delete_old_audit_entries, at),
    )


@transaction.atomic
def _run_short_steps(at: datetime) -> Gone:
    expired = end_expired_contact_people(at=at)
    for contact in expired:
        cancel_messages_for_contact(contact=contact)
    return Gone(
        support_needs=delete_old_support_needs(at=at),
        contact_people_ended=len(expired),
        contact_people_forgotten=forget_ended_contact_people(at=at),
        rosters_emptied=empty_old_rosters(at=at),
        sessions_deleted=_delete_expired_sessions(at),
    )


def _until_none_is_left(step: Callable[..., int], at: datetime) -> int:
    total = 0
    while count := step(at=at):
        total += count
    return total


@transaction.atomic
def _anonymize_old_people(*, at: datetime) -> int:
    """Whoever enrolls meanwhile waits for the lock or has gone before it: who is due is asked again under it."""
    due = list(old_people(at=at).order_by("created_at", "pk").values_list("pk", flat=True)[:PEOPLE_AT_ONCE])
    list(Person.objects.select_for_update(of=("self",)).filter(pk__in=due).order_by("pk").values_list("pk"))
    pks = list(old_people(at=at).filter(pk__in=due).order_by().values_list("pk", flat=True))
    forget_enrollments_of(people=pks)
    forget_words_about(people=pks)
    forget_messages_of(people=pks)
    forget_notes_of(people=pks)
    return anonymize_people(pks=pks, at=at)


def _delete_expired_sessions(at: datetime) -> int:
    deleted, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    return deleted
