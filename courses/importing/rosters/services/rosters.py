"""Rosters: uploaded and judged, corrected in the preview, then applied once per file in one transaction, or dropped."""

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError, StaleEdit
from accounts.models import District, Person
from accounts.services.audit import record_change
from accounts.services.people import FIELDS, create_people
from courses.enrolling.enums import EnrollmentState
from courses.enrolling.services.enrollments import enroll_people
from courses.importing.rosters.enums import RosterChoice, RosterVerdict
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import RosterFile
from courses.importing.rosters.rules import (
    RosterRow,
    cohort_key,
    judge_rows,
    mark_of,
    people_of,
    same_judgement,
    texts_of,
    unjudged,
)
from courses.importing.rosters.selectors import cohorts_by_key, known_people, messages_on_hold, open_enrollments_of
from courses.importing.rosters.wording import rows_in_error
from courses.messaging.enums import MessageState
from courses.messaging.models import Message
from courses.scheduling.models import Cohort
from courses.scheduling.services.locks import lock_cohorts

LONGEST_NAME = 200
# How many people are written between two looks at whether somebody has cancelled.
STEP = 500
KEPT_UNTOUCHED = timedelta(days=14)
# Called with how much is done, and of how much; whatever it raises takes everything back.
Tell = Callable[[int, int], None]
_Thing = TypeVar("_Thing")


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for cycles of garbage, which goes through tens of thousands of rows again and again and finds
    none: a sixth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def show_nobody(done: int, total: int) -> None:
    pass


@transaction.atomic
def upload_roster(
    *,
    file_name: str,
    read: RosterFile,
    cohort: Cohort | None,
    act: Act,
) -> Roster:
    """Judges the rows against what is on file and keeps them for the preview, with the text they were read from.

    `cohort` = where those go whose row names none. The same file uploaded again begins its preview anew. Raises RuleError
    `applied` when that file was applied before, `queued` while it is.
    """
    refuse_applied(read.digest)
    judge(read.rows, cohort)
    roster = Roster.objects.filter(file_hash=read.digest, state=Roster.State.PREVIEW).first() or Roster(
        file_hash=read.digest, uploaded_by=act.by
    )
    roster.file_name = file_name[-LONGEST_NAME:]
    roster.cohort = cohort
    roster.found, roster.cells, roster.edits = dict(read.found), [list(line) for line in read.cells], {}
    roster.uploaded_at = act.at
    _put_rows(roster, read.rows)
    roster.full_clean(exclude=["uploaded_by"])
    roster.save()
    record_change(by=act.by, action="roster.upload", thing=roster, detail=roster.result["counts"])
    return roster


def refuse_applied(file_hash: str) -> None:
    """RuleError `applied` when a roster with the same content was applied, `queued` when that is being done."""
    same = Roster.objects.defer("rows", "cells").filter(file_hash=file_hash)
    if applied := same.filter(state=Roster.State.APPLIED).first():
        raise applied_before(applied)
    if same.filter(state=Roster.State.QUEUED).exists():
        raise RuleError([_("This file is being applied at this moment.")], code="queued")


def judge(rows: Sequence[RosterRow], cohort: Cohort | None) -> None:
    """Adds to rows just read what the records on file say of them. The number of queries does not grow with the rows."""
    cohorts = cohorts_by_key()
    with uncollected():
        known = known_people(rows)
    judge_rows(
        rows,
        cohorts=cohorts,
        default=cohorts[cohort_key(cohort.code)] if cohort else None,
        known=known,
        enrolled=open_enrollments_of(person.pk for people in known.values() for person in people),
    )


def rows_of(roster: Roster) -> list[RosterRow]:
    return [RosterRow.from_json(stored) for stored in roster.rows]


def count_verdicts(rows: Iterable[RosterRow]) -> dict[str, int]:
    """How many rows have each verdict, all verdicts named; and `rows`, those that are not blank."""
    counts = Counter(row.verdict.value for row in rows)
    every = {verdict.value: counts[verdict.value] for verdict in RosterVerdict}
    return {"rows": sum(every.values()) - every[RosterVerdict.BLANK], **every}


# The preview is corrected


def choose_for_duplicates(
    *, roster: Roster, choices: Mapping[int, str], act: Act, shown: Mapping[int, str] | None = None
) -> Roster:
    """Keeps what to do with duplicates, by row number; a choice that a row does not have is passed over.

    `shown` = the choices that the page showed: only what differs from them was decided now. Raises StaleEdit, after the
    others were kept, for rows that somebody else has decided otherwise meanwhile.
    """
    with transaction.atomic():
        locked = locked_preview(roster)
        rows = rows_of(locked)
        changed, conflicts = _choose(rows, choices, shown or {})
        if changed:
            _save_rows(locked, rows)
            record_change(by=act.by, action="roster.choose", thing=locked, detail={"rows": changed})
    if conflicts:
        raise StaleEdit([_("Somebody else has decided these rows meanwhile. Look once more.")], conflicts)
    return locked


def _choose(
    rows: Iterable[RosterRow], choices: Mapping[int, str], shown: Mapping[int, str]
) -> tuple[int, list[tuple[str, str]]]:
    """How many rows were decided anew, and (row, what was decided) of those that somebody else has decided."""
    changed, conflicts = 0, []
    for row in rows:
        choice = choices.get(row.number, "")
        if choice not in row.choices or choice in (row.action, shown.get(row.number)):
            continue
        if shown.get(row.number, row.action) != row.action:
            conflicts.append((_("Row %(row)d") % {"row": row.number}, str(row.action.label)))
            continue
        row.choice = choice
        changed += 1
    return changed, conflicts


@transaction.atomic
def mend_row(*, roster: Roster, row: RosterRow, texts: Mapping[str, str], seen: str, act: Act) -> Roster:
    """One row corrected by hand; it and all others are judged anew, choices stay as far as the rows still have them.

    `texts` = what differs from the file, by field; `row` = what was read from both; `seen` = importing.rosters.rules.mark_of the texts
    that the form showed. StaleEdit, with what stands there now, when somebody has changed the row or the columns since.
    """
    locked = locked_preview(roster)
    now = texts_of(row.number, found=locked.found, cells=locked.cells, edits=locked.edits)
    if mark_of(now) != seen or locked.found["fields"] != roster.found["fields"]:
        raise StaleEdit(
            [_("Somebody else has changed this row while you were writing. Nothing of yours was kept yet.")],
            [(name, text) for name, text in now.items() if text != {**now, **texts}[name]],
        )
    edits = {**locked.edits, str(row.number): dict(texts)}
    if not texts:
        edits.pop(str(row.number))
    locked.edits = edits
    _judge_anew(locked, [row if one.number == row.number else one for one in rows_of(locked)])
    locked.save(update_fields=["edits"])
    record_change(by=act.by, action="roster.mend", thing=locked, detail={"row": row.number, "fields": sorted(texts)})
    return locked


@transaction.atomic
def change_columns(
    *, roster: Roster, rows: Sequence[RosterRow], columns: Mapping[str, Any], seen: Sequence[str], act: Act
) -> Roster:
    """What the columns hold, corrected; everything is judged anew. What was mended and chosen by hand stays.

    `rows` = what was read from `roster` with `columns` (importing.rosters.readers.rosters.columns_of); `seen` = the fields that the form
    showed. StaleEdit when somebody has changed the list since.
    """
    locked = locked_preview(roster)
    if list(seen) != locked.found["fields"] or locked.version != roster.version:
        raise StaleEdit(
            [_("Somebody else has changed the columns or a row meanwhile. Look once more, then choose again.")]
        )
    locked.found = {**locked.found, **columns}
    _judge_anew(locked, rows)
    locked.save(update_fields=["found"])
    record_change(by=act.by, action="roster.columns", thing=locked, detail={"fields": columns["fields"]})
    return locked


@transaction.atomic
def renew_roster(*, roster: Roster) -> Roster:
    """Judges a preview anew, because what is on file has changed. Choices are kept as far as the rows still have them."""
    locked = locked_preview(roster)
    _judge_anew(locked, rows_of(locked))
    return locked


def _judge_anew(locked: Roster, rows: Sequence[RosterRow]) -> None:
    chosen = {row.number: row.choice for row in rows_of(locked) if row.choice}
    fresh = unjudged(rows)
    for row in fresh:
        row.choice = chosen.get(row.number, "")
    judge(fresh, locked.cohort)
    _save_rows(locked, fresh)


def _save_rows(locked: Roster, rows: Sequence[RosterRow]) -> None:
    _put_rows(locked, rows)
    locked.save(update_fields=["rows", "result", "version", "changed_at"])


def _put_rows(roster: Roster, rows: Sequence[RosterRow]) -> None:
    roster.rows = [row.to_json() for row in rows]
    roster.result = {"counts": count_verdicts(rows)}
    roster.version += 1
    roster.changed_at = timezone.now()


# Applied


@dataclass(frozen=True)
class Applying:
    """How a list is applied: by whom, without the rows in error or not at all, with messages held back or not. `tell` is
    told how far it is."""

    act: Act
    skip_errors: bool
    hold_messages: bool = False
    tell: Tell = show_nobody


def apply_roster(
    *,
    roster: Roster,
    act: Act,
    skip_errors: bool,
    hold_messages: bool = False,
    seen: int | None = None,
    tell: Tell = show_nobody,
) -> Roster:
    """Adds the new people, enrolls them and those on file, in the order of the file, cohorts by ascending id; all or nothing.

    Rows in error are left out when `skip_errors` says so; otherwise they refuse the whole. Applied already: comes back as
    it is. Rows, cells and edits are emptied; `result` holds counts, created, placed, waiting, to_check (what the course
    asks for first is missing), cohorts and left_out (row, fault); `made` the ids of what was added. `hold_messages`: what
    the people are to be told waits until somebody lets it go (release_messages). `seen`: the version that was looked at.

    Raises RuleError: `errors`, `nothing`, `dropped`, `applied` (the same file as another roster), `stale` when what is on
    file has changed so that a verdict is another one (renew_roster shows it), and those of enroll_people; StaleEdit when
    somebody has changed the preview since `seen`.
    """
    try:
        with uncollected():
            return _apply(roster, Applying(act, skip_errors, hold_messages, tell), seen)
    except IntegrityError:
        refuse_applied(roster.file_hash)
        raise


@transaction.atomic
def _apply(roster: Roster, applying: Applying, seen: int | None) -> Roster:
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.APPLIED:
        return locked
    _refuse_ended(locked)
    check_seen(locked, seen)
    # The unique key is taken first: of two who apply one file at once, the second waits here.
    locked.state, locked.applied_at = Roster.State.APPLIED, applying.act.at
    locked.save(update_fields=["state", "applied_at"])

    shown = rows_of(locked)
    cohorts = lock_cohorts(row.cohort_id for row in shown if row.cohort_id is not None)
    rows = unjudged(shown)
    judge(rows, locked.cohort)
    if not same_judgement(rows, shown):
        raise RuleError([_("The records have changed since you looked. Check the rows once more.")], code="stale")
    return _write(locked, rows, cohorts, applying)


def import_roster(*, file_name: str, read: RosterFile, cohort: Cohort | None, act: Act, skip_errors: bool) -> Roster:
    """A roster judged and applied in one; when it is refused, no preview stays behind. The rows of `read` are judged in
    place. Raises what apply_roster raises."""
    try:
        with uncollected(), transaction.atomic():
            return _import(file_name, read, cohort, Applying(act, skip_errors))
    except IntegrityError:
        refuse_applied(read.digest)
        raise


def _import(file_name: str, read: RosterFile, cohort: Cohort | None, applying: Applying) -> Roster:
    act = applying.act
    refuse_applied(read.digest)
    roster = Roster(
        file_name=file_name[-LONGEST_NAME:],
        file_hash=read.digest,
        found=dict(read.found),
        cohort=cohort,
        uploaded_by=act.by,
        uploaded_at=act.at,
        state=Roster.State.APPLIED,
        applied_at=act.at,
    )
    roster.full_clean(exclude=["uploaded_by"], validate_constraints=False)
    # The unique key is taken first: of two who apply one file at once, the second waits here.
    roster.save()
    named = {cohort_key(row.values.get("cohort", "")) for row in read.rows} | (
        {cohort_key(cohort.code)} if cohort else set()
    )
    cohorts = lock_cohorts(facts.pk for key, facts in cohorts_by_key().items() if key in named)
    judge(read.rows, cohort)
    return _write(roster, read.rows, cohorts, applying)


def _write(locked: Roster, rows: Sequence[RosterRow], cohorts: Mapping[int, Cohort], applying: Applying) -> Roster:
    """People and enrollments of judged rows; roster and cohorts are locked."""
    act, tell = replace(applying.act, via=HowAsked.ROSTER), applying.tell
    check_rows(rows, applying.skip_errors)
    new = [row for row in rows if row.action == RosterChoice.NEW]
    total = len(new) + sum(row.action != RosterChoice.SKIP for row in rows)
    districts, added = _districts({row.values.get("district", "") for row in new} - {""})
    people: dict[int, Person] = {}
    tell(0, total)
    for part in _parts(new):
        data = [_person_data(row, districts) for row in part]
        created = create_people(rows=data, act=act)
        people |= {row.number: person for row, person in zip(part, created, strict=True)}
        tell(len(people), total)
    made = {"people": [person.pk for person in people.values()], "enrollments": [], "districts": added}
    people |= _on_file(rows, people)

    result: dict[str, Any] = {"counts": count_verdicts(rows), "created": len(new), "cohorts": []}
    done = len(new)
    for pk, group in _groups(rows, people):
        states: Counter[str] = Counter()
        for members in _parts(group):
            enrollments = enroll_people(people=members, cohort=cohorts[pk], act=act)
            states.update(enrollment.state for enrollment in enrollments)
            made["enrollments"] += [enrollment.pk for enrollment in enrollments]
            if applying.hold_messages:
                Message.objects.filter(enrollment__in=enrollments, state=MessageState.PENDING).update(held=True)
            done += len(members)
            tell(done, total)
        result["cohorts"].append({"code": cohorts[pk].code, **_counted(states)})
    for name in _COUNTED:
        result[name] = sum(cohort[name] for cohort in result["cohorts"])
    result["left_out"] = [
        [row.number, row.worst.to_json()] for row in rows if row.action == RosterChoice.SKIP and row.worst
    ]
    locked.rows, locked.cells, locked.edits, locked.result, locked.made = [], [], {}, result, made
    locked.save(update_fields=["rows", "cells", "edits", "result", "made"])
    figures = {name: result[name] for name in ("created", *_COUNTED, "cohorts")}
    record_change(
        by=act.by,
        action="roster.apply",
        thing=locked,
        detail={**figures, **result["counts"], "held": applying.hold_messages},
    )
    return locked


_COUNTED = {
    "placed": EnrollmentState.ENROLLED,
    "waiting": EnrollmentState.WAITLISTED,
    "to_check": EnrollmentState.APPLIED,
}


def _counted(states: Mapping[str, int]) -> dict[str, int]:
    return {name: states[state] for name, state in _COUNTED.items()}


@transaction.atomic
def release_messages(*, roster: Roster, act: Act) -> int:
    """What the people of the roster are to be told goes out now, as far as it was held back. Returns how many messages."""
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    count = sum(held.update(held=False) for held in messages_on_hold(locked))
    locked.hold_messages = False
    locked.save(update_fields=["hold_messages"])
    if count:
        record_change(by=act.by, action="roster.release", thing=locked, detail={"messages": count})
    return count


@transaction.atomic
def drop_roster(*, roster: Roster, act: Act) -> Roster:
    """Throws a preview away; its rows are emptied. Dropped already: comes back as it is."""
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.DROPPED:
        return locked
    locked = locked_preview(locked)
    _empty(locked, Roster.State.DROPPED)
    record_change(by=act.by, action="roster.drop", thing=locked)
    return locked


@transaction.atomic
def empty_old_rosters(*, at: datetime) -> int:
    """Previews that nobody has touched for 14 days lose their rows; the line in the list of rosters stays. Returns how many."""
    old = Roster.objects.select_for_update(of=("self",)).filter(
        state=Roster.State.PREVIEW, changed_at__lte=at - KEPT_UNTOUCHED
    )
    rosters = list(old.defer("rows", "cells", "edits"))
    for roster in rosters:
        _empty(roster, Roster.State.EMPTIED)
        record_change(by=None, action="roster.empty", thing=roster)
    return len(rosters)


def _empty(locked: Roster, state: str) -> None:
    locked.state, locked.rows, locked.cells, locked.edits = state, [], [], {}
    locked.save(update_fields=["state", "rows", "cells", "edits"])


def locked_preview(roster: Roster) -> Roster:
    """The roster, locked until the transaction ends; RuleError when it is no preview any more."""
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.APPLIED:
        raise applied_before(locked)
    if locked.state == Roster.State.QUEUED:
        raise RuleError([_("The list is being applied. Cancel that first.")], code="queued")
    _refuse_ended(locked)
    return locked


def check_seen(locked: Roster, seen: int | None) -> None:
    if seen is not None and seen != locked.version:
        raise StaleEdit([_("Somebody else has changed the list since you looked. Check the rows once more.")])


def _refuse_ended(roster: Roster) -> None:
    if roster.state == Roster.State.DROPPED:
        raise RuleError([_("This roster was thrown away. Upload the file again.")], code="dropped")
    if roster.state == Roster.State.UNDONE:
        raise RuleError([_("This roster was applied and undone. Upload the file again.")], code="undone")
    if roster.state == Roster.State.EMPTIED:
        raise RuleError([_("The rows of this roster are not kept so long. Upload the file again.")], code="emptied")


def applied_before(roster: Roster) -> RuleError:
    return RuleError(
        [_("This file was applied already, as “%(name)s”. Nothing is left to do.") % {"name": roster.file_name}],
        code="applied",
    )


def check_rows(rows: Sequence[RosterRow], skip_errors: bool) -> None:
    """RuleError `errors` or `nothing`."""
    errors = [row.number for row in rows if row.verdict == RosterVerdict.ERROR]
    if errors and not skip_errors:
        raise RuleError([rows_in_error(errors)], code="errors")
    if all(row.action == RosterChoice.SKIP for row in rows):
        raise RuleError([_("No row is left to enroll.")], code="nothing")


def _parts(things: Sequence[_Thing]) -> Iterator[Sequence[_Thing]]:
    return (things[start : start + STEP] for start in range(0, len(things), STEP))


def _person_data(row: RosterRow, districts: Mapping[str, District]) -> dict[str, Any]:
    data = {name: row.values[name] for name in FIELDS if row.values.get(name) not in (None, "")}
    return data | {"district": districts.get(row.values.get("district", ""))}


def _on_file(rows: Iterable[RosterRow], new: Mapping[int, Person]) -> dict[int, Person]:
    """By row number, the people on file whom the rows enroll, and those whom an earlier row has added."""
    known = {number: (kind, pk) for number, (kind, pk) in people_of(rows).items() if number not in new}
    on_file = Person.objects.in_bulk(sorted({pk for kind, pk in known.values() if kind == "person"}))
    found = {number: new.get(pk) if kind == "row" else on_file.get(pk) for number, (kind, pk) in known.items()}
    return {number: person for number, person in found.items() if person is not None}


def _districts(names: set[str]) -> tuple[dict[str, District], list[int]]:
    """The districts by what the roster calls them, in any language, and the ids of those that are new."""
    known = _districts_called(names)
    new = sorted(names - known.keys())
    District.objects.bulk_create([District(name=name) for name in new], ignore_conflicts=True)
    added = _districts_called(set(new))
    return known | added, [district.pk for district in added.values()]


def _districts_called(names: set[str]) -> dict[str, District]:
    found = District.objects.filter(Q(name__in=names) | Q(name_sv__in=names) | Q(name_en__in=names))
    by_name = {name: one for one in found for name in (one.name_en, one.name_sv) if name in names}
    return by_name | {one.name: one for one in found if one.name in names}


def _groups(rows: Sequence[RosterRow], people: Mapping[int, Person]) -> list[tuple[int, list[Person]]]:
    """Whom to enroll where, cohorts by ascending id. A person chosen for two rows, or in the cohort already, counts once."""
    already = open_enrollments_of(person.pk for person in people.values())
    groups: dict[int, list[Person]] = defaultdict(list)
    for row in rows:
        person = people.get(row.number)
        if person is None or row.cohort_id is None or (person.pk, row.cohort_id) in already:
            continue
        already.add((person.pk, row.cohort_id))
        groups[row.cohort_id].append(person)
    return sorted(groups.items())
