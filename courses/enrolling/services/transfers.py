"""From one cohort to another of the same course, with all that was attended; those who came together go together, or nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.services.audit import record_change
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.messages.places import cancel_messages_for_enrollments, plan_place_confirmed
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import seat_change
from courses.enrolling.services.checks import check_enrolling
from courses.enrolling.services.offers import offer_free_seats
from courses.enrolling.services.parties import PLACED, leave_parties, make_party
from courses.enrolling.services.queue import split_party
from courses.enrolling.services.seats import add_seats_taken
from courses.enrolling.services.transitions import (
    STAYS_OPEN,
    change_seats,
    set_state,
    transition,
    what_undoing_gives_back,
)
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohorts


@dataclass(frozen=True)
class Before:
    """What people had in the cohort to which an undoing brings them back. `fields`: enrollment -> field -> value."""

    state: EnrollmentState
    fields: Mapping[int, Mapping[str, Any]]


@transaction.atomic
def transfer_enrollment(
    *, enrollment: Enrollment, to_cohort: Cohort, act: Act, note: str = "", back_to: Before | None = None
) -> Enrollment:
    """Takes an open enrollment to another cohort of the same course, with all that was attended and passed: the row itself
    goes over, and what was attended counts there as made up elsewhere. Who waited has a place there now; `back_to` is for
    an undoing: what they had there before.

    The old seat is offered on; companions stay where they are and are asked. Raises RuleError `no_such_move` (closed),
    `other_course`, `cohort_closed`, `already_open`; CohortFull.
    """
    old_pk = Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment.pk)
    cohorts = lock_cohorts([old_pk, to_cohort.pk])
    old, new = cohorts[old_pk], cohorts[to_cohort.pk]
    moving = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    _check_transfer(moving, old, new)
    before, was = moving.state, what_undoing_gives_back(moving)
    to_state = EnrollmentState.ACTIVE if before == EnrollmentState.ACTIVE else EnrollmentState.ENROLLED
    if back_to:
        to_state = back_to.state
    change_seats(new, seat_change("", to_state))
    add_seats_taken(old, seat_change(before, EnrollmentState.WITHDRAWN))
    cancel_messages_for_enrollments(enrollments=[moving])
    leave_parties(enrollments=[moving], at=act.at)
    started_at = moving.started_at
    set_state(moving, to_state, at=act.at)
    moving.cohort, moving.started_at, moving.queue_reason = new, started_at, ""
    for name, value in back_to.fields[moving.pk].items() if back_to else ():
        setattr(moving, name, value)
    moving.save()
    Transition.objects.bulk_create([transition(moving, before, to_state, act, note, from_cohort=old)])
    record_change(
        by=act.by,
        action="enrollment.transfer",
        subject=moving.person,
        thing=moving,
        detail={"from": old.code, "to": new.code, "how_asked": act.via, "was": was},
    )
    if to_state in PLACED:
        plan_place_confirmed(enrollments=[moving], at=act.at)
    offer_free_seats(cohort=old, at=act.at)
    return moving


def _check_transfer(enrollment: Enrollment, old: Cohort, new: Cohort) -> None:
    name = enrollment.person.list_name
    if enrollment.state not in STAYS_OPEN:
        raise RuleError(
            [_("%(name)s is not in the group any more. Open the enrollment again first.") % {"name": name}],
            code="no_such_move",
        )
    if new.pk == old.pk:
        raise RuleError([_("%(name)s is in that group already.") % {"name": name}], code="already_open")
    if new.course_id != old.course_id:
        raise RuleError([_("What was attended counts only in a group of the same course.")], code="other_course")
    check_enrolling(new, [enrollment.person])


@transaction.atomic
def transfer_together(
    *, enrollments: Sequence[Enrollment], to_cohort: Cohort, act: Act, note: str = "", back_to: Before | None = None
) -> list[Enrollment]:
    """Transfers all of a party, who stay one in the other group; one alone is transferred as such.

    Raises what transfer_enrollment raises, and then nobody was moved.
    """
    cohorts = lock_cohorts({to_cohort.pk, *(one.cohort_id for one in enrollments)})
    party = enrollments[0].party
    if party and len(enrollments) > 1:
        split_party(party=party, act=act)
    moved = [
        transfer_enrollment(enrollment=one, to_cohort=to_cohort, act=act, note=note, back_to=back_to)
        for one in enrollments
    ]
    if len(moved) > 1:
        make_party(enrollments=moved, cohort=cohorts[to_cohort.pk], act=act)
    return moved
