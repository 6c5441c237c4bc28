"""What a change of a person's state means for the courses: seats are freed and messages stop in one action, or come back."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked, PersonState
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, Person
from accounts.rules.undo import UNDO_WITHIN
from accounts.services import people as accounts_people
from accounts.services.contacts import end_contact_people_of, restore_contact_people
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, WithdrawalReason
from courses.enrolling.messages.offers import plan_seat_offered
from courses.enrolling.messages.sessions import plan_session_reminders
from courses.enrolling.models import Enrollment
from courses.enrolling.services.enrollments import reopen_enrollment, transition_enrollments
from courses.messaging.services.planning import cancel_messages_for_person
from courses.registry.services.notes import delete_notes_of

# Whoever is dead or has moved away comes no more: the seats are somebody else's.
LEAVES_WITH = {PersonState.DECEASED: WithdrawalReason.DECEASED, PersonState.MOVED: WithdrawalReason.MOVED}
# Nobody is told for them any more.
GONE = (PersonState.DECEASED, PersonState.ANONYMIZED)


@dataclass(frozen=True)
class Reopened:
    """What an undo brought back: enrollments, and the ones that could not be, with the reasons."""

    person: Person
    enrollments: list[Enrollment] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@transaction.atomic
def change_person_state(*, person: Person, to_state: PersonState, act: Act) -> Person:
    """Deceased and moved: every open enrollment ends, its seat is free, every planned message is cancelled. Paused: only
    the messages stop. Active: messages are planned again; ended enrollments stay ended (see undo_person_state). Deceased
    and anonymized: the contact people end too, with their consents. Anonymized: the notes are deleted.

    The audit row holds the ended enrollments and contact people. RuleError when the person has that state already.
    """
    ended: list[Enrollment] = []
    if to_state in LEAVES_WITH:
        # Cohorts are locked before the person, as everywhere.
        ended = transition_enrollments(
            enrollments=Enrollment.objects.filter(person=person, state__in=OPEN_STATES),
            to_state=EnrollmentState.WITHDRAWN,
            act=act,
            reason=LEAVES_WITH[to_state],
        )
    contacts = end_contact_people_of(person=person, act=act) if to_state in GONE else []
    if to_state == PersonState.ANONYMIZED:
        delete_notes_of(person=person, act=act)
    stored = accounts_people.change_person_state(
        person=person,
        to_state=to_state,
        act=act,
        detail={
            **({"ended": [enrollment.pk for enrollment in ended]} if ended else {}),
            **({"contacts": [contact.pk for contact in contacts]} if contacts else {}),
        },
    )
    if to_state == PersonState.ACTIVE:
        _plan_again(stored, act.at)
    else:
        cancel_messages_for_person(person=stored)
    return stored


def last_state_change(person: Person, at: datetime | None = None) -> AuditEntry | None:
    """The change that can still be undone: the person's last one, for 24 hours. None after a merge: the change may have
    been made to the other record."""
    last = AuditEntry.objects.filter(subject=person, action__in=["person.state", "person.merge"]).first()
    if (
        last is None
        or last.action == "person.merge"
        or last.detail.get("undo")
        or (at or timezone.now()) - last.at > UNDO_WITHIN
    ):
        return None
    return last


@transaction.atomic
def undo_person_state(*, person: Person, act: Act) -> Reopened:
    """Gives back the state before the last change and opens the enrollments it ended: in the old place where a seat is
    free, else at the end of the waiting list. RuleError when there is nothing to undo, or 24 hours are over."""
    last = last_state_change(person, act.at)
    if last is None:
        raise RuleError([_("There is nothing to undo any more.")], code="nothing_to_undo")
    as_then = replace(act, via=HowAsked(last.detail["how_asked"]))
    reopened = Reopened(person)
    ended = Enrollment.objects.filter(pk__in=last.detail.get("ended", []), state=EnrollmentState.WITHDRAWN)
    for enrollment in ended.select_related("person").order_by("cohort_id"):
        try:
            with transaction.atomic():
                reopened.enrollments.append(
                    reopen_enrollment(enrollment=enrollment, act=as_then, note=_("The change was undone."))
                )
        except RuleError as error:
            reopened.refused.extend(error.reasons)
    accounts_people.change_person_state(
        person=person, to_state=PersonState(last.detail["from"]), act=as_then, detail={"undo": True}
    )
    restore_contact_people(person=person, pks=last.detail.get("contacts", []), act=act)
    if person.state == PersonState.ACTIVE:
        _plan_again(person, act.at)
    return reopened


def _plan_again(person: Person, at: datetime) -> None:
    """What was cancelled while nothing reached the person: reminders, and the seats that are held for them."""
    plan_session_reminders(at=at)
    offered = person.enrollments.filter(state=EnrollmentState.OFFERED, offer_expires_at__gt=at)
    plan_seat_offered(enrollments=offered.select_related("person"), at=at)
