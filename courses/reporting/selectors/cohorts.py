"""Reports of cohorts, reckoned in the database: the same number of queries for one cohort and for a thousand.

`enrollments`: every enrollment. A state's name: those in it now. `admitted`: ever had a place. `started`: came at least
once, by attendance, by a module result or by a state that presupposes it. `certified`: has a certificate of this
enrollment that is not revoked. `active_mentors`: certified, and still a mentor, with a visit in the last 90 days.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from courses.catalogue.models import Module
from courses.certifying.models import Certificate
from courses.certifying.selectors import is_active_mentor
from courses.enrolling.enums import ADMITTED_STATES, STARTED_STATES, EnrollmentState
from courses.enrolling.models import Enrollment
from courses.reporting.rules.figures import age_band
from courses.reporting.rules.reports import CohortReport, Limits
from courses.reporting.rules.rows import AgeRow, ModuleRow, SessionRow, no_ages
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Cohort, Session
from courses.teaching.enums import ABSENT_STATES, ATTENDED_STATES, Result
from courses.teaching.models import Attendance, ModuleResult

STARTED = Q(started_at__isnull=False) | Q(state__in=STARTED_STATES) | Q(has_attendance=True) | Q(has_result=True)
ADMITTED = Q(admitted_at__isnull=False) | Q(state__in=ADMITTED_STATES) | STARTED
_FIGURES = {
    "enrollments": Count("pk"),
    "unique_people": Count("person", distinct=True),
    **{state.value: Count("pk", filter=Q(state=state)) for state in EnrollmentState},
    "admitted": Count("pk", filter=ADMITTED),
    "started": Count("pk", filter=STARTED),
    "certified": Count("pk", filter=Q(has_certificate=True)),
    "active_mentors": Count("pk", filter=Q(has_certificate=True, is_active_mentor=True)),
    "withdrawn_before_start": Count(
        "pk",
        filter=Q(state=EnrollmentState.WITHDRAWN, admitted_at__isnull=False, ended_at__date__lt=F("cohort__starts_on"))
        & ~STARTED,
    ),
}
_ATTENDED = Q(state__in=ATTENDED_STATES)


class _ModuleCounts(NamedTuple):
    passed: int = 0
    made_up: int = 0
    failed: int = 0


class _CountedSession(NamedTuple):
    """A session that was not cancelled, with how many people of its own cohort came and did not."""

    cohort: int
    number: int
    starts_at: datetime
    lessons: int
    state: str
    marked_at: datetime | None
    present: int
    absent: int

    @property
    def was_held(self) -> bool:
        return self.state == SessionState.HELD or self.marked_at is not None or self.present > 0


@dataclass(frozen=True)
class _Reckoned:
    """What the database says of all cohorts of a report: by the cohort's id, the modules by their course's."""

    figures: Mapping[int, Mapping[str, int]]
    lessons: Mapping[int, int]
    modules: Mapping[int, Sequence[Module]]
    results: Mapping[tuple[int, int], _ModuleCounts]
    sessions: Mapping[int, Sequence[_CountedSession]]
    left: Mapping[int, Sequence[date]]
    reasons: Mapping[int, Mapping[str, int]]
    ages: Mapping[int, Mapping[str, AgeRow]]


def cohort_report(cohort: Cohort, *, today: date | None = None) -> CohortReport:
    """The figures of one cohort; the shape stands in docs/records.md."""
    return cohort_reports(Cohort.objects.filter(pk=cohort.pk), today=today)[0]


def reported_cohorts(limits: Limits) -> QuerySet[Cohort]:
    cohorts = Cohort.objects.all()
    if limits.course:
        cohorts = cohorts.filter(course__code=limits.course)
    if limits.first:
        cohorts = cohorts.filter(starts_on__gte=limits.first)
    return cohorts.filter(starts_on__lte=limits.last) if limits.last else cohorts


def cohort_reports(cohorts: QuerySet[Cohort], *, today: date | None = None) -> list[CohortReport]:
    """The report of each of `cohorts`, oldest first."""
    found = list(cohorts.select_related("course").order_by("starts_on", "code"))
    reckoned = _reckon(cohorts, today or timezone.localdate())
    return [_report(cohort, reckoned) for cohort in found]


def _reckon(cohorts: QuerySet[Cohort], today: date) -> _Reckoned:
    enrollments = counted_enrollments(cohorts, today)
    return _Reckoned(
        figures=_figures(enrollments),
        lessons=_lessons(cohorts),
        modules=_modules(cohorts),
        results=_results(cohorts),
        sessions=_sessions(cohorts),
        left=_left(enrollments),
        reasons=_reasons(enrollments),
        ages=_ages(enrollments),
    )


def _report(cohort: Cohort, reckoned: _Reckoned) -> CohortReport:
    figures = reckoned.figures.get(cohort.pk, {})
    sessions = reckoned.sessions.get(cohort.pk, ())
    left = reckoned.left.get(cohort.pk, ())
    return CohortReport(
        cohort=cohort.code,
        name=cohort.name,
        course=cohort.course.code,
        language=cohort.language,
        state=cohort.state,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        **figures,
        lessons_held=sum(session.lessons for session in sessions if session.was_held),
        participant_lessons=reckoned.lessons.get(cohort.pk) or 0,
        modules=_module_rows(cohort, figures.get("enrollments", 0), reckoned),
        sessions=[_session_row(session, figures.get("started", 0), left) for session in sessions],
        withdrawal_reasons=reckoned.reasons.get(cohort.pk, {}),
        ages=reckoned.ages.get(cohort.pk) or no_ages(),
    )


def counted_enrollments(cohorts: QuerySet[Cohort], today: date) -> QuerySet[Enrollment]:
    """The enrollments of `cohorts`, with what the figures, STARTED and ADMITTED ask of each."""
    return Enrollment.objects.filter(cohort__in=cohorts.order_by()).annotate(
        has_attendance=Exists(Attendance.objects.filter(_ATTENDED, enrollment=OuterRef("pk"), revoked_at__isnull=True)),
        has_result=Exists(ModuleResult.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True)),
        has_certificate=Exists(
            Certificate.objects.filter(completion__enrollment=OuterRef("pk"), revoked_at__isnull=True)
        ),
        is_active_mentor=is_active_mentor(today, "person"),
    )


def _figures(enrollments: QuerySet[Enrollment]) -> dict[int, dict[str, int]]:
    counted = enrollments.values_list("cohort").annotate(**_FIGURES).order_by()
    return {cohort: dict(zip(_FIGURES, counts, strict=True)) for cohort, *counts in counted}


def _lessons(cohorts: QuerySet[Cohort]) -> dict[int, int]:
    marks = Attendance.objects.filter(revoked_at__isnull=True, enrollment__cohort__in=cohorts.order_by())
    return dict(marks.values_list("enrollment__cohort").annotate(Sum("lessons")).order_by())


def _modules(cohorts: QuerySet[Cohort]) -> dict[int, list[Module]]:
    modules: dict[int, list[Module]] = defaultdict(list)
    for module in Module.objects.filter(course__cohorts__in=cohorts.order_by()).distinct():
        modules[module.course_id].append(module)
    return modules


def _results(cohorts: QuerySet[Cohort]) -> dict[tuple[int, int], _ModuleCounts]:
    counts = (
        ModuleResult.objects.filter(revoked_at__isnull=True, enrollment__cohort__in=cohorts.order_by())
        .values_list("enrollment__cohort", "module")
        .annotate(
            passed=Count("pk", filter=Q(result=Result.PASSED)),
            made_up=Count("pk", filter=Q(result=Result.PASSED, made_up=True)),
            failed=Count("pk", filter=Q(result=Result.FAILED)),
        )
        .order_by()
    )
    return {(cohort, module): _ModuleCounts(*found) for cohort, module, *found in counts}


def _module_rows(cohort: Cohort, enrollments: int, reckoned: _Reckoned) -> list[ModuleRow]:
    rows = []
    for module in reckoned.modules.get(cohort.course_id, ()):
        found = reckoned.results.get((cohort.pk, module.pk), _ModuleCounts())
        rows.append(
            ModuleRow(
                module=module.code,
                title=module.title,
                passed=found.passed,
                made_up=found.made_up,
                failed=found.failed,
                no_result=enrollments - found.passed - found.failed,
            )
        )
    return rows


def _sessions(cohorts: QuerySet[Cohort]) -> dict[int, list[_CountedSession]]:
    own = Q(attendances__revoked_at__isnull=True, attendances__enrollment__cohort=F("cohort"))
    rows = (
        Session.objects.filter(cohort__in=cohorts.order_by())
        .exclude(state=SessionState.CANCELLED)
        .annotate(
            present=Count("attendances", filter=own & Q(attendances__state__in=ATTENDED_STATES)),
            absent=Count("attendances", filter=own & Q(attendances__state__in=ABSENT_STATES)),
        )
        # Counting drops the order of the model.
        .order_by("starts_at", "number")
        .values_list(*_CountedSession._fields)
    )
    sessions: dict[int, list[_CountedSession]] = defaultdict(list)
    for session in map(_CountedSession._make, rows):
        sessions[session.cohort].append(session)
    return sessions


def _session_row(session: _CountedSession, started: int, left: Sequence[date]) -> SessionRow:
    starts_at = timezone.localtime(session.starts_at)
    return SessionRow(
        number=session.number,
        starts_at=starts_at,
        held=session.was_held,
        present=session.present,
        absent=session.absent,
        in_group=started - sum(day < starts_at.date() for day in left),
    )


def _reasons(enrollments: QuerySet[Enrollment]) -> dict[int, Counter[str]]:
    """The most common reason first."""
    reasons: dict[int, Counter[str]] = defaultdict(Counter)
    withdrawn = enrollments.filter(state=EnrollmentState.WITHDRAWN).values_list("cohort", "reason")
    for cohort, reason, count in withdrawn.annotate(count=Count("pk")).order_by("-count", "reason"):
        reasons[cohort][reason or "not_told"] += count
    return reasons


def _ages(enrollments: QuerySet[Enrollment]) -> dict[int, dict[str, AgeRow]]:
    """By the age reached in the year the cohort starts."""
    ages: dict[int, dict[str, AgeRow]] = defaultdict(no_ages)
    rows = (
        enrollments.filter(STARTED)
        .values_list("cohort", "cohort__starts_on__year", "person__birth_year", "person__gender")
        .annotate(started=Count("pk"), completed=Count("pk", filter=Q(state=EnrollmentState.COMPLETED)))
        .order_by()
    )
    for cohort, year, birth_year, gender, started, completed in rows:
        band = age_band(birth_year, year)
        known = gender if gender in ("woman", "man") else "other"
        ages[cohort][band] = ages[cohort][band].plus(AgeRow(started, completed, **{known: started}))
    return ages


def _left(enrollments: QuerySet[Enrollment]) -> dict[int, list[date]]:
    """The days on which people who had started withdrew."""
    left: dict[int, list[date]] = defaultdict(list)
    ended = enrollments.filter(STARTED, state=EnrollmentState.WITHDRAWN, ended_at__isnull=False)
    for cohort, ended_at in ended.values_list("cohort", "ended_at").order_by():
        left[cohort].append(timezone.localdate(ended_at))
    return left
