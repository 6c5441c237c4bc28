"""Those who asked for seats together: made, left, split. One of them leaving never moves another: they are asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError
from accounts.models import AuditEntry
from accounts.services.audit import audit_entry, record_changes
from courses.enrolling.enums import OPEN_STATES, EnrollmentState
from courses.enrolling.messages.places import cancel_companion_left, plan_companion_left
from courses.enrolling.models import Enrollment, Party
from courses.enrolling.rules.offers import LARGEST_PARTY
from courses.enrolling.wording.refusals import too_few_for_party
from courses.scheduling.models import Cohort

PLACED = [EnrollmentState.ENROLLED, EnrollmentState.ACTIVE]
JOINABLE_STATES = (EnrollmentState.APPLIED, EnrollmentState.WAITLISTED, EnrollmentState.ENROLLED)


def check_party_size(size: int, cohort: Cohort) -> None:
    """RuleError `party_too_large` when they are too many for a party, or for the cohort."""
    if size > LARGEST_PARTY:
        raise RuleError(
            [_("At most %(limit)d people can ask for seats together.") % {"limit": LARGEST_PARTY}],
            code="party_too_large",
        )
    if size > cohort.capacity:
        raise RuleError([too_few_for_party(cohort)], code="party_too_large")


@transaction.atomic
def make_party(*, enrollments: Iterable[Enrollment], cohort: Cohort, act: Act) -> Party:
    """Binds enrollments of one cohort, which is locked by the caller, together; they were checked by the caller too."""
    members = list(enrollments)
    party = Party.objects.create(cohort=cohort, made_at=act.at, made_by=act.by, how_asked=act.via)
    Enrollment.objects.filter(pk__in=[member.pk for member in members]).update(party=party)
    for member in members:
        member.party = party
    record_together(enrollments=members, party=party, act=act)
    return party


def record_together(*, enrollments: Sequence[Enrollment], party: Party, act: Act) -> None:
    """The history says that they came together; undoing reads from it who belonged to the party."""
    record_changes(
        audit_entry(
            by=act.by,
            action="enrollment.together",
            subject=member.person,
            thing=member,
            detail={"party": party.pk, "size": len(enrollments), "how_asked": party.how_asked},
        )
        for member in enrollments
    )


def leave_parties(*, enrollments: Iterable[Enrollment], at: datetime) -> None:
    """Takes those who have left out of their parties, and asks the others whether they still come. A party of one is none.

    The cohorts are locked by the caller. Three queries when nobody was in a party.
    """
    gone = [enrollment for enrollment in enrollments if enrollment.party_id is not None]
    if not gone:
        return
    parties = {enrollment.party_id for enrollment in gone}
    Enrollment.objects.filter(pk__in=[enrollment.pk for enrollment in gone]).update(party=None)
    for enrollment in gone:
        enrollment.party = None
    left = list(
        Enrollment.objects.filter(party__in=parties, state__in=OPEN_STATES).select_related("person", "cohort", "party")
    )
    plan_companion_left(enrollments=left, at=at)
    sizes: dict[int, int] = {}
    for enrollment in left:
        assert enrollment.party_id is not None
        sizes[enrollment.party_id] = sizes.get(enrollment.party_id, 0) + 1
    end_parties([party for party in parties if party is not None and sizes.get(party, 0) < 2], at)


def come_together_again(*, enrollments: Sequence[Enrollment], party_id: int) -> None:
    """After an undoing: those who left a party with that move are in it again, with those of it who stand where they do.

    The cohort is locked by the caller. Nothing happens when nobody else of the party is left there.
    """
    party = Party.objects.filter(pk=party_id, cohort=enrollments[0].cohort_id).first()
    if party is None:
        return
    mine = [one.pk for one in enrollments]
    states = PLACED if enrollments[0].state in PLACED else [enrollments[0].state]
    free = Enrollment.objects.filter(Q(party=None) | Q(party=party), cohort=party.cohort_id, state__in=states)
    bound = AuditEntry.objects.filter(
        action="enrollment.together", object_type="enrollment", object_id__in=free.values("pk"), detail__party=party_id
    )
    others = [pk for pk in bound.values_list("object_id", flat=True).distinct() if pk is not None and pk not in mine]
    if len(mine) + len(others) < 2:
        return
    Enrollment.objects.filter(pk__in=[*mine, *others]).update(party=party)
    for one in enrollments:
        one.party = party
    Party.objects.filter(pk=party_id).update(ended_at=None)
    cancel_companion_left(enrollments=others)


def end_parties(parties: list[int], at: datetime) -> None:
    """The members come each for themselves; what they have stays. The cohorts are locked by the caller."""
    Enrollment.objects.filter(party__in=parties).update(party=None)
    Party.objects.filter(pk__in=parties).update(ended_at=at, blocked_since=None)
