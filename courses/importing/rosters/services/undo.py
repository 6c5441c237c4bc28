"""A whole roster taken back: what it made goes as if it had never been, while nothing depends on it."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import AuditEntry, District, Person
from accounts.rules.chunks import chunks
from accounts.services.audit import audit_entry, record_change, record_changes
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.transitions import seat_change
from courses.enrolling.services.offers import offer_free_seats
from courses.enrolling.services.seats import add_seats_taken
from courses.importing.rosters.models import Roster
from courses.importing.rosters.selectors import CHUNK, undo_obstacles
from courses.importing.rosters.wording import what_depends
from courses.messaging.models import Message
from courses.scheduling.models import Cohort, Venue
from courses.scheduling.services.locks import lock_cohorts


@transaction.atomic
def undo_roster(*, roster: Roster, act: Act) -> Roster:
    """Removes the enrollments that the roster made, with their messages that have not gone out, and the people whom it
    added; frees the seats and offers them to those who wait. All of it or nothing. Undone already: comes back as it is.

    There is no term but what has come of it: a day later the people may have been told nothing yet, an hour later they may
    have come to a session. Removed, not withdrawn, because an import by mistake is no application: figures never saw it.
    The audit rows stay; those about people who are gone name nobody any more. People who were on file before keep an audit
    row of what was taken back.

    RuleError `not_applied`; `depends`, with a sentence for each person of whom something depends (selectors.undo_obstacles).
    """
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.UNDONE:
        return locked
    if locked.state != Roster.State.APPLIED or not locked.made:
        raise RuleError([_("Only a list that was applied can be undone.")], code="not_applied")
    pks: list[int] = locked.made["enrollments"]
    # Who moves one of the enrollments waits from here on, or is seen below.
    named = {
        pk
        for chunk in chunks(sorted(pks), CHUNK)
        for pk in Enrollment.objects.filter(pk__in=chunk).order_by().values_list("cohort_id", flat=True).distinct()
    }
    cohorts = lock_cohorts(named)
    if obstacles := undo_obstacles(locked):
        raise RuleError(what_depends(obstacles), code="depends")
    removed = _remove_enrollments(locked, cohorts, act)
    _remove_people(locked)
    locked.state, locked.undone_at, locked.made = Roster.State.UNDONE, act.at, {}
    locked.save(update_fields=["state", "undone_at", "made"])
    record_change(
        by=act.by,
        action="roster.undo",
        thing=locked,
        detail={"people": len(roster.made.get("people", [])), "enrollments": removed},
    )
    for cohort in cohorts.values():
        offer_free_seats(cohort=cohort, at=act.at)
    return locked


def _remove_enrollments(roster: Roster, cohorts: dict[int, Cohort], act: Act) -> int:
    new = set(roster.made["people"])
    seats: Counter[int] = Counter()
    removed = 0
    for chunk in chunks(sorted(roster.made["enrollments"]), CHUNK):
        found = list(Enrollment.objects.select_related("person").filter(pk__in=chunk))
        for enrollment in found:
            seats[enrollment.cohort_id] += seat_change(enrollment.state, EnrollmentState.WITHDRAWN)
        record_changes(
            audit_entry(
                by=act.by,
                action="enrollment.remove",
                subject=enrollment.person,
                detail={"cohort": cohorts[enrollment.cohort_id].code, "roster": roster.pk},
            )
            for enrollment in found
            if enrollment.person_id not in new
        )
        Message.objects.filter(enrollment__in=chunk).delete()
        Transition.objects.filter(enrollment__in=chunk).delete()
        Enrollment.objects.filter(pk__in=chunk).delete()
        removed += len(found)
    for pk, change in seats.items():
        add_seats_taken(cohorts[pk], change)
    return removed


def _remove_people(roster: Roster) -> None:
    for chunk in chunks(sorted(roster.made["people"]), CHUNK):
        AuditEntry.objects.filter(subject__in=chunk).update(subject=None)
        Person.objects.filter(pk__in=chunk).delete()
    unused = District.objects.filter(pk__in=roster.made["districts"], people=None)
    unused.exclude(pk__in=Venue.objects.filter(district__isnull=False).values("district")).delete()
