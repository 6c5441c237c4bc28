"""Rosters: uploaded and judged, then applied once per file in one transaction, or dropped."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import HowAsked
from accounts.models import District, Person
from accounts.services.audit import record_change
from accounts.services.people import FIELDS, create_people
from courses.enums import EnrollmentState, RosterChoice, RosterVerdict
from courses.exceptions import RuleError
from courses.models import Cohort, Roster
from courses.rules.rosters import RosterRow, cohort_key, judge_rows, same_judgement, unjudged
from courses.selectors.rosters import cohorts_by_key, known_people, open_enrollments_of
from courses.services.enrollments import enroll_people
from courses.services.seats import lock_cohorts

LONGEST_NAME = 200


@transaction.atomic
def upload_roster(
    *,
    file_name: str,
    file_hash: str,
    rows: Sequence[RosterRow],
    found: Mapping[str, Any],
    cohort: Cohort | None,
    by: Person | None,
) -> Roster:
    """Judges the rows against what is on file and keeps them for the preview. The file itself is not kept.

    `cohort` = where those go whose row names none. The same file uploaded again renews its preview. Raises RuleError
    `applied` when that file was applied before.
    """
    refuse_applied(file_hash)
    judge(rows, cohort)
    roster = Roster.objects.filter(file_hash=file_hash, state=Roster.State.PREVIEW).first() or Roster(
        file_hash=file_hash, uploaded_by=by
    )
    roster.file_name = file_name[-LONGEST_NAME:]
    roster.cohort = cohort
    roster.found = dict(found)
    roster.rows = [row.to_json() for row in rows]
    roster.result = {"counts": count_verdicts(rows)}
    roster.uploaded_at = timezone.now()
    roster.full_clean(exclude=["uploaded_by"])
    roster.save()
    record_change(by=by, action="roster.upload", thing=roster, detail=roster.result["counts"])
    return roster


def refuse_applied(file_hash: str) -> None:
    """RuleError `applied` when a roster with the same content was applied."""
    applied = Roster.objects.filter(file_hash=file_hash, state=Roster.State.APPLIED).first()
    if applied is not None:
        raise _applied_before(applied)


def judge(rows: Sequence[RosterRow], cohort: Cohort | None) -> None:
    """Adds to rows just read what the records on file say of them. The number of queries does not grow with the rows."""
    cohorts = cohorts_by_key()
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


@transaction.atomic
def choose_for_duplicates(*, roster: Roster, choices: Mapping[int, str], by: Person | None) -> Roster:
    """Keeps what to do with duplicates, by row number; a choice that a row does not have is passed over."""
    locked = _locked_preview(roster)
    rows = rows_of(locked)
    changed = 0
    for row in rows:
        choice = choices.get(row.number, "")
        if choice in row.choices and choice != row.action:
            row.choice = choice
            changed += 1
    if changed:
        locked.rows = [row.to_json() for row in rows]
        locked.save(update_fields=["rows"])
        record_change(by=by, action="roster.choose", thing=locked, detail={"rows": changed})
    return locked


def apply_roster(*, roster: Roster, by: Person | None, skip_errors: bool, at: datetime | None = None) -> Roster:
    """Adds the new people, enrolls them and those on file, in the order of the file, cohorts by ascending id; all or nothing.

    Rows in error are left out when `skip_errors` says so; otherwise they refuse the whole. Applied already: comes back as
    it is. The rows are emptied; `result` holds counts, created, placed, waiting, cohorts and left_out (row, fault).

    Raises RuleError: `errors`, `nothing`, `dropped`, `applied` (the same file as another roster), `stale` when what is on
    file has changed so that a verdict is another one (renew_roster shows it), and those of enroll_people.
    """
    try:
        return _apply(roster, by=by, skip_errors=skip_errors, at=at or timezone.now())
    except IntegrityError:
        refuse_applied(roster.file_hash)
        raise


@transaction.atomic
def _apply(roster: Roster, *, by: Person | None, skip_errors: bool, at: datetime) -> Roster:
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.APPLIED:
        return locked
    _refuse_dropped(locked)
    # The unique key is taken first: of two who apply one file at once, the second waits here.
    locked.state, locked.applied_at = Roster.State.APPLIED, at
    locked.save(update_fields=["state", "applied_at"])

    shown = rows_of(locked)
    cohorts = lock_cohorts(row.cohort_id for row in shown if row.cohort_id is not None)
    rows = unjudged(shown)
    judge(rows, locked.cohort)
    if not same_judgement(rows, shown):
        raise RuleError([_("The records have changed since you looked. Check the rows once more.")], code="stale")
    _check_errors(rows, skip_errors)

    new, people = _people_by_row(rows, by)
    result: dict[str, Any] = {"counts": count_verdicts(rows), "created": new, "placed": 0, "waiting": 0, "cohorts": []}
    for pk, group in _groups(rows, people):
        enrollments = enroll_people(people=group, cohort=cohorts[pk], by=by, how_asked=HowAsked.ROSTER, at=at)
        states = Counter(enrollment.state for enrollment in enrollments)
        placed, waiting = states[EnrollmentState.ENROLLED], states[EnrollmentState.WAITLISTED]
        result["cohorts"].append({"code": cohorts[pk].code, "placed": placed, "waiting": waiting})
        result["placed"] += placed
        result["waiting"] += waiting
    result["left_out"] = [
        [row.number, row.worst.to_json()] for row in rows if row.action == RosterChoice.SKIP and row.worst
    ]
    locked.rows, locked.result = [], result
    locked.save(update_fields=["rows", "result"])
    figures = {name: result[name] for name in ("created", "placed", "waiting", "cohorts")}
    record_change(by=by, action="roster.apply", thing=locked, detail={**figures, **result["counts"]})
    return locked


@transaction.atomic
def import_roster(
    *,
    file_name: str,
    file_hash: str,
    rows: Sequence[RosterRow],
    found: Mapping[str, Any],
    cohort: Cohort | None,
    by: Person | None,
    skip_errors: bool,
) -> Roster:
    """upload_roster and apply_roster in one: when the second is refused, no preview stays behind. `rows` as they were read,
    or judged already."""
    roster = upload_roster(
        file_name=file_name, file_hash=file_hash, rows=unjudged(rows), found=found, cohort=cohort, by=by
    )
    return apply_roster(roster=roster, by=by, skip_errors=skip_errors)


@transaction.atomic
def renew_roster(*, roster: Roster) -> Roster:
    """Judges a preview anew, because what is on file has changed. Choices are kept as far as the rows still have them."""
    locked = _locked_preview(roster)
    rows = unjudged(rows_of(locked))
    judge(rows, locked.cohort)
    locked.rows = [row.to_json() for row in rows]
    locked.result = {"counts": count_verdicts(rows)}
    locked.save(update_fields=["rows", "result"])
    return locked


@transaction.atomic
def drop_roster(*, roster: Roster, by: Person | None) -> Roster:
    """Throws a preview away; its rows are emptied. Dropped already: comes back as it is."""
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.DROPPED:
        return locked
    if locked.state == Roster.State.APPLIED:
        raise _applied_before(locked)
    locked.state, locked.rows = Roster.State.DROPPED, []
    locked.save(update_fields=["state", "rows"])
    record_change(by=by, action="roster.drop", thing=locked)
    return locked


def _locked_preview(roster: Roster) -> Roster:
    locked = Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)
    if locked.state == Roster.State.APPLIED:
        raise _applied_before(locked)
    _refuse_dropped(locked)
    return locked


def _refuse_dropped(roster: Roster) -> None:
    if roster.state == Roster.State.DROPPED:
        raise RuleError([_("This roster was thrown away. Upload the file again.")], code="dropped")


def _applied_before(roster: Roster) -> RuleError:
    return RuleError(
        [_("This file was applied already, as “%(name)s”. Nothing is left to do.") % {"name": roster.file_name}],
        code="applied",
    )


def _check_errors(rows: Sequence[RosterRow], skip_errors: bool) -> None:
    errors = [row.number for row in rows if row.verdict == RosterVerdict.ERROR]
    if errors and not skip_errors:
        raise RuleError(
            [
                ngettext(
                    "%(count)d row is in error, the first is row %(row)d. Correct it, or leave it out.",
                    "%(count)d rows are in error, the first is row %(row)d. Correct them, or leave them out.",
                    len(errors),
                )
                % {"count": len(errors), "row": errors[0]}
            ],
            code="errors",
        )
    if all(row.action == RosterChoice.SKIP for row in rows):
        raise RuleError([_("No row is left to enroll.")], code="nothing")


def _people_by_row(rows: Sequence[RosterRow], by: Person | None) -> tuple[int, dict[int, Person]]:
    """How many people were added, and everybody to enroll by row number."""
    new = [row for row in rows if row.action == RosterChoice.NEW]
    districts = _districts({row.values.get("district", "") for row in new} - {""})
    data = [
        {name: row.values[name] for name in FIELDS if row.values.get(name) not in (None, "") and name != "district"}
        | {"district": districts.get(row.values.get("district", ""))}
        for row in new
    ]
    created = create_people(rows=data, by=by, how_asked=HowAsked.ROSTER)
    people = {row.number: person for row, person in zip(new, created, strict=True)}
    known = [row for row in rows if row.action == RosterChoice.KNOWN]
    on_file = Person.objects.in_bulk(sorted({row.person for row in known if row.person is not None}))
    for row in known:
        # The earlier row may have been left out, and then so is this one.
        person = on_file.get(row.person or 0) or people.get(row.same_row or 0)
        if person is not None:
            people[row.number] = person
    return len(created), people


def _districts(names: set[str]) -> dict[str, District]:
    District.objects.bulk_create([District(name=name) for name in sorted(names)], ignore_conflicts=True)
    return {district.name: district for district in District.objects.filter(name__in=names)}


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
