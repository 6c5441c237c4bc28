"""Another group instead of one that is cancelled: everybody is asked there first, in one action."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.rules.codes import new_application_code
from accounts.services.audit import audit_entry, record_changes
from courses.enrolling.enums import OPEN_STATES, EnrollmentState, QueueReason
from courses.enrolling.models import Enrollment, Party, SupportNeeds, Transition
from courses.enrolling.rules.queue import with_moved
from courses.enrolling.rules.transitions import ENROLLING_STATES
from courses.enrolling.selectors.queues import queue_of
from courses.enrolling.services.offers import offer_free_seats
from courses.enrolling.services.parties import record_together
from courses.enrolling.services.queue import write_order
from courses.enrolling.services.seats import take_queue_numbers
from courses.enrolling.services.transitions import set_state, transition
from courses.scheduling.models import Cohort


def offer_instead(*, ended: Sequence[Enrollment], cohort: Cohort, act: Act) -> list[Enrollment]:
    """Puts those whose enrollments have `ended` at the front of the waiting list of `cohort`, in their order and with their
    companions, goals and support needs, and offers them the free seats at once. Whoever is enrolled there already is left
    as they are. `cohort` is locked by the caller. Returns the new enrollments.

    Not bound by the longest waiting list: these people had a place.
    """
    there = set(cohort.enrollments.filter(state__in=OPEN_STATES).values_list("person_id", flat=True))
    coming = [one for one in ended if one.person_id not in there]
    if not coming:
        return []
    numbers = take_queue_numbers(cohort, len(coming))
    parties = _parties(coming, cohort, act)
    made = []
    for old, number in zip(coming, numbers, strict=True):
        new = Enrollment(
            cohort=cohort,
            person=old.person,
            how_asked=old.how_asked,
            applied_at=act.at,
            goal=old.goal,
            waiver=old.waiver,
            party=parties.get(old.party_id),
            application_code=new_application_code(),
        )
        set_state(new, EnrollmentState.WAITLISTED, at=act.at)
        new.queue_number, new.queue_reason = number, QueueReason.COHORT_CANCELLED
        made.append(new)
    Enrollment.objects.bulk_create(made, batch_size=500)
    _record(made, cohort, act)
    for party in parties.values():
        record_together(enrollments=[one for one in made if one.party_id == party.pk], party=party, act=act)
    _take_needs_along(coming, made)
    queue = queue_of(cohort)
    write_order(queue, with_moved([one.pk for one in queue], {one.pk for one in made}, 1))
    offer_free_seats(cohort=cohort, at=act.at)
    return list(Enrollment.objects.filter(pk__in=[one.pk for one in made]).select_related("person", "cohort"))


def check_instead(cohort: Cohort, instead: Cohort) -> None:
    """RuleError `instead` when the other group is no choice: another course, the same group, or one that takes nobody."""
    if instead.pk == cohort.pk or instead.course_id != cohort.course_id or instead.state not in ENROLLING_STATES:
        raise RuleError(
            [
                _("%(cohort)s cannot be offered instead. Choose another group of the same course.")
                % {"cohort": instead.name}
            ],
            code="instead",
        )


def _parties(coming: Sequence[Enrollment], cohort: Cohort, act: Act) -> dict[int | None, Party]:
    """Old party -> the new one, for parties of whom two or more come."""
    with_party = sorted((one for one in coming if one.party_id is not None), key=lambda one: one.party_id or 0)
    made: dict[int | None, Party] = {}
    for party, members in groupby(with_party, key=lambda one: one.party_id):
        listed = list(members)
        if len(listed) > 1:
            made[party] = Party.objects.create(
                cohort=cohort, made_at=act.at, made_by=act.by, how_asked=listed[0].how_asked
            )
    return made


def _record(made: Sequence[Enrollment], cohort: Cohort, act: Act) -> None:
    applied = EnrollmentState.APPLIED
    Transition.objects.bulk_create(
        [
            step
            for one in made
            for step in (
                transition(one, "", applied, replace(act, via=HowAsked(one.how_asked))),
                transition(
                    one,
                    applied,
                    one.state,
                    replace(act, via=HowAsked(one.how_asked)),
                    QueueReason.COHORT_CANCELLED.value,
                ),
            )
        ],
        batch_size=500,
    )
    record_changes(
        audit_entry(
            by=act.by,
            action="enrollment.create",
            subject=one.person,
            thing=one,
            detail={"cohort": cohort.code, "state": one.state, "how_asked": one.how_asked, "instead": True},
        )
        for one in made
    )


def _take_needs_along(coming: Sequence[Enrollment], made: Sequence[Enrollment]) -> None:
    needs = {one.enrollment_id: one for one in SupportNeeds.objects.filter(enrollment__in=[one.pk for one in coming])}
    SupportNeeds.objects.bulk_create(
        SupportNeeds(
            enrollment=new,
            hearing_loop=needs[old.pk].hearing_loop,
            wheelchair=needs[old.pk].wheelchair,
            loan_device=needs[old.pk].loan_device,
            note=needs[old.pk].note,
            noted_at=needs[old.pk].noted_at,
            noted_by=needs[old.pk].noted_by,
            how_asked=needs[old.pk].how_asked,
        )
        for old, new in zip(coming, made, strict=True)
        if old.pk in needs
    )
