"""What is recorded by hand about learners: module results, assessments, declarations. Never overwritten, always undoable.

Two people who record the same thing differently lose nothing: the later one gets the other's value, name and time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError, StaleEdit
from accounts.models import Person
from accounts.rules.undo import UNDO_WITHIN
from accounts.services.audit import audit_entry, record_changes
from courses.enrolling.enums import REGISTER_STATES
from courses.enrolling.models import Enrollment
from courses.enrolling.services.enrollments import begin_enrollments
from courses.scheduling.enums import CohortState
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohort
from courses.teaching.enums import Result, ResultSource
from courses.teaching.models import AssessmentResult, ModuleResult, SignedDeclaration
from courses.teaching.services.results import derive_module_results, take_back_beginnings
from courses.teaching.wording import grades_not_saved

# (enrollment id, module id or code of the assessment or declaration)
Cell = tuple[int, Any]
# What stands in a cell: (result, made_up), (result,), or () for a signature. None: nothing.
Value = tuple[Any, ...] | None


@dataclass(frozen=True)
class _Kind:
    name: str
    model: type[Any]
    key: str
    values: tuple[str, ...]


KINDS = {
    "module": _Kind("module", ModuleResult, "module_id", ("result", "made_up")),
    "assessment": _Kind("assessment", AssessmentResult, "assessment", ("result",)),
    "declaration": _Kind("declaration", SignedDeclaration, "declaration", ()),
}


@dataclass(frozen=True)
class GradeConflict:
    """One cell that two people filled differently. `mine` was not saved; `theirs` stands."""

    cell: Cell
    mine: Value
    theirs: Value
    by: Person | None
    at: datetime


def grade_modules(
    *,
    cohort: Cohort,
    results: Mapping[tuple[int, int], tuple[str, bool] | None],
    act: Act,
    seen: Mapping[tuple[int, int], int | None] | None = None,
    on: date | None = None,
) -> datetime:
    """Records results of modules for a group: `results` = (enrollment id, module id) to (result, made up) or None.

    `seen` = the same cells to the id of the result that the editor saw, None for none; without it nothing is stale.
    None takes a result made by hand back, and the module follows attendance again. Returns the time that names this save
    to undo_grades. Raises RuleError with nothing saved, or StaleEdit with RecordConflicts after the rest was saved.
    """
    return _record("module", cohort, results, seen, act, on)


def grade_assessment(
    *,
    cohort: Cohort,
    assessment: str,
    results: Mapping[int, str | None],
    act: Act,
    seen: Mapping[int, int | None] | None = None,
    on: date | None = None,
) -> datetime:
    """Records an assessment for a group: `results` = enrollment id to its result or None; else as grade_modules."""
    wanted = {(pk, assessment): (result,) if result else None for pk, result in results.items()}
    return _record("assessment", cohort, wanted, _keyed(seen, assessment), act, on)


def sign_declarations(
    *,
    cohort: Cohort,
    declaration: str,
    signed: Mapping[int, bool],
    act: Act,
    seen: Mapping[int, int | None] | None = None,
    on: date | None = None,
) -> datetime:
    """Records who has signed a declaration: `signed` = enrollment id to yes or no; else as grade_modules."""
    wanted: dict[Cell, Value] = {(pk, declaration): () if yes else None for pk, yes in signed.items()}
    return _record("declaration", cohort, wanted, _keyed(seen, declaration), act, on)


@transaction.atomic
def undo_grades(*, cohort: Cohort, kind: str, saved_at: datetime, act: Act) -> int:
    """Takes back the save of `kind` ("module", "assessment", "declaration") made at `saved_at`, within 24 hours.

    Returns how many cells went back. Raises StaleEdit when one of them was changed since.
    """
    of = KINDS[kind]
    lock_cohort(cohort.pk)
    if act.at - saved_at > UNDO_WITHIN:
        raise RuleError([_("More than 24 hours have gone by. Correct it by hand.")], code="too_late")
    rows = of.model.objects.filter(enrollment__cohort=cohort).order_by("pk")
    added = {_cell(of, row): row for row in rows.filter(recorded_at=saved_at)}
    taken = {_cell(of, row): row for row in rows.filter(revoked_at=saved_at)}
    cells = added.keys() | taken.keys()
    current = _current(of, cells)
    if any(current.get(cell) != added.get(cell) for cell in cells if not _is_derived(current.get(cell))):
        raise StaleEdit([_("Somebody changed it after you, so nothing was undone. Correct it by hand.")])
    wanted = {cell: None if _is_derived(taken.get(cell)) else _value(of, taken.get(cell)) for cell in cells}
    enrollments = _enrollments(cohort, cells)
    days = {cell: row.recorded_on for cell, row in taken.items()}
    _write(of, _Change(enrollments, current, wanted, timezone.localdate(act.at), days), act)
    if kind == "module":
        take_back_beginnings(enrollments=enrollments.keys(), act=act)
    return len(cells)


def _record(
    kind: str,
    cohort: Cohort,
    wanted: Mapping[Any, Value],
    seen: Mapping[Any, int | None] | None,
    act: Act,
    on: date | None,
) -> datetime:
    of = KINDS[kind]
    with transaction.atomic():
        locked = lock_cohort(cohort.pk)
        enrollments = _enrollments(locked, wanted)
        current = _current(of, wanted)
        _check(locked, wanted, enrollments, current)
        conflicts = _conflicts(of, current, wanted, seen)
        clashing = {conflict.cell for conflict in conflicts}
        free = {cell: value for cell, value in wanted.items() if cell not in clashing}
        _write(of, _Change(enrollments, current, free, on or timezone.localdate(act.at)), act)
    if conflicts:
        raise StaleEdit([grades_not_saved(len(conflicts))], conflicts)
    return act.at


def _keyed(seen: Mapping[int, int | None] | None, code: str) -> dict[Cell, int | None] | None:
    return None if seen is None else {(pk, code): row for pk, row in seen.items()}


def _enrollments(cohort: Cohort, cells: Iterable[Cell]) -> dict[int, Enrollment]:
    found = cohort.enrollments.filter(pk__in={pk for pk, _key in cells}).select_related("person")
    return {enrollment.pk: enrollment for enrollment in found}


def _current(of: _Kind, cells: Iterable[Cell]) -> dict[Cell, Any]:
    rows = of.model.objects.filter(
        **{"enrollment__in": {pk for pk, _key in cells}, f"{of.key}__in": {key for _pk, key in cells}},
        revoked_at__isnull=True,
    )
    return {_cell(of, row): row for row in rows}


def _check(
    cohort: Cohort, wanted: Mapping[Cell, Value], enrollments: Mapping[int, Enrollment], current: Mapping[Cell, Any]
) -> None:
    reasons = []
    if cohort.state in (CohortState.CLOSED, CohortState.CANCELLED):
        reasons.append(_("The group is closed: its attendance and results are not changed any more."))
    if any(pk not in enrollments or enrollments[pk].state not in REGISTER_STATES for pk, _key in wanted):
        reasons.append(_("Somebody on this list is no longer in the group. Open the page again."))
    if any(value and value[0] not in Result.values for value in wanted.values()):
        reasons.append(_("One of the results is not known. Choose from the list."))
    reasons += [
        _("%(name)s: this result follows from attendance. Correct the register instead.")
        % {"name": enrollments[cell[0]].person.list_name}
        for cell, value in wanted.items()
        if value is None and _is_derived(current.get(cell)) and cell[0] in enrollments
    ]
    if reasons:
        raise RuleError(reasons, code="recording_refused")


def _conflicts(
    of: _Kind, current: Mapping[Cell, Any], wanted: Mapping[Cell, Value], seen: Mapping[Cell, int | None] | None
) -> list[GradeConflict]:
    if seen is None:
        return []
    clashing = [
        cell
        for cell, value in wanted.items()
        if (current[cell].pk if cell in current else None) != seen.get(cell) and _value(of, current.get(cell)) != value
    ]
    if not clashing:
        return []
    latest = {_cell(of, row): row for row in _history(of, clashing)}
    return [
        GradeConflict(
            cell=cell,
            mine=wanted[cell],
            theirs=_value(of, current.get(cell)),
            by=latest[cell].revoked_by or latest[cell].recorded_by,
            at=latest[cell].revoked_at or latest[cell].recorded_at,
        )
        for cell in clashing
    ]


def _history(of: _Kind, cells: Iterable[Cell]) -> Iterable[Any]:
    """All rows of the cells, the current one of each last."""
    return (
        of.model.objects.filter(
            **{"enrollment__in": {pk for pk, _key in cells}, f"{of.key}__in": {key for _pk, key in cells}}
        )
        .select_related("recorded_by", "revoked_by")
        .order_by("pk")
    )


@dataclass(frozen=True)
class _Change:
    """What is wanted in some cells, and what stands there now. `days`: the day of a cell where it is not `on`."""

    enrollments: Mapping[int, Enrollment]
    current: Mapping[Cell, Any]
    wanted: Mapping[Cell, Value]
    on: date
    days: Mapping[Cell, date] = field(default_factory=dict)


def _write(of: _Kind, change: _Change, act: Act) -> None:
    changed = [cell for cell, value in change.wanted.items() if _value(of, change.current.get(cell)) != value]
    if not changed:
        return
    old = [change.current[cell].pk for cell in changed if cell in change.current]
    of.model.objects.filter(pk__in=old).update(revoked_at=act.at, revoked_by=act.by)
    of.model.objects.bulk_create(
        [
            of.model(
                **{"enrollment_id": cell[0], of.key: cell[1], **dict(zip(of.values, value, strict=True))},
                **({"source": ResultSource.HAND} if of.model is ModuleResult else {}),
                recorded_on=change.days.get(cell, change.on),
                recorded_at=act.at,
                recorded_by=act.by,
            )
            for cell in changed
            if (value := change.wanted[cell]) is not None
        ],
        batch_size=500,
    )
    _follow(of, change, changed, act)
    record_changes(
        audit_entry(
            by=act.by,
            action=f"{of.name}.record",
            subject=change.enrollments[cell[0]].person,
            thing=change.enrollments[cell[0]],
            detail={of.key: cell[1], "was": _value(of, change.current.get(cell)), "value": change.wanted[cell]},
        )
        for cell in changed
    )


def _follow(of: _Kind, change: _Change, changed: Iterable[Cell], act: Act) -> None:
    """A result is a first attendance too; a module whose result is taken back follows attendance again."""
    if of.model is not ModuleResult:
        return
    coming = {cell[0] for cell in changed if change.wanted[cell]}
    begin_enrollments(enrollments=[change.enrollments[pk] for pk in coming], act=act)
    if cleared := [cell for cell in changed if change.wanted[cell] is None]:
        derive_module_results(
            cohorts={pk: change.enrollments[pk].cohort_id for pk, _module in cleared},
            modules={module for _pk, module in cleared},
            on=change.on,
            act=act,
        )


def _cell(of: _Kind, row: Any) -> Cell:
    return row.enrollment_id, getattr(row, of.key)


def _value(of: _Kind, row: Any) -> Value:
    return None if row is None else tuple(getattr(row, name) for name in of.values)


def _is_derived(row: Any) -> bool:
    return getattr(row, "source", "") == ResultSource.ATTENDANCE
