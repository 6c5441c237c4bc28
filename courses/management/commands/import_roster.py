import json
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from tqdm import tqdm

from accounts.acts import Act
from accounts.enums import HowAsked
from accounts.exceptions import RuleError
from courses.importing.rosters.enums import RosterChoice, RosterVerdict
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import RosterFile, read_roster
from courses.importing.rosters.readers.tables import MAX_BYTES
from courses.importing.rosters.rules import RosterRow
from courses.importing.rosters.selectors import first_names_among, roster_forecast
from courses.importing.rosters.services.rosters import count_verdicts, import_roster, judge
from courses.importing.rosters.wording import notices
from courses.scheduling.models import Cohort

Row = TypeVar("Row")


@dataclass(frozen=True)
class Summary:
    """What became of a file. `counts`: of rows, in all and by verdict; `found`: what it was taken for; `done`: how many
    people were added, placed, wait or are to be checked, or None when nothing was applied."""

    counts: Mapping[str, int]
    found: Mapping[str, object]
    notices: Sequence[str]
    new: int
    known: int
    cohorts: Sequence[Mapping[str, str | int]]
    done: Mapping[str, int] | None

    def to_json(self) -> dict[str, object]:
        return {
            **self.counts,
            **self.found,
            "notices": self.notices,
            "new": self.new,
            "known": self.known,
            "cohorts": self.cohorts,
            "applied": self.done is not None,
            **(self.done or {}),
        }


class Command(BaseCommand):
    help = (
        "A spreadsheet of people to enroll, CSV or XLSX. Shows what would become of each row; --apply does it, all or nothing.\n"
        "Example: manage.py import_roster list.csv --cohort AIM-2027K-01 --apply"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--cohort", metavar="CODE", help="where those go whose row names no cohort")
        parser.add_argument("--apply", action="store_true", help="add and enroll the people")
        parser.add_argument("--skip-errors", action="store_true", help="apply without the rows in error")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(
        self,
        *,
        file: Path,
        cohort: str | None,
        apply: bool,
        skip_errors: bool,
        format: str,
        language: str,
        **options: object,
    ) -> None:
        with override(language):
            read = _read(file)
            into = _cohort(cohort)
            refusal, roster = None, None
            if apply:
                refusal, roster = self.apply(read, file.name, into, skip_errors)
            else:
                judge(read.rows, into)
            summary = _summary(read, roster)
            if format == "json":
                rows = [_row(row) for row in read.rows]
                self.stdout.write(
                    json.dumps({"rows": rows, "summary": summary.to_json()}, ensure_ascii=False, indent=1)
                )
            else:
                self.write_text(read, summary)
            if refusal is not None:
                raise CommandError(_("Nothing was applied. %(reason)s") % {"reason": " ".join(refusal.reasons)})

    def apply(
        self, read: RosterFile, name: str, cohort: Cohort | None, skip_errors: bool
    ) -> tuple[RuleError | None, Roster | None]:
        """What refused it, if anything did, and what was done. A file that was applied before is no refusal: it is done."""
        try:
            roster = import_roster(
                file_name=name,
                read=read,
                cohort=cohort,
                act=Act(by=None, via=HowAsked.ROSTER, at=timezone.now()),
                skip_errors=skip_errors,
            )
        except RuleError as error:
            if error.code not in ("applied", "queued"):
                return error, None
            judge(read.rows, cohort)
            self.stderr.write(error.reasons[0])
            return None, None
        return None, roster

    def write_text(self, read: RosterFile, summary: Summary) -> None:
        for notice in summary.notices:
            self.stdout.write(notice)
        for row in read.rows:
            if row.faults:
                words = _("Row %(row)d, %(verdict)s: %(message)s")
                figures = {"row": row.number, "verdict": row.verdict.label.lower(), "message": _message(row)}
                self.stdout.write(words % figures)
        counts = ", ".join(f"{verdict.label}: {summary.counts[verdict.value]}" for verdict in RosterVerdict)
        rows = summary.counts["rows"]
        words = ngettext("%(count)d row. %(counts)s.", "%(count)d rows. %(counts)s.", rows)
        self.stdout.write(words % {"count": rows, "counts": counts})
        for cohort in summary.cohorts:
            self.stdout.write(_("%(code)s: %(placed)d get a place, %(waiting)d wait") % cohort)
        if summary.done is not None:
            self.write_done(summary.done)

    def write_done(self, done: Mapping[str, int]) -> None:
        self.stdout.write(_("Applied: %(created)d added, %(placed)d with a place, %(waiting)d waiting.") % done)
        if done["to_check"]:
            self.stdout.write(
                _("%(to_check)d have applied and wait for a coordinator: the course asks for something first.") % done
            )


def _read(file: Path) -> RosterFile:
    try:
        return read_roster(_content(file), file.name, progress=_bar, first_names=first_names_among)
    except RuleError as error:
        raise CommandError(_("%(file)s: %(reason)s") % {"file": file, "reason": error.reasons[0]}) from error


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}
        ) from error


def _cohort(code: str | None) -> Cohort | None:
    if code is None:
        return None
    cohort = Cohort.objects.filter(code__iexact=code).first()
    if cohort is None:
        raise CommandError(_("There is no cohort %(code)s.") % {"code": code})
    return cohort


def _bar(rows: list[Row]) -> Iterable[Row]:
    """Seen on a terminal only, and only when the reading takes longer than a second."""
    bar: Iterable[Row] = tqdm(rows, unit="row", unit_scale=True, disable=None, leave=False, delay=1)
    return bar


def _row(row: RosterRow) -> dict[str, object]:
    return {
        "row": row.number,
        "verdict": row.verdict.value,
        "field": row.worst.field if row.worst else None,
        "message": _message(row),
    }


def _message(row: RosterRow) -> str:
    """All that was found in the row, the worst first."""
    others = [fault for fault in row.faults if fault is not row.worst]
    return " ".join(fault.message for fault in [row.worst, *others] if fault)


def _summary(read: RosterFile, roster: Roster | None) -> Summary:
    """`roster`: what was applied, if anything was; else its cohorts are a forecast."""
    actions = [row.action for row in read.rows]
    return Summary(
        counts=count_verdicts(read.rows),
        found={name: value for name, value in read.found.items() if name != "fields"},
        notices=notices(read.found),
        new=actions.count(RosterChoice.NEW),
        known=actions.count(RosterChoice.KNOWN),
        cohorts=roster.result["cohorts"] if roster else _forecast(read.rows),
        done={name: roster.result[name] for name in ("created", "placed", "waiting", "to_check")} if roster else None,
    )


def _forecast(rows: Sequence[RosterRow]) -> list[dict[str, str | int]]:
    return [{"code": one.code, "placed": one.placed, "waiting": one.waiting} for one in roster_forecast(rows)]
