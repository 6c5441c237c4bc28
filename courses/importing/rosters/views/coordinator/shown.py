"""What the pages of a roster show."""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Paginator
from django.forms import BoundField
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from courses.importing.rosters.documents import csv_of, rows_to_mend, xlsx_of
from courses.importing.rosters.enums import RosterChoice, RosterVerdict
from courses.importing.rosters.forms import FIELDS, RosterColumnsForm
from courses.importing.rosters.models import Roster
from courses.importing.rosters.rules import RosterRow
from courses.importing.rosters.selectors import (
    messages_on_hold,
    progress_of,
    roster_forecast,
)
from courses.importing.rosters.services.rosters import rows_of
from courses.importing.rosters.wording import notices

PER_PAGE = 50
# From here on a worker does it: nobody looks at a white page for so long.
LARGE = 500
# After this a page says that no worker seems to be there.
PATIENCE_SECONDS = 60
SAMPLES = 3
SHOWN_VERDICTS = (RosterVerdict.OK, RosterVerdict.WARNING, RosterVerdict.DUPLICATE, RosterVerdict.ERROR)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_large(roster: Roster) -> bool:
    rows: int = roster.result["counts"]["rows"]
    return rows > LARGE


def preview_shown(request: PersonRequest, roster: Roster, rows: list[RosterRow]) -> dict[str, object]:
    counts = roster.result["counts"]
    verdict = request.GET.get("verdict", "")
    shown = [row for row in rows if row.verdict == verdict] if verdict in RosterVerdict else rows
    actions = [row.action for row in rows]
    enrolling = len(actions) - actions.count(RosterChoice.SKIP)
    return {
        "roster": roster,
        "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "verdict": verdict,
        "tabs": _tabs(roster, verdict),
        "verdicts": [(one, counts[one]) for one in SHOWN_VERDICTS],
        "errors": counts[RosterVerdict.ERROR],
        "notices": notices(roster.found),
        "forecast": roster_forecast(rows),
        "new": actions.count(RosterChoice.NEW),
        "known": actions.count(RosterChoice.KNOWN),
        "enrolling": enrolling,
        "large": is_large(roster),
        "columns": [(title or name, name) for title, name in zip(roster.cells[0], roster.found["fields"], strict=True)],
        "mended": len(roster.edits),
    }


class Tab(NamedTuple):
    address: str
    title: str
    number: int
    is_here: bool


def _tabs(roster: Roster, verdict: str) -> list[Tab]:
    counts = roster.result["counts"]
    address = reverse("coordinator:rosters-detail", args=[roster.pk])
    every = counts["rows"] + counts[RosterVerdict.BLANK]
    return [Tab(address, _("All"), every, verdict not in RosterVerdict)] + [
        Tab(f"{address}?verdict={one.value}", str(one.label), counts[one], verdict == one)
        for one in RosterVerdict
        if counts[one] or verdict == one
    ]


def progress_shown(roster: Roster) -> dict[str, object]:
    progress = progress_of(roster)
    people = sum(row.action != RosterChoice.SKIP for row in rows_of(roster))
    done = people * progress.done // progress.total if progress and progress.total else 0
    waited = (timezone.now() - roster.queued_at).total_seconds() if roster.queued_at else 0
    return {
        "roster": roster,
        "running": progress is not None,
        "people": people,
        "done": done,
        "alone": progress is None and waited > PATIENCE_SECONDS,
    }


def result_shown(request: PersonRequest, roster: Roster) -> dict[str, object]:
    applied = roster.state == Roster.State.APPLIED
    held = sum(part.count() for part in messages_on_hold(roster)) if applied else 0
    left_out = Paginator(roster.result.get("left_out", []), PER_PAGE).get_page(request.GET.get("page"))
    return {"roster": roster, "held": held, "to_check": roster.result.get("to_check", 0), "page_obj": left_out}


@dataclass(frozen=True)
class Column:
    """A column of the file: its title, the first values under it, and the field of the form that says what it holds."""

    number: int
    title: str
    samples: list[str]
    field: BoundField | None


def columns_shown(roster: Roster, form: RosterColumnsForm) -> list[Column]:
    lines = roster.cells[1:]
    return [
        Column(
            number=place + 1,
            title=title,
            samples=[line[place] for line in lines if line[place]][:SAMPLES],
            field=form[f"column-{place}"] if place not in form.fixed else None,
        )
        for place, title in enumerate(roster.cells[0])
    ]


def file_to_mend(roster: Roster, rows: list[RosterRow], form: str) -> HttpResponse:
    titles = {name: str(label) for name, label in FIELDS.items()}
    lines = rows_to_mend(rows, found=roster.found, cells=roster.cells, edits=roster.edits, titles=titles)
    if form == "xlsx":
        return download(xlsx_of(lines), _("rows-to-mend.xlsx"), XLSX)
    return download(csv_of(lines), _("rows-to-mend.csv"), "text/csv; charset=utf-8")


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
