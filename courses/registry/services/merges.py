"""Two records of one person made one: all history moves to the record that stays, the other is deleted.

Every relation to a person stands in RELATIONS with what becomes of it; a house test fails when one is missing. There is
no undo: afterwards nobody could say which row came from where.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import PersonState
from accounts.exceptions import RuleError
from accounts.models import Person, PersonMerge, ToldApart
from accounts.services.merges import join_records, lock_records
from courses.certifying.enums import MentorState
from courses.certifying.models import Certificate, Mentor
from courses.enrolling.enums import WithdrawalReason
from courses.enrolling.models import Enrollment, SupportNeeds
from courses.enrolling.services.enrollments import withdraw_enrollment
from courses.messaging.models import ReminderStop
from courses.registry.rules import STRICTEST_FIRST
from courses.registry.selectors.merges import Comparison, compare
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohorts
from courses.teaching.enums import ATTENDED_STATES, CompletionState
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit
from courses.teaching.services.results import derive_module_results

# What becomes of the rows under one relation; returns how many changed hands.
Mover = Callable[[Person, Person, datetime], int]


@transaction.atomic
def merge_people(*, kept: Person, gone: Person, fields: Collection[str], act: Act, seen: str = "") -> PersonMerge:
    """Makes the two one. `fields`: names of CHOSEN_FIELDS whose value of `gone` stays. `seen`: Comparison.seen of the page
    that was looked at.

    Locked first: all cohorts of both, then the two people, by ascending id. Of two open enrollments in one group the
    further one stays, with what was recorded under the other, which is withdrawn: its seat is offered on at once. Raises
    RuleError with merge_refusals; `gone` when they are one already; `stale` when something changed since it was seen.
    """
    if kept.pk == gone.pk:
        raise RuleError([_("That is one record twice.")], code="same_record")
    cohorts = lock_cohorts(_cohorts_of(kept, gone))
    kept, gone = lock_records([kept, gone])
    comparison = compare(kept, gone)
    if (seen and seen != comparison.seen) or not _cohorts_of(kept, gone) <= set(cohorts):
        raise _stale()
    if reasons := merge_refusals(comparison, gone=gone):
        raise RuleError(reasons, code="refused")
    for stays, goes in comparison.open_twice:
        _fold(stays, goes, act=act)
    replaced = [certificate.pk for _stays, certificate in comparison.certificates_twice]
    Certificate.objects.filter(pk__in=replaced).update(replaced_at=act.at)
    moved = Counter(_move_all(kept, gone, act.at))
    # Until here others could still write rows for the record that goes. From now on they wait, and then find it gone.
    Person.objects.select_for_update().get(pk=gone.pk)
    if Enrollment.objects.filter(person=gone).exists():
        raise _stale()
    moved += Counter(_move_all(kept, gone, act.at))
    return join_records(kept=kept, gone=gone, fields=fields, moved=dict(sorted(moved.items())), act=act)


def merge_refusals(comparison: Comparison, *, gone: Person) -> list[str]:
    """Why the two cannot be made one as they are, in words that say what to do first."""
    one, another = (side.person for side in comparison.sides)
    reasons = []
    if PersonState.ANONYMIZED in (one.state, another.state):
        reasons.append(_("The details of one of the two have been erased. There is nothing left to compare."))
    elif one.state != another.state:
        reasons.append(
            _("One record says “%(first)s”, the other “%(second)s”. Make the state the same on both pages first.")
            % {"first": one.get_state_display(), "second": another.get_state_display()}
        )
    if comparison.told_apart:
        reasons.append(_("Somebody has said that they are two people. Take that back first."))
    if comparison.side_of(gone.code).roles:
        reasons.append(
            _(
                "%(name)s (%(code)s) has a role here. Keep that record, or have an administrator take the role away first."
            )
            % {"name": gone.full_name, "code": gone.code}
        )
    reasons += [
        _("In %(cohort)s the place that would be given up belongs to people who come together. Part them first.")
        % {"cohort": goes.cohort.name}
        for _stays, goes in comparison.open_twice
        if goes.party_id is not None
    ]
    return reasons


def _stale() -> RuleError:
    return RuleError(
        [_("Something changed on one of the records while you were looking. Look at both again.")], code="stale"
    )


def _cohorts_of(*people: Person) -> set[int]:
    return set(Enrollment.objects.filter(person__in=people).values_list("cohort_id", flat=True))


# Two open enrollments in one group

# What was recorded about an enrollment, and what of it is current once per.
_RECORDED: tuple[tuple[type[models.Model], str], ...] = (
    (ModuleResult, "module_id"),
    (AssessmentResult, "assessment"),
    (SignedDeclaration, "declaration"),
)


def _fold(stays: Enrollment, goes: Enrollment, *, act: Act) -> None:
    """What was recorded under `goes` counts for `stays` where nothing is recorded yet; then `goes` is withdrawn."""
    _fold_attendance(stays, goes, act)
    for model, once_per in _RECORDED:
        current = model._base_manager.filter(revoked_at__isnull=True)
        has = current.filter(enrollment=stays).values(once_per)
        current.filter(enrollment=goes).exclude(
            **{f"{once_per}__in": list(has.values_list(once_per, flat=True))}
        ).update(enrollment=stays)
    standing = Completion.objects.exclude(state=CompletionState.REVOKED)
    if not standing.filter(enrollment=stays).exists():
        standing.filter(enrollment=goes).update(enrollment=stays)
    if not SupportNeeds.objects.filter(enrollment=stays).exists():
        SupportNeeds.objects.filter(enrollment=goes).update(enrollment=stays)
    Visit.objects.filter(enrollment=goes).update(enrollment=stays)
    Enrollment.objects.filter(pk=stays.pk).update(goal=stays.goal or goes.goal, waiver=stays.waiver or goes.waiver)
    withdraw_enrollment(
        enrollment=goes,
        act=act,
        reason=WithdrawalReason.OTHER,
        note=_("The same person was in the group twice, under two records."),
    )


def _fold_attendance(stays: Enrollment, goes: Enrollment, act: Act) -> None:
    """Who came under one of the records was there, whatever stands under the other."""
    current = Attendance.objects.filter(revoked_at__isnull=True)
    attended = current.filter(enrollment=goes, state__in=ATTENDED_STATES, session=OuterRef("session"))
    current.filter(Exists(attended), enrollment=stays).exclude(state__in=ATTENDED_STATES).update(
        revoked_at=act.at, revoked_by=act.by
    )
    has = list(current.filter(enrollment=stays).values_list("session_id", flat=True))
    coming = current.filter(enrollment=goes).exclude(session__in=has)
    sessions = list(coming.values_list("session_id", flat=True))
    coming.update(enrollment=stays)
    if sessions:
        derive_module_results(
            cohorts={stays.pk: stays.cohort_id}, sessions=sessions, on=timezone.localdate(act.at), act=act
        )


# Every relation to a person


def _move_all(kept: Person, gone: Person, at: datetime) -> dict[str, int]:
    """Rows by relation that changed hands; what had none is left out."""
    counts = {relation: mover(kept, gone, at) for relation, mover in RELATIONS.items()}
    return {relation: count for relation, count in counts.items() if count}


def _rows(relation: str, person: Person) -> models.QuerySet[Any]:
    label, field = relation.rsplit(".", 1)
    return apps.get_model(label)._base_manager.filter(**{field: person})


def _moves(relation: str) -> Mover:
    """The rows are the kept record's from now on."""

    def move(kept: Person, gone: Person, at: datetime) -> int:
        return _rows(relation, gone).update(**{relation.rsplit(".", 1)[1]: kept})

    return move


def _drops(relation: str) -> Mover:
    """The rows go with the record."""

    def drop(kept: Person, gone: Person, at: datetime) -> int:
        _rows(relation, gone).delete()
        return 0

    return drop


def _mentor(kept: Person, gone: Person, at: datetime) -> int:
    """One card: the strictest state stays, the agreement that was signed last counts."""
    cards = {
        card.person_id: card for card in Mentor.objects.select_for_update(of=("self",)).filter(person__in=[kept, gone])
    }
    goes, stays = cards.get(gone.pk), cards.get(kept.pk)
    if goes is None:
        return 0
    if stays is None:
        return Mentor.objects.filter(pk=goes.pk).update(person=kept)
    strictest = min((stays, goes), key=lambda card: STRICTEST_FIRST.index(MentorState(card.state)))
    stays.state, stays.state_changed_at = strictest.state, strictest.state_changed_at
    signed = [card.agreement_signed_on for card in (stays, goes) if card.agreement_signed_on]
    stays.agreement_signed_on = max(signed, default=None)
    goes.delete()
    stays.save()
    return 1


def _reminder_stops(kept: Person, gone: Person, at: datetime) -> int:
    """A wish not to be reminded stays; said under both records, one of the two ends."""
    stopped = ReminderStop.objects.filter(person=kept, ended_at__isnull=True).values_list("rule", flat=True)
    ReminderStop.objects.filter(person=gone, ended_at__isnull=True, rule__in=list(stopped)).update(ended_at=at)
    return ReminderStop.objects.filter(person=gone).update(person=kept)


def _cohorts_trained(kept: Person, gone: Person, at: datetime) -> int:
    """A trainer of a cohort stands there once."""
    through = Cohort.trainers.through._base_manager
    has = through.filter(person=kept).values_list("cohort_id", flat=True)
    through.filter(person=gone, cohort__in=list(has)).delete()
    return through.filter(person=gone).update(person=kept)


def _told_apart(kept: Person, gone: Person, at: datetime) -> int:
    """Whoever is another person than the record that goes is another than the one that stays; each pair once, in order."""
    count = 0
    for told in ToldApart.objects.filter(Q(first=gone) | Q(second=gone)):
        other = told.second_id if told.first_id == gone.pk else told.first_id
        low, high = sorted((kept.pk, other))
        if other == kept.pk or ToldApart.objects.filter(first=low, second=high).exists():
            told.delete()
            continue
        ToldApart.objects.filter(pk=told.pk).update(first=low, second=high)
        count += 1
    return count


_MOVED = (
    "accounts.AuditEntry.by",
    "accounts.AuditEntry.subject",
    "accounts.Consent.by",
    "accounts.Consent.person",
    "accounts.Consent.withdrawn_by",
    "accounts.ContactPerson.person",
    "accounts.PersonMerge.by",
    # An earlier merge into the record that goes leads on to the one that stays.
    "accounts.PersonMerge.kept",
    "accounts.RoleGrant.granted_by",
    # Those that have ended: a record with a role cannot go.
    "accounts.RoleGrant.person",
    "accounts.ToldApart.by",
    "courses.AssessmentResult.recorded_by",
    "courses.AssessmentResult.revoked_by",
    "courses.Attendance.marked_by",
    "courses.Attendance.revoked_by",
    "courses.Certificate.issued_by",
    # Of two current ones of a course the one that holds longest was left current before.
    "courses.Certificate.person",
    "courses.Certificate.revoked_by",
    "courses.Completion.decided_by",
    "courses.Completion.proposed_by",
    "courses.Completion.revoked_by",
    # Of two open ones in a cohort one was withdrawn before.
    "courses.Enrollment.person",
    "courses.Message.done_by",
    "courses.Message.person",
    "courses.ModuleResult.recorded_by",
    "courses.ModuleResult.revoked_by",
    "courses.Party.made_by",
    "courses.Note.person",
    "courses.Note.written_by",
    "courses.ReminderStop.by",
    "courses.Roster.queued_by",
    "courses.Roster.uploaded_by",
    "courses.Session.marked_by",
    "courses.SignedDeclaration.recorded_by",
    "courses.SignedDeclaration.revoked_by",
    "courses.SupportNeeds.noted_by",
    "courses.Transition.by",
    "courses.Visit.person",
    "courses.Visit.recorded_by",
    "courses.Visit.revoked_by",
)

# Made anew for the record that stays: means of signing in, and what is reckoned from names and numbers.
_DROPPED = (
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
    "accounts.SearchWord.person",
    "accounts.SuspectedPair.first",
    "accounts.SuspectedPair.second",
    "accounts.UncomparedPerson.person",
)

RELATIONS: Mapping[str, Mover] = {
    **{relation: _moves(relation) for relation in _MOVED},
    **{relation: _drops(relation) for relation in _DROPPED},
    "accounts.ToldApart.first": _told_apart,
    "accounts.ToldApart.second": _told_apart,
    "courses.Cohort_trainers.person": _cohorts_trained,
    "courses.Mentor.person": _mentor,
    "courses.ReminderStop.person": _reminder_stops,
}
