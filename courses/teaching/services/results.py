"""Module results that follow from attendance. What was recorded by hand or came with records is never touched."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.services.enrollments import transition_enrollments
from courses.scheduling.enums import SessionState
from courses.scheduling.models import Session
from courses.teaching.enums import ATTENDED_STATES, Result, ResultSource
from courses.teaching.models import Attendance, ModuleResult
from courses.teaching.rules.attendance import Mark, module_from_attendance

Cell = tuple[int, int]  # enrollment id, module id


def derive_module_results(
    *, cohorts: Mapping[int, int], sessions: Collection[int] = (), modules: Collection[int] = (), on: date, act: Act
) -> None:
    """Brings derived results in line with attendance, in the caller's transaction and under its locks.

    `cohorts` = enrollment id to its cohort's id, for the enrollments to look at; the modules are those of `sessions` and
    `modules`; `on` is the day a new result bears. Constant query count.
    """
    own = _own_sessions(cohorts.values(), sessions, modules)
    wanted_modules = {module for module, _session, _cohort in own} | set(modules)
    if not wanted_modules:
        return
    marks = _marks(cohorts.keys(), wanted_modules)
    current = {
        (result.enrollment_id, result.module_id): result
        for result in ModuleResult.objects.filter(
            enrollment__in=list(cohorts), module__in=wanted_modules, revoked_at__isnull=True
        )
    }
    old, new = [], []
    for enrollment, cohort in cohorts.items():
        for module in wanted_modules:
            cell = (enrollment, module)
            mine = [session for of, session, whose in own if of == module and whose == cohort]
            outcome = module_from_attendance(mine, marks.get(cell, ()))
            stands = current.get(cell)
            if stands and (stands.source != ResultSource.ATTENDANCE or _says(stands) == outcome):
                continue
            if stands:
                old.append(stands.pk)
            if outcome:
                new.append(_derived(cell, outcome, on, act))
    if old:
        ModuleResult.objects.filter(pk__in=old).update(revoked_at=act.at, revoked_by=act.by)
    ModuleResult.objects.bulk_create(new, batch_size=500)


def take_back_beginnings(*, enrollments: Iterable[int], act: Act) -> None:
    """After an undo: whoever has neither attendance nor a result left waits for the first attendance again."""
    attended = Attendance.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True, state__in=ATTENDED_STATES)
    results = ModuleResult.objects.filter(enrollment=OuterRef("pk"), revoked_at__isnull=True)
    idle = Enrollment.objects.filter(
        ~Exists(attended), ~Exists(results), pk__in=list(enrollments), state=EnrollmentState.ACTIVE
    )
    if found := list(idle):
        transition_enrollments(
            enrollments=found,
            to_state=EnrollmentState.ENROLLED,
            act=replace(act, via=HowAsked.DESK),
            note=_("The first attendance was undone."),
        )


def _own_sessions(
    cohorts: Iterable[int], sessions: Collection[int], modules: Collection[int]
) -> list[tuple[int, int, int]]:
    """(module, session, cohort) for each session held or to come that covers one of the modules asked for."""
    through = Session.modules.through.objects
    return list(
        through.filter(Q(session__cohort__in=set(cohorts)) | Q(session__in=list(sessions)))
        .filter(
            Q(module__in=list(modules)) | Q(module__in=through.filter(session__in=list(sessions)).values("module_id"))
        )
        .exclude(session__state=SessionState.CANCELLED)
        .values_list("module_id", "session_id", "session__cohort_id")
    )


def _marks(enrollments: Iterable[int], modules: Collection[int]) -> dict[Cell, list[Mark]]:
    marks: dict[Cell, list[Mark]] = {}
    rows = Attendance.objects.filter(
        enrollment__in=list(enrollments), revoked_at__isnull=True, session__modules__in=modules
    ).values_list("enrollment_id", "session__modules", "session_id", "state", "lessons")
    for enrollment, module, session, state, lessons in rows:
        marks.setdefault((enrollment, module), []).append(Mark(session, state, lessons))
    return marks


def _says(result: ModuleResult) -> str:
    return "made_up" if result.made_up else result.result


def _derived(cell: Cell, outcome: str, on: date, act: Act) -> ModuleResult:
    return ModuleResult(
        enrollment_id=cell[0],
        module_id=cell[1],
        result=Result.PASSED,
        made_up=outcome == "made_up",
        source=ResultSource.ATTENDANCE,
        recorded_on=on,
        recorded_at=act.at,
        recorded_by=act.by,
    )
