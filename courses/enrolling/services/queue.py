"""The coordinator's hand over the waiting list: who stands where, and who waits together. Always with a reason."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from accounts.services.audit import audit_entry, record_changes
from courses.enrolling.enums import EnrollmentState, QueueReason
from courses.enrolling.models import Enrollment, Party, Transition
from courses.enrolling.rules.queue import renumbered, with_moved
from courses.enrolling.selectors.queues import queue_of
from courses.enrolling.services.offers import offer_free_seats
from courses.enrolling.services.parties import JOINABLE_STATES, check_party_size, end_parties, make_party
from courses.enrolling.services.transitions import transition
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohort


@transaction.atomic
def move_in_queue(*, enrollment: Enrollment, place: int, reason: QueueReason, act: Act, note: str = "") -> Enrollment:
    """Puts somebody, with their party, at `place` of the waiting list (1 = next; beyond the end = last).

    The others keep their order. Raises RuleError `not_waiting`, `place`, `note_missing` (another reason needs words).
    """
    cohort = lock_cohort(Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment.pk))
    if place < 1:
        raise RuleError([_("The first place in the queue is number 1.")], code="place")
    if reason == QueueReason.OTHER and not note.strip():
        raise RuleError([_("Say the reason in a few words.")], code="note_missing")
    queue = queue_of(cohort)
    chosen = next((one for one in queue if one.pk == enrollment.pk), None)
    if chosen is None:
        raise RuleError([_("They do not wait any more. Look at the page again.")], code="not_waiting")
    members = [one for one in queue if one.pk == chosen.pk or (chosen.party_id and one.party_id == chosen.party_id)]
    before = [one.pk for one in queue]
    after = with_moved(before, {one.pk for one in members}, place)
    write_order(queue, after)
    Enrollment.objects.filter(pk__in=[one.pk for one in members]).update(queue_reason=reason)
    _record(members, before, after, reason, act=act, note=note or reason.value)
    offer_free_seats(cohort=cohort, at=act.at)
    return Enrollment.objects.select_related("person", "cohort").get(pk=enrollment.pk)


@transaction.atomic
def put_back_in_queue(*, enrollment: Enrollment, act: Act, note: str) -> list[Enrollment]:
    """Undoes the last move_in_queue: they stand, with their party, where they stood then, for the reason of then.

    Returns them. Raises RuleError `not_waiting`.
    """
    cohort = lock_cohort(enrollment.cohort_id)
    queue = queue_of(cohort)
    members = [
        one for one in queue if one.pk == enrollment.pk or (enrollment.party_id and one.party_id == enrollment.party_id)
    ]
    moves = AuditEntry.objects.filter(object_type="enrollment", object_id=enrollment.pk, action="enrollment.queue")
    last = moves.order_by("-at", "-pk").first()
    if not members or last is None:
        raise RuleError([_("They do not wait any more. Look at the page again.")], code="not_waiting")
    before = [one.pk for one in queue]
    place = last.detail["from"] - [one.pk for one in members].index(enrollment.pk)
    after = with_moved(before, {one.pk for one in members}, place)
    write_order(queue, after)
    reason = last.detail["queue_reason"]
    Enrollment.objects.filter(pk__in=[one.pk for one in members]).update(queue_reason=reason)
    _record(members, before, after, reason, act=act, note=note)
    offer_free_seats(cohort=cohort, at=act.at)
    return list(Enrollment.objects.filter(pk__in=[one.pk for one in members]).select_related("person", "cohort"))


def write_order(queue: Sequence[Enrollment], order: Sequence[int]) -> None:
    """Hands the queue numbers round so that `order` (pks) is the order. The cohort is locked by the caller."""
    numbers = {one.pk: one.queue_number or 0 for one in queue}
    changed = renumbered(order, numbers)
    moving = [one for one in queue if one.pk in changed]
    for one in moving:
        one.queue_number = changed[one.pk]
    Enrollment.objects.bulk_update(moving, ["queue_number"], batch_size=500)


@transaction.atomic
def join_party(*, enrollments: Sequence[Enrollment], act: Act) -> Party:
    """Two or more of one cohort come together from now on. Those who wait stand together at the place of the last of them:
    nobody overtakes others by a friend.

    Raises RuleError `not_together` (fewer than two, different cohorts or states, in a party already), `party_too_large`.
    """
    cohort = lock_cohort(enrollments[0].cohort_id)
    members = list(
        Enrollment.objects.filter(pk__in=[one.pk for one in enrollments]).select_related("person").order_by("pk")
    )
    check_party_size(len(members), cohort)
    _check_joining(members, cohort)
    party = make_party(enrollments=members, cohort=cohort, act=act)
    if members[0].state == EnrollmentState.WAITLISTED:
        _stand_together(cohort, members)
        offer_free_seats(cohort=cohort, at=act.at)
    return party


@transaction.atomic
def split_party(*, party: Party, act: Act) -> None:
    """They come each for themselves from now on; places in the queue stay. Split already: nothing happens."""
    cohort = lock_cohort(party.cohort_id)
    stored = Party.objects.get(pk=party.pk)
    if stored.ended_at is None:
        record_changes(
            audit_entry(
                by=act.by,
                action="enrollment.split",
                subject=member.person,
                thing=member,
                detail={"party": stored.pk, "how_asked": act.via},
            )
            for member in stored.enrollments.select_related("person").order_by("pk")
        )
        end_parties([stored.pk], act.at)
        offer_free_seats(cohort=cohort, at=act.at)


def _stand_together(cohort: Cohort, members: Sequence[Enrollment]) -> None:
    queue = queue_of(cohort)
    pks = {one.pk for one in members}
    last = max(place for place, one in enumerate(queue) if one.pk in pks)
    place = last + 2 - len(pks)
    write_order(queue, with_moved([one.pk for one in queue], pks, place))


def _check_joining(members: Sequence[Enrollment], cohort: Cohort) -> None:
    states = {one.state for one in members}
    if len(members) < 2 or {one.cohort_id for one in members} != {cohort.pk}:
        raise RuleError([_("Choose at least two people of the same group.")], code="not_together")
    if len(states) > 1 or not states <= set(JOINABLE_STATES):
        raise RuleError(
            [_("They can come together only when all of them wait, or all of them have a place.")], code="not_together"
        )
    for one in members:
        if one.party_id is not None:
            raise RuleError(
                [_("%(name)s comes together with somebody already.") % {"name": one.person.list_name}],
                code="not_together",
            )


def _record(
    members: Sequence[Enrollment], before: Sequence[int], after: Sequence[int], reason: str, *, act: Act, note: str
) -> None:
    waiting = EnrollmentState.WAITLISTED
    Transition.objects.bulk_create(transition(one, waiting, waiting, act, note) for one in members)
    record_changes(
        audit_entry(
            by=act.by,
            action="enrollment.queue",
            subject=one.person,
            thing=one,
            detail={
                "from": before.index(one.pk) + 1,
                "to": after.index(one.pk) + 1,
                "reason": str(reason),
                "how_asked": act.via,
                # What undoing gives back.
                "queue_reason": one.queue_reason,
            },
        )
        for one in members
    )
