"""Enrollments of the demo: who applied, how it went, and each step with its entry in the record."""

import datetime

from django.utils import timezone

from accounts.enums import HowAsked
from accounts.models import AuditEntry, Person
from courses.demo.plans import REASONS, CohortPlan, attendance_of, fates
from courses.demo.results import make_marks
from courses.demo.world import DAY, Demo, Rows
from courses.enrolling.enums import SEAT_STATES, EnrollmentState
from courses.enrolling.models import Enrollment, Transition
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import ATTENDED_STATES, AttendanceState

# Attendance is made for the first cohorts only when there are very many: a benchmark of enrollments needs no 9 million marks.
COHORTS_WITH_ATTENDANCE = 500


def make_enrollments(demo: Demo, plan: CohortPlan, cohort: Cohort, sessions: list[Session], rows: Rows) -> None:
    drawn = fates(demo.random, plan)
    opens = timezone.make_aware(datetime.datetime.combine(plan.starts_on - 60 * DAY, datetime.time(9)))
    applied_at = opens = min(opens, demo.now - 20 * DAY)
    # Nobody applies tomorrow.
    longest = int((demo.now - opens) / datetime.timedelta(minutes=1)) // (len(drawn) + 1)
    queue = 0
    for position, fate in enumerate(drawn):
        person = _person(demo, plan, position)
        if person is demo.mentor:
            fate = EnrollmentState.COMPLETED
        applied_at += datetime.timedelta(minutes=min(demo.random.randint(30, 2000), longest))
        applied_at = min(applied_at, demo.now - datetime.timedelta(minutes=len(drawn) - position))
        enrollment = Enrollment(
            cohort=cohort,
            person=person,
            state=fate,
            how_asked=demo.random.choices(
                [HowAsked.WEB, HowAsked.PHONE, HowAsked.DESK, HowAsked.LETTER], [45, 38, 12, 5]
            )[0],
            applied_at=applied_at,
        )
        if fate == EnrollmentState.WAITLISTED:
            queue += 1
            enrollment.queue_number = queue
        states = _attendance(demo, plan, fate, sessions)
        came = [session for session, state in zip(sessions, states, strict=False) if state in ATTENDED_STATES]
        _set_times(demo, plan, enrollment, came)
        rows.enrollments.append(enrollment)
        _steps(demo, enrollment, rows)
        make_marks(demo, plan, enrollment, sessions, states, rows)
    cohort.seats_taken = sum(fate in SEAT_STATES for fate in drawn)
    cohort.queue_last = queue


def _attendance(
    demo: Demo, plan: CohortPlan, fate: EnrollmentState, sessions: list[Session]
) -> list[AttendanceState | None]:
    """One state for each session; none at all in a cohort without attendance."""
    if plan.number >= COHORTS_WITH_ATTENDANCE:
        return []
    held = sum(session.state == SessionState.HELD for session in sessions)
    must, need = _must(plan.course, len(sessions))
    return attendance_of(demo.random, fate, len(sessions), held, must, need)


def _must(course: str, sessions: int) -> tuple[set[int], int]:
    """Positions of the sessions that a completed person attended, and how many at least."""
    return ({3, 4, 6}, 7) if course == "AIM" else (set(), sessions)


def _person(demo: Demo, plan: CohortPlan, position: int) -> Person:
    if plan.number == 12 and position == 2:
        return demo.learner
    if plan.number == 5 and position == 3:
        return demo.mentor
    return next(demo.pools[plan.language])


def _set_times(demo: Demo, plan: CohortPlan, enrollment: Enrollment, came: list[Session]) -> None:
    state, applied_at = enrollment.state, enrollment.applied_at
    if state not in (EnrollmentState.WAITLISTED, EnrollmentState.DECLINED):
        enrollment.admitted_at = applied_at
    if came:
        enrollment.started_at = came[0].starts_at
    ended = {
        EnrollmentState.COMPLETED: plan.meetings[-1].ends_at + 2 * DAY,
        EnrollmentState.NOT_COMPLETED: plan.meetings[-1].ends_at + 6 * DAY,
        EnrollmentState.NO_SHOW: plan.meetings[-1].ends_at + 3 * DAY,
        EnrollmentState.DECLINED: plan.meetings[0].starts_at + DAY,
        EnrollmentState.WITHDRAWN: came[-1].ends_at + 3 * DAY if came else plan.meetings[0].starts_at - 2 * DAY,
    }.get(EnrollmentState(state))
    if ended:
        enrollment.ended_at = min(max(ended, applied_at + DAY), demo.now)
    if state == EnrollmentState.WITHDRAWN:
        enrollment.reason = demo.random.choices(list(REASONS), list(REASONS.values()))[0]
    enrollment.state_changed_at = enrollment.ended_at or enrollment.started_at or applied_at


def _steps(demo: Demo, enrollment: Enrollment, rows: Rows) -> None:
    """The transitions that led to the enrollment's state, and one audit entry for the enrollment."""
    by = demo.staff["coordinator"]
    path: list[tuple[str, datetime.datetime]] = [(EnrollmentState.APPLIED, enrollment.applied_at)]
    if enrollment.admitted_at:
        path.append((EnrollmentState.ENROLLED, enrollment.admitted_at))
    else:
        path.append((EnrollmentState.WAITLISTED, enrollment.applied_at))
    if enrollment.started_at:
        path.append((EnrollmentState.ACTIVE, enrollment.started_at))
    if enrollment.ended_at:
        path.append((enrollment.state, enrollment.ended_at))
    before = ""
    for state, at in path:
        rows.transitions.append(
            Transition(
                enrollment=enrollment,
                from_state=before,
                to_state=state,
                at=at,
                by=by,
                how_asked=enrollment.how_asked,
                reason=enrollment.reason if state == EnrollmentState.WITHDRAWN else "",
            )
        )
        before = state
    rows.entries.append(
        AuditEntry(
            at=enrollment.applied_at,
            by=by,
            action="enrollment.create",
            subject=enrollment.person,
            object_type="enrollment",
            detail={"cohort": enrollment.cohort.code, "state": path[1][0], "how_asked": enrollment.how_asked},
        )
    )
