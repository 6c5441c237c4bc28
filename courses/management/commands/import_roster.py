import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

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
from courses.importing.rosters.readers.rosters import RosterFile, notices, read_roster
from courses.importing.rosters.readers.tables import MAX_BYTES
from courses.importing.rosters.rules import RosterRow
from courses.importing.rosters.selectors import roster_forecast
from courses.importing.rosters.services.rosters import count_verdicts, import_roster, judge
from courses.scheduling.models import Cohort


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

    def handle(self, *args: Any, file: Path, language: str, **options: Any) -> None:
        with override(language):
            try:
                read = read_roster(_content(file), file.name, progress=_bar)
            except RuleError as error:
                raise CommandError(_("%(file)s: %(reason)s") % {"file": file, "reason": error.reasons[0]}) from error
            cohort = _cohort(options["cohort"])
            refusal: RuleError | None = None
            result: dict[str, Any] = {}
            if options["apply"]:
                refusal, result = self.apply(read, file.name, cohort, options["skip_errors"])
            else:
                judge(read.rows, cohort)
            summary = _summary(read) | result
            if options["format"] == "json":
                rows = [_row(row) for row in read.rows]
                self.stdout.write(json.dumps({"rows": rows, "summary": summary}, ensure_ascii=False, indent=1))
            else:
                self.write_text(read, summary)
            if refusal is not None:
                raise CommandError(_("Nothing was applied. %(reason)s") % {"reason": " ".join(refusal.reasons)})

    def apply(
        self, read: RosterFile, name: str, cohort: Cohort | None, skip_errors: bool
    ) -> tuple[RuleError | None, dict[str, Any]]:
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
                return error, {}
            judge(read.rows, cohort)
            self.stderr.write(error.reasons[0])
            return None, {}
        return None, {"applied": True, **_done(roster)}

    def write_text(self, read: RosterFile, summary: dict[str, Any]) -> None:
        for notice in summary["notices"]:
            self.stdout.write(notice)
        for row in read.rows:
            if row.faults:
                words = _("Row %(row)d, %(verdict)s: %(message)s")
                figures = {"row": row.number, "verdict": row.verdict.label.lower(), "message": _message(row)}
                self.stdout.write(words % figures)
        counts = ", ".join(f"{verdict.label}: {summary[verdict.value]}" for verdict in RosterVerdict)
        words = ngettext("%(count)d row. %(counts)s.", "%(count)d rows. %(counts)s.", summary["rows"])
        self.stdout.write(words % {"count": summary["rows"], "counts": counts})
        for cohort in summary["cohorts"]:
            self.stdout.write(_("%(code)s: %(placed)d get a place, %(waiting)d wait") % cohort)
        if summary["applied"]:
            self.stdout.write(_("Applied: %(created)d added, %(placed)d with a place, %(waiting)d waiting.") % summary)
            if summary["to_check"]:
                self.stdout.write(
                    _("%(to_check)d have applied and wait for a coordinator: the course asks for something first.")
                    % summary
                )


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


def _bar(rows: list[Any]) -> Iterable[Any]:
    """Seen on a terminal only, and only when the reading takes longer than a second."""
    bar: Iterable[Any] = tqdm(rows, unit="row", unit_scale=True, disable=None, leave=False, delay=1)
    return bar


def _row(row: RosterRow) -> dict[str, Any]:
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


def _summary(read: RosterFile) -> dict[str, Any]:
    actions = [row.action for row in read.rows]
    found = {name: value for name, value in read.found.items() if name != "fields"}
    return {
        **count_verdicts(read.rows),
        **found,
        "notices": notices(read.found),
        "new": actions.count(RosterChoice.NEW),
        "known": actions.count(RosterChoice.KNOWN),
        "cohorts": [
            {"code": one.code, "placed": one.placed, "waiting": one.waiting} for one in roster_forecast(read.rows)
        ],
        "applied": False,
    }


def _done(roster: Roster) -> dict[str, Any]:
    return {name: roster.result[name] for name in ("created", "placed", "waiting", "to_check", "cohorts")}
