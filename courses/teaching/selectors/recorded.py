"""All that is recorded of many enrollments, gathered in eight queries for however many there are."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from django.db.models import Count, Q, Sum

from courses.catalogue.models import Module
from courses.enrolling.models import Enrollment
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Session
from courses.teaching.enums import CompletionState
from courses.teaching.models import AssessmentResult, Attendance, Completion, ModuleResult, SignedDeclaration, Visit

Row = TypeVar("Row")


class SessionModule(NamedTuple):
    """A session and one of the modules it covers; without a module when it covers none."""

    cohort: int
    session: int
    lessons: int
    state: str
    ends_at: datetime
    module: int | None


class CoveredMark(NamedTuple):
    """A mark and the code of one of the modules that its session covers; None when it covers none."""

    enrollment: int
    session: int
    state: str
    lessons: int
    code: str | None


@dataclass(frozen=True)
class Recorded:
    """What the database says of all of them: modules by course, sessions by cohort, the rest by enrollment."""

    modules: Mapping[int, list[Module]]
    sessions: Mapping[int, list[SessionModule]]
    marks: Mapping[int, list[CoveredMark]]
    results: Mapping[int, list[ModuleResult]]
    assessments: Mapping[int, list[AssessmentResult]]
    declarations: Mapping[int, list[SignedDeclaration]]
    practice: Mapping[int, dict[str, int]]
    completions: Mapping[int, Completion]


def recorded_of(enrollments: Sequence[Enrollment]) -> Recorded:
    ids = [enrollment.pk for enrollment in enrollments]
    courses = {enrollment.cohort.course_id for enrollment in enrollments}
    cohorts = {enrollment.cohort_id for enrollment in enrollments}
    current = {"enrollment__in": ids, "revoked_at__isnull": True}
    sessions = (
        Session.objects.filter(cohort__in=cohorts)
        .exclude(state=SessionState.CANCELLED)
        .values_list("cohort_id", "pk", "lessons", "state", "ends_at", "modules")
    )
    marks = Attendance.objects.filter(**current).values_list(
        "enrollment_id", "session_id", "state", "lessons", "session__modules__code"
    )
    return Recorded(
        modules=_grouped(Module.objects.filter(course__in=courses).order_by("order"), lambda row: row.course_id),
        sessions=_grouped(map(SessionModule._make, sessions), lambda row: row.cohort),
        marks=_grouped(map(CoveredMark._make, marks), lambda row: row.enrollment),
        results=_grouped(ModuleResult.objects.filter(**current).select_related("recorded_by"), _enrollment_of),
        assessments=_grouped(AssessmentResult.objects.filter(**current), _enrollment_of),
        declarations=_grouped(SignedDeclaration.objects.filter(**current), _enrollment_of),
        practice=_practice(ids),
        completions={
            completion.enrollment_id: completion
            for completion in Completion.objects.filter(enrollment__in=ids)
            .exclude(state=CompletionState.REVOKED)
            .select_related("proposed_by", "decided_by")
        },
    )


def _grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        grouped.setdefault(key(row), []).append(row)
    return grouped


def _enrollment_of(recorded: ModuleResult | AssessmentResult | SignedDeclaration) -> int:
    return recorded.enrollment_id


def _practice(ids: Collection[int]) -> dict[int, dict[str, int]]:
    rows = (
        Visit.objects.filter(enrollment__in=ids, revoked_at__isnull=True)
        .order_by("enrollment_id")
        .values("enrollment_id")
        .annotate(
            visits=Count("pk"),
            all_minutes=Sum("minutes"),
            helped=Sum("people_helped"),
            supervised_visits=Count("pk", filter=Q(supervised=True)),
        )
    )
    return {
        row["enrollment_id"]: {
            "visits": row["visits"],
            "minutes": row["all_minutes"],
            "people_helped": row["helped"],
            "supervised_visits": row["supervised_visits"],
        }
        for row in rows
    }
