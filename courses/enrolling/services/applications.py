"""Applications that people make and correct themselves, on the web, without an account.

Each makes new people: to attach one to somebody on record would tell who is known here, and let a stranger write into
that record. Likely pairs are shown to a coordinator, who merges them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import ConsentPurpose
from accounts.exceptions import RuleError
from accounts.services.audit import record_change
from accounts.services.consents import give_consent
from accounts.services.people import PersonData, create_people, update_person
from courses.enrolling.enums import OPEN_STATES
from courses.enrolling.models import Enrollment
from courses.enrolling.rules.applications import Room, applications
from courses.enrolling.selectors.applications import TAKES_APPLICATIONS, is_own_record
from courses.enrolling.selectors.cohorts import JOINABLE_STATES
from courses.enrolling.services.enrollments import enroll_person, enroll_together
from courses.enrolling.services.support import NeedsData, note_support_needs
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohort


@dataclass(frozen=True)
class Applicant:
    """Who applies: as a new record, with an own goal in their own words and what to arrange for them."""

    data: PersonData
    goal: str = ""
    needs: NeedsData = field(default_factory=NeedsData)


@transaction.atomic
def send_application(
    *,
    cohort: Cohort,
    applicants: Sequence[Applicant],
    act: Act,
    consent_text: str,
    support_consent_text: str = "",
    draft: str = "",
) -> list[Enrollment]:
    """Enrollments of `applicants`, in their order; several of them get seats together or wait together.

    `draft` is secret to one web form: sent again, also at the same moment, it gives back what the first sending made.
    Raises RuleError `closed` when the cohort takes no applications now, CohortFull when its waiting list is full too.
    """
    locked = lock_cohort(cohort.pk)
    key = hashlib.sha256(draft.encode()).hexdigest() if draft else ""
    sent = _sent_before(key)
    if sent:
        return sent
    _check_open(locked, act.at)
    people = create_people(rows=[applicant.data for applicant in applicants], act=act)
    if len(people) == 1:
        enrollments = [enroll_person(person=people[0], cohort=cohort, act=act, goal=applicants[0].goal)]
    else:
        enrollments = enroll_together(
            people=people,
            cohort=cohort,
            act=act,
            goals=[applicant.goal for applicant in applicants],
        )
    if key:
        Enrollment.objects.filter(pk=enrollments[0].pk).update(draft_key=key)
    for enrollment, applicant in zip(enrollments, applicants, strict=True):
        give_consent(
            person=enrollment.person,
            purpose=ConsentPurpose.COURSE,
            text=consent_text,
            act=act,
        )
        if any(applicant.needs.values()):
            note_support_needs(
                enrollment=enrollment,
                needs=applicant.needs,
                act=act,
                consent_text=support_consent_text,
            )
    return enrollments


@transaction.atomic
def correct_application(
    *,
    enrollment: Enrollment,
    goal: str,
    needs: NeedsData,
    act: Act,
    data: PersonData | None = None,
    consent_text: str = "",
) -> Enrollment:
    """What the holder of the code changes: goal and needs, and in `data` how to reach the person.

    `data` is only for a record that a web application made and nobody else has touched (enrolling.selectors.applications.
    is_own_record): RuleError `not_own` otherwise. RuleError `closed` when the application has ended.
    """
    lock_cohort(enrollment.cohort_id)
    stored = Enrollment.objects.select_related("person").get(pk=enrollment.pk)
    if stored.state not in OPEN_STATES:
        raise RuleError([_("This application has ended, so nothing in it can be changed. Phone us.")], code="closed")
    if data:
        if not is_own_record(stored.person):
            raise RuleError(
                [_("Phone us to change how we reach you. Here it cannot be changed any more.")], code="not_own"
            )
        update_person(person=stored.person, act=act, **data)
    if stored.goal != goal:
        stored.goal = goal
        stored.full_clean(exclude=["cohort", "person", "party"], validate_constraints=False)
        stored.save(update_fields=["goal"])
        record_change(
            by=act.by,
            action="enrollment.goal",
            subject=stored.person,
            thing=stored,
            detail={"how_asked": act.via},
        )
    note_support_needs(enrollment=stored, needs=needs, act=act, consent_text=consent_text)
    return stored


def _sent_before(key: str) -> list[Enrollment]:
    """What this draft made: the sender's enrollment, then those of the companions."""
    rows = Enrollment.objects.select_related("person", "cohort")
    first = rows.filter(draft_key=key).first() if key else None
    if first is None:
        return []
    together = rows.filter(party=first.party_id, applied_at=first.applied_at).exclude(pk=first.pk).order_by("pk")
    return [first, *(together if first.party_id else ())]


def _check_open(cohort: Cohort, at: datetime) -> None:
    answer = applications(
        opens_on=cohort.applications_open_on,
        closes_on=cohort.applications_close_on,
        starts_on=cohort.starts_on,
        # Who waits, and whether one more may, is for the enrolling to count.
        room=Room(cohort.free_seats, waiting=0),
        today=timezone.localdate(at),
    )
    if cohort.state not in JOINABLE_STATES or answer not in TAKES_APPLICATIONS:
        raise RuleError([_("This group does not take applications now.")], code="closed")
