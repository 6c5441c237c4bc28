"""Registers: marks are added and taken back, never overwritten; two people marking one register lose nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.exceptions import RuleError, StaleEdit
from accounts.models import Person
from accounts.rules.undo import UNDO_WITHIN
from accounts.services.audit import audit_entry, record_changes
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.models import Enrollment
from courses.enrolling.services.enrollments import begin_enrollments
from courses.scheduling.enums import CohortState, SessionState
from courses.scheduling.models import Cohort, Session
from courses.scheduling.services.locks import lock_cohorts
from courses.teaching.enums import ATTENDED_STATES, AttendanceState
from courses.teaching.models import Attendance
from courses.teaching.rules.attendance import lessons_credited
from courses.teaching.selectors.attendance import changes_since, register_rows
from courses.teaching.services.results import derive_module_results, take_back_beginnings
from courses.teaching.wording import marks_not_saved

# (state, lessons): lessons None = as many as the state brings. None = no mark.
MarkGiven = tuple[str, int | None] | None


@dataclass(frozen=True)
class RegisterConflict:
    """One person whom two people marked differently. `mine` was not saved; `theirs` stands. None: no mark."""

    enrollment_id: int
    mine: tuple[str, int] | None
    theirs: tuple[str, int] | None
    by: Person | None
    at: datetime


def save_register(
    *, session: Session, marks: Mapping[int, MarkGiven], expected_version: int, act: Act, rest_present: bool = False
) -> Session:
    """Saves the marks that somebody changed on a register: `marks` = enrollment id to what it should become.

    `rest_present`: whoever has no mark yet and is not in `marks` was there. `expected_version` is the
    `register_version` that the editor saw. What somebody else changed meanwhile to another value is left as it stands;
    all the rest is saved, and then StaleEdit is raised with a RegisterConflict for each such mark (so do not call this
    inside a transaction of your own). The first attendance begins an enrollment, and results of modules follow. Raises
    RuleError, with nothing saved, when the register takes no marks or a mark makes no sense.
    """
    with transaction.atomic():
        saved, conflicts = _save_marks(session, marks, expected_version, rest_present, act)
    if conflicts:
        raise StaleEdit([marks_not_saved(len(conflicts))], conflicts)
    return saved


def mark_made_up(*, session: Session, enrollment: Enrollment, lessons: int | None, act: Act) -> Session:
    """A guest: somebody of another cohort of the same course makes up a module in this session."""
    if enrollment.cohort_id == session.cohort_id:
        raise RuleError([_("This person belongs to this group. Mark them on the register.")], code="own_cohort")
    if enrollment.cohort.course_id != session.cohort.course_id:
        raise RuleError([_("This person takes part in another course.")], code="other_course")
    if enrollment.state not in (EnrollmentState.ENROLLED, EnrollmentState.ACTIVE):
        raise RuleError([_("This person has no place in a group of this course now.")], code="no_place")
    with transaction.atomic():
        lock_cohorts([session.cohort_id, enrollment.cohort_id])
        current = Session.objects.select_related("cohort").get(pk=session.pk)
        wanted = {enrollment.pk: _meant((AttendanceState.MADE_UP, lessons), current)}
        _check_marks(current, wanted, act.at)
        _write(current, _rows(current, wanted).values(), wanted, act)
    return current


@transaction.atomic
def undo_register(*, session: Session, version: int, act: Act) -> Session:
    """Takes back the last save of a register, `version`, within 24 hours: what stood before stands again.

    An enrollment that this save began, and that has no other attendance, waits for its first attendance again. Raises
    StaleEdit when somebody saved after that version, RuleError when it is too late.
    """
    _lock_register(session)
    current = Session.objects.select_related("cohort").get(pk=session.pk)
    if current.register_version != version:
        raise StaleEdit([_("Somebody saved this register after you, so nothing was undone. Correct it by hand.")])
    if current.marked_at is None or act.at - current.marked_at > UNDO_WITHIN:
        raise RuleError([_("More than 24 hours have gone by. Correct the register by hand.")], code="too_late")
    touched = list(
        current.attendances.filter(register_version=version)
        .order_by("pk")
        .values("enrollment_id", "revoked_at", "state", "lessons")
    )
    before: dict[int, tuple[str, int] | None] = {mark["enrollment_id"]: None for mark in touched}
    before |= {mark["enrollment_id"]: (mark["state"], mark["lessons"]) for mark in touched if mark["revoked_at"]}
    _write(current, _rows(current, before).values(), before, act)
    take_back_beginnings(enrollments=before.keys(), act=act)
    return current


def _save_marks(
    session: Session, marks: Mapping[int, MarkGiven], expected_version: int, rest_present: bool, act: Act
) -> tuple[Session, list[RegisterConflict]]:
    _lock_register(session)
    current = Session.objects.select_related("cohort").get(pk=session.pk)
    rows = _rows(current, marks)
    if any(pk not in rows or _is_stranger(rows[pk], current) for pk in marks):
        raise RuleError([_("Somebody on this list is no longer in the group. Open the register again.")], code="gone")
    if rest_present:
        present: MarkGiven = (AttendanceState.PRESENT, None)
        marks = {pk: present for pk, row in rows.items() if not row["mark_pk"]} | dict(marks)
    wanted = {pk: _meant(mark, current) for pk, mark in marks.items()}
    _check_marks(current, wanted, act.at)
    conflicts = []
    if current.register_version != expected_version:
        conflicts = _conflicts(current, rows, wanted, expected_version)
    clashing = {conflict.enrollment_id for conflict in conflicts}
    _write(current, rows.values(), {pk: mark for pk, mark in wanted.items() if pk not in clashing}, act)
    return current, conflicts


def _meant(mark: MarkGiven, session: Session) -> tuple[str, int] | None:
    if mark is None:
        return None
    state, lessons = mark
    return str(state), lessons_credited(state, session.lessons, lessons)


def _check_marks(session: Session, wanted: Mapping[int, tuple[str, int] | None], at: datetime) -> None:
    reasons = []
    if session.state == SessionState.CANCELLED:
        reasons.append(_("This session was cancelled, so nobody can be marked."))
    if session.cohort.state in (CohortState.CLOSED, CohortState.CANCELLED):
        reasons.append(_("The group is closed: its attendance and results are not changed any more."))
    states = {mark[0] for mark in wanted.values() if mark}
    if states - set(AttendanceState.values):
        reasons.append(_("One of the marks is not known. Choose from the list."))
    if states & set(ATTENDED_STATES) and timezone.localdate(session.starts_at) > timezone.localdate(at):
        reasons.append(_("This session is still to come. Until its day only a told absence can be marked."))
    if reasons:
        raise RuleError(reasons, code="register_refused")


def _conflicts(
    session: Session,
    rows: Mapping[int, dict[str, Any]],
    wanted: Mapping[int, tuple[str, int] | None],
    expected_version: int,
) -> list[RegisterConflict]:
    latest = {mark.enrollment_id: mark for mark in changes_since(session, expected_version, wanted)}
    clashing = {pk: mark for pk, mark in latest.items() if _stands(rows[pk]) != wanted[pk]}
    people = Person.objects.in_bulk({mark.revoked_by_id or mark.marked_by_id for mark in clashing.values()} - {None})
    return [
        RegisterConflict(
            enrollment_id=pk,
            mine=wanted[pk],
            theirs=_stands(rows[pk]),
            by=people.get(mark.revoked_by_id or mark.marked_by_id),
            at=mark.revoked_at or mark.marked_at,
        )
        for pk, mark in clashing.items()
    ]


def _stands(row: Mapping[str, Any]) -> tuple[str, int] | None:
    return (row["mark_state"], row["mark_lessons"]) if row["mark_state"] else None


def _lock_register(session: Session) -> None:
    """Locks the cohorts of everyone on the register, guests included, in ascending order."""
    guests = Enrollment.objects.filter(attendances__session=session.pk).values("cohort_id")
    list(
        Cohort.objects.select_for_update(no_key=True, of=("self",))
        .filter(Q(pk=session.cohort_id) | Q(pk__in=guests))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _rows(session: Session, enrollment_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The register by enrollment id, and rows without a mark for the others asked for: they left, or are new guests."""
    rows = {row["pk"]: row for row in register_rows(session)}
    if others := set(enrollment_ids) - rows.keys():
        found = Enrollment.objects.filter(pk__in=others).values("pk", "person_id", "cohort_id", "state")
        rows |= {row["pk"]: {**row, "mark_pk": None, "mark_state": None, "mark_lessons": None} for row in found}
    return rows


def _is_stranger(row: Mapping[str, Any], session: Session) -> bool:
    return row["cohort_id"] != session.cohort_id and row["mark_pk"] is None


def _write(
    session: Session, rows: Iterable[dict[str, Any]], wanted: Mapping[int, tuple[str, int] | None], act: Act
) -> None:
    """Takes back and adds what differs, begins enrollments, derives results, audits. Nothing at all when nothing differs."""
    changed = [row for row in rows if row["pk"] in wanted and _stands(row) != wanted[row["pk"]]]
    if not changed:
        return
    session.register_version += 1
    if old := [row["mark_pk"] for row in changed if row["mark_pk"]]:
        Attendance.objects.filter(pk__in=old).update(
            revoked_at=act.at, revoked_by=act.by, register_version=session.register_version
        )
    Attendance.objects.bulk_create(
        [
            Attendance(
                enrollment_id=row["pk"],
                session=session,
                state=mark[0],
                lessons=mark[1],
                marked_at=act.at,
                marked_by=act.by,
                register_version=session.register_version,
            )
            for row in changed
            if (mark := wanted[row["pk"]])
        ],
        batch_size=500,
    )
    began = _begin(changed, wanted, act)
    session.marked_at, session.marked_by = act.at, act.by
    if timezone.localdate(session.starts_at) <= timezone.localdate(act.at):
        session.state = SessionState.HELD
    session.save(update_fields=["register_version", "marked_at", "marked_by", "state"])
    record_changes(_entry(session, row, wanted[row["pk"]], row["pk"] in began, act) for row in changed)
    derive_module_results(
        cohorts={row["pk"]: row["cohort_id"] for row in changed},
        sessions=[session.pk],
        on=timezone.localdate(session.starts_at),
        act=act,
    )


def _begin(changed: Iterable[dict[str, Any]], wanted: Mapping[int, tuple[str, int] | None], act: Act) -> set[int]:
    coming = [
        Enrollment(pk=row["pk"], state=row["state"], person_id=row["person_id"], cohort_id=row["cohort_id"])
        for row in changed
        if (mark := wanted[row["pk"]]) and mark[0] in ATTENDED_STATES
    ]
    return {enrollment.pk for enrollment in begin_enrollments(enrollments=coming, act=act)}


def _entry(session: Session, row: Mapping[str, Any], mark: tuple[str, int] | None, began: bool, act: Act) -> Any:
    entry = audit_entry(
        by=act.by,
        action="attendance.mark",
        thing=session,
        detail={
            "enrollment": row["pk"],
            "was": row["mark_state"],
            "state": mark[0] if mark else None,
            "lessons": mark[1] if mark else None,
            **({"began": True} if began else {}),
        },
    )
    entry.subject_id = row["person_id"]
    return entry
