"""A trainer proposes, a coordinator decides: the rule answers, a named person signs, and everything can be taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from accounts.services.audit import audit_entry, record_changes
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.services.enrollments import complete_enrollments, transition_enrollments
from courses.scheduling.services.locks import lock_cohorts
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion
from courses.teaching.selectors.completions import Standing, standings
from courses.teaching.wording import unmet_sentences


@transaction.atomic
def propose_completions(*, enrollments: Iterable[Enrollment], act: Act) -> list[Completion]:
    """Asks a coordinator to decide. Refuses all when the rule is unmet for one, and says what is missing.

    Who is proposed or decided already is left alone.
    """
    judged = [standing for standing in _judge(enrollments, act.at) if standing.completion is None]
    _refuse_unmet(judged)
    made = Completion.objects.bulk_create(
        [
            Completion(
                enrollment=standing.enrollment,
                state=CompletionState.PROPOSED,
                proposed_at=act.at,
                proposed_by=act.by,
                **_figures(standing),
            )
            for standing in judged
        ],
        batch_size=500,
    )
    _audit(made, "completion.propose", act)
    return made


@transaction.atomic
def decide_completions(*, enrollments: Iterable[Enrollment], act: Act) -> list[Completion]:
    """Decides, proposed or not, that the rule is met: all of `enrollments` or none.

    The completion keeps the rule and the figures of this day. Raises RuleError with a sentence for each thing that is
    missing for somebody, or when an enrollment is not open any more.
    """
    judged = [standing for standing in _judge(enrollments, act.at) if not standing.decided]
    _refuse_unmet(judged)
    proposed = {standing.enrollment.pk: standing.completion for standing in judged if standing.completion}
    for standing in judged:
        if completion := proposed.get(standing.enrollment.pk):
            completion.state, completion.decided_at, completion.decided_by = CompletionState.DECIDED, act.at, act.by
            completion.rule, completion.figures = standing.rule.to_json(), standing.progress.to_json()
    Completion.objects.bulk_update(
        list(proposed.values()), ["state", "decided_at", "decided_by", "rule", "figures"], batch_size=200
    )
    made = Completion.objects.bulk_create(
        [
            Completion(
                enrollment=standing.enrollment,
                state=CompletionState.DECIDED,
                decided_at=act.at,
                decided_by=act.by,
                **_figures(standing),
            )
            for standing in judged
            if standing.enrollment.pk not in proposed
        ],
        batch_size=500,
    )
    decided = [*proposed.values(), *made]
    complete_enrollments(enrollments=[standing.enrollment for standing in judged], act=act)
    _audit(decided, "completion.decide", act)
    return decided


@transaction.atomic
def revoke_completions(*, completions: Iterable[Completion], act: Act, reason: str) -> list[Completion]:
    """Takes proposals and decisions back, with a reason; a decided enrollment takes part again.

    Raises RuleError without a reason, or while a certificate stands on a decision.
    """
    if not reason.strip():
        raise RuleError([_("Say why the completion is taken back.")], code="reason_missing")
    given = [completion.pk for completion in completions]
    lock_cohorts(Enrollment.objects.filter(completions__in=given).values_list("cohort_id", flat=True))
    standing = list(
        Completion.objects.filter(pk__in=given)
        .exclude(state=CompletionState.REVOKED)
        .select_related("enrollment__person", "enrollment__cohort")
    )
    _refuse_certified(standing)
    decided = [completion.enrollment for completion in standing if completion.state == CompletionState.DECIDED]
    Completion.objects.filter(pk__in=[completion.pk for completion in standing]).update(
        state=CompletionState.REVOKED, revoked_at=act.at, revoked_by=act.by, reason=reason.strip()[:200]
    )
    completed = [enrollment for enrollment in decided if enrollment.state == EnrollmentState.COMPLETED]
    if completed:
        transition_enrollments(
            enrollments=completed,
            to_state=EnrollmentState.ACTIVE,
            act=replace(act, via=HowAsked.DESK),
            note=reason.strip(),
        )
    _audit(standing, "completion.revoke", act)
    return standing


def _judge(enrollments: Iterable[Enrollment], at: datetime) -> list[Standing]:
    """The enrollments as they stand under the lock of their cohorts, judged."""
    given = list(enrollments)
    lock_cohorts(enrollment.cohort_id for enrollment in given)
    fresh = (
        Enrollment.objects.filter(pk__in=[enrollment.pk for enrollment in given])
        .select_related("person", "cohort__course")
        .order_by("person__sort_key", "pk")
    )
    return standings(list(fresh), at)


def _refuse_unmet(judged: Sequence[Standing]) -> None:
    reasons = [sentence for standing in judged for sentence in unmet_sentences(standing)]
    if reasons:
        raise RuleError(reasons, code="rule_unmet")


def _refuse_certified(completions: Sequence[Completion]) -> None:
    certified = Completion.objects.filter(
        pk__in=[completion.pk for completion in completions],
        certificates__isnull=False,
        certificates__revoked_at__isnull=True,
    )
    numbers = certified.order_by("certificates__number").values_list("certificates__number", flat=True)
    if reasons := [
        _("Certificate %(number)s stands on this completion. Revoke the certificate first.") % {"number": number}
        for number in numbers
    ]:
        raise RuleError(reasons, code="certified")


def _figures(standing: Standing) -> dict[str, object]:
    return {"rule": standing.rule.to_json(), "figures": standing.progress.to_json()}


def _audit(completions: Iterable[Completion], action: str, act: Act) -> None:
    record_changes(
        audit_entry(
            by=act.by,
            action=action,
            subject=completion.enrollment.person,
            thing=completion,
            detail={"enrollment": completion.enrollment_id},
        )
        for completion in completions
    )
