"""Enrollments with their seats, queue numbers, one transition and, where it was reached, the completion."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from accounts.enums import HowAsked
from accounts.services.bulk import insert_rows
from courses.catalogue.models import Course
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.enrolling.rules.offers import OFFER_DAYS
from courses.importing.records.rules.earned import Earned, earned_in
from courses.importing.records.rules.enrollments import OPEN, ordinals, stages
from courses.importing.records.rules.rows import EnrollmentRow, Json
from courses.importing.records.selectors import HeldEnrollment
from courses.importing.records.services.jobs import Import, create, noon
from courses.importing.records.services.seats import take_seats
from courses.teaching.enums import CompletionState
from courses.teaching.models import Completion
from courses.teaching.rules.completion import Progress


class NewEnrollment(NamedTuple):
    row: EnrollmentRow
    earned: Earned | None
    queue_number: int | None


def add_enrollments(job: Import) -> None:
    held = job.held
    rules = dict(Course.objects.filter(pk__in=held.courses.values()).values_list("code", "completion_rule"))

    def make(new: NewEnrollment) -> Enrollment:
        return _enrollment(job, new)

    def keep(made: list[tuple[NewEnrollment, Enrollment]]) -> None:
        for new, enrollment in made:
            row = new.row
            held.enrollments[row.cohort, row.person].append(HeldEnrollment(enrollment.pk, row.state in OPEN))
        insert_rows(Transition, (_transition(job, enrollment) for _new, enrollment in made))
        insert_rows(
            Completion,
            (
                _completion(new, enrollment, rules[held.cohorts[new.row.cohort].course])
                for new, enrollment in made
                if new.row.completion or new.row.state == EnrollmentState.COMPLETED
            ),
        )

    create(job, "enrollments", _new_enrollments(job), make, keep)


def _new_enrollments(job: Import) -> Iterator[NewEnrollment]:
    """Takes their seats and queue numbers, then gives them in the order of the file."""
    rows = job.package.enrollments
    there = {key: len(found) for key, found in job.held.enrollments.items()}
    numbered = zip(rows, ordinals((row.cohort, row.person) for row in rows), strict=True)
    new = [(row, ordinal) for row, ordinal in numbered if ordinal > there.get((row.cohort, row.person), 0)]
    queue = take_seats(job, [row for row, _ordinal in new])
    earned = earned_in(job.package)
    return (
        NewEnrollment(row, earned.get((row.cohort, row.person, ordinal)), queue.get(row.line)) for row, ordinal in new
    )


def _enrollment(job: Import, new: NewEnrollment) -> Enrollment:
    row, earned = new.row, new.earned
    cohort = job.held.cohorts[row.cohort]
    passed = stages(row, came_on=earned.came_on if earned else None, starts_on=cohort.starts_on, ends_on=cohort.ends_on)
    offered = row.state == EnrollmentState.OFFERED
    return Enrollment(
        cohort_id=cohort.pk,
        person_id=job.held.people[row.person],
        state=row.state,
        how_asked=row.how_asked,
        reason=row.reason,
        applied_at=noon(row.applied_on),
        admitted_at=noon(passed.admitted_on),
        started_at=noon(passed.started_on),
        ended_at=noon(passed.ended_on),
        queue_number=new.queue_number,
        offer_expires_at=(row.offer_expires_at or job.at + timedelta(days=OFFER_DAYS)) if offered else None,
        state_changed_at=noon(passed.ended_on or passed.started_on or passed.admitted_on or row.applied_on),
    )


def _transition(job: Import, enrollment: Enrollment) -> Transition:
    return Transition(
        enrollment=enrollment,
        to_state=enrollment.state,
        at=enrollment.state_changed_at,
        by=job.by,
        how_asked=HowAsked.RECORDS,
        reason=enrollment.reason,
    )


def _completion(new: NewEnrollment, enrollment: Enrollment, rule: Json) -> Completion:
    """A decided completion of a completed enrollment, or the proposal that the records hold."""
    row, earned = new.row, new.earned
    progress = Progress(modules=frozenset(earned.passed), made_up=frozenset(earned.made_up)) if earned else Progress()
    at = noon(row.completion_on) or enrollment.ended_at or enrollment.state_changed_at
    decided = row.state == EnrollmentState.COMPLETED
    return Completion(
        enrollment=enrollment,
        state=CompletionState.DECIDED if decided else CompletionState.PROPOSED,
        proposed_at=at,
        decided_at=at if decided else None,
        rule=rule if row.completion_rule is None else row.completion_rule,
        figures=progress.to_json() if row.completion_figures is None else row.completion_figures,
    )
