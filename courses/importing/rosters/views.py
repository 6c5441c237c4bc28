from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError, StaleEdit
from accounts.ids import read_id
from accounts.refusals import refuse
from courses.importing.rosters.documents import csv_of, rows_to_mend, sample_roster, xlsx_of
from courses.importing.rosters.enums import RosterChoice, RosterVerdict
from courses.importing.rosters.forms import FIELDS, RosterColumnsForm, RosterRowForm, RosterSeenForm, RosterUploadForm
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import (
    columns_of,
    is_identity_column,
    notices,
    read_roster,
    read_row,
    read_rows,
)
from courses.importing.rosters.readers.tables import MAX_BYTES
from courses.importing.rosters.rules import RosterRow, mark_of, texts_of
from courses.importing.rosters.selectors import (
    held_messages,
    progress_of,
    roster_forecast,
    rosters_list,
    undo_obstacles,
)
from courses.importing.rosters.services.jobs import cancel_roster, queue_roster
from courses.importing.rosters.services.rosters import (
    apply_roster,
    change_columns,
    choose_for_duplicates,
    drop_roster,
    mend_row,
    release_messages,
    renew_roster,
    rows_of,
    upload_roster,
)
from courses.importing.rosters.services.undo import undo_roster
from courses.importing.rosters.tasks import wake_roster_worker
from courses.scheduling.models import Cohort

PER_PAGE = 50
LATEST = 10
# From here on a worker does it: nobody looks at a white page for so long.
LARGE = 500
# After this a page says that no worker seems to be there.
PATIENCE_SECONDS = 60
SAMPLES = 3
MOST_OBSTACLES = 50
SHOWN_VERDICTS = (RosterVerdict.OK, RosterVerdict.WARNING, RosterVerdict.DUPLICATE, RosterVerdict.ERROR)
# What the columns page can put right.
HEADER_TROUBLE = ("no_header", "header_twice", "column_missing")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_create(request: PersonRequest) -> HttpResponse:
    posted = request.method == "POST"
    sent = (request.POST, request.FILES) if posted else ()
    form = RosterUploadForm(*sent, initial={"cohort": request.GET.get("cohort")})
    if posted and form.is_valid():
        try:
            roster, trouble = _upload(request, form.cleaned_data["file"], form.cleaned_data["cohort"])
        except RuleError as error:
            refuse(form, error)
        else:
            if trouble is None:
                return redirect("coordinator:rosters-detail", roster.pk)
            messages.warning(request, " ".join([*trouble.reasons, _("Or say below what the columns hold.")]))
            return redirect("coordinator:rosters-columns", roster.pk)
    context = {"form": form, "rosters": rosters_list()[:LATEST]}
    return render(request, "courses/importing/coordinator/rosters_create.html", context)


def _upload(request: PersonRequest, upload: Any, cohort: Cohort | None) -> tuple[Roster, RuleError | None]:
    """The new preview, and what is wrong with its header, if anything is."""
    # One byte over the limit is enough to see that it is over.
    data, trouble = upload.read(MAX_BYTES + 1), None
    try:
        read = read_roster(data, upload.name)
    except RuleError as error:
        if error.code not in HEADER_TROUBLE:
            raise
        read, trouble = read_roster(data, upload.name, lenient=True), error
    roster = upload_roster(
        file_name=upload.name,
        read=read,
        cohort=cohort,
        act=act_of(request),
    )
    return roster, trouble


@require_safe
@for_coordinator
def rosters_sample(request: PersonRequest) -> HttpResponse:
    return _download(sample_roster(), _("sample-roster.csv"), "text/csv; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """What was found in the file, row by row; how far a worker is with it; what came of it. POST keeps what to do with the
    duplicates."""
    roster = get_object_or_404(Roster.objects.select_related("cohort", "uploaded_by"), pk=pk)
    if request.method == "POST":
        _keep_choices(request, roster)
        return redirect(request.get_full_path())
    if roster.state == Roster.State.QUEUED:
        return render(request, "courses/importing/coordinator/rosters_progress.html", _progress(roster))
    if request.htmx:
        # The page of the progress bar asks, and there is none any more.
        return HttpResponseClientRefresh()
    if roster.state != Roster.State.PREVIEW:
        return render(request, "courses/importing/coordinator/rosters_result.html", _result(request, roster))
    rows = rows_of(roster)
    if form := request.GET.get("format"):
        return _mend_file(roster, rows, form)
    return render(request, "courses/importing/coordinator/rosters_detail.html", _preview(request, roster, rows))


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_columns(request: PersonRequest, pk: int) -> HttpResponse:
    """What each column of the file was taken for, to be corrected."""
    roster = get_object_or_404(Roster.objects.select_related("cohort"), pk=pk, state=Roster.State.PREVIEW)
    header, columns = roster.cells[0], roster.found["fields"]
    fixed = [place for place, title in enumerate(header) if is_identity_column(title)]
    form = RosterColumnsForm(request.POST or None, columns=columns, fixed=fixed)
    if request.method == "POST" and form.is_valid():
        chosen = columns_of(form.chosen_fields(), header)
        rows = read_rows({**roster.found, **chosen}, roster.cells, roster.edits)
        try:
            change_columns(roster=roster, rows=rows, columns=chosen, seen=form.seen_fields(), act=act_of(request))
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The columns are read as you said."))
            return redirect("coordinator:rosters-detail", roster.pk)
    context = {"roster": roster, "form": form, "columns": _columns(roster, form)}
    return render(request, "courses/importing/coordinator/rosters_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_row(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """One row of the preview, to be mended on the spot."""
    roster = get_object_or_404(Roster.objects.select_related("cohort"), pk=pk, state=Roster.State.PREVIEW)
    row = next((one for one in rows_of(roster) if one.number == number), None)
    if row is None:
        raise Http404
    texts = texts_of(number, found=roster.found, cells=roster.cells, edits=roster.edits)
    form = RosterRowForm(request.POST or None, row=row, texts=texts, mark=mark_of(texts))
    if request.method == "POST" and form.is_valid():
        try:
            mended = _mend(request, roster, number, form)
        except StaleEdit as error:
            error.conflicts = [(FIELDS.get(name, name), text or "–") for name, text in error.conflicts]
            refuse(form, error)
        except RuleError as error:
            refuse(form, error)
        else:
            return _after_mending(request, mended, number)
    context = {"roster": roster, "row": row, "form": form, "verdict": request.GET.get("verdict", "")}
    return render(request, "courses/importing/coordinator/rosters_row.html", context)


def _mend(request: PersonRequest, roster: Roster, number: int, form: RosterRowForm) -> Roster:
    year = timezone.localdate().year
    original = texts_of(number, found=roster.found, cells=roster.cells, edits={})
    mended = form.mended(read_row(number, original, year), original)
    read = read_row(number, texts_of(number, found=roster.found, cells=roster.cells, edits={str(number): mended}), year)
    return mend_row(roster=roster, row=read, texts=mended, seen=form.cleaned_data["seen"], act=act_of(request))


def _after_mending(request: PersonRequest, roster: Roster, number: int) -> HttpResponse:
    """Back to the rows, or on to the next one in error."""
    rows = rows_of(roster)
    row = next(one for one in rows if one.number == number)
    words = _("Row %(row)d is saved: %(verdict)s.") % {"row": number, "verdict": row.verdict.label.lower()}
    messages.success(request, words)
    verdict = request.GET.get("verdict", "")
    wrong = [one.number for one in rows if one.verdict == RosterVerdict.ERROR and one.number != number]
    if "next" in request.POST and wrong:
        following = next((other for other in wrong if other > number), wrong[0])
        return redirect(reverse("coordinator:rosters-row", args=[roster.pk, following]) + f"?verdict={verdict}")
    return redirect(reverse("coordinator:rosters-detail", args=[roster.pk]) + f"?verdict={verdict}")


@require_POST
@for_coordinator
def rosters_apply(request: PersonRequest, pk: int) -> HttpResponse:
    """Small lists at once; large ones by a worker, unless somebody does not want to wait for it (`here`)."""
    roster = get_object_or_404(Roster, pk=pk)
    asked: dict[str, Any] = {
        "skip_errors": "skip_errors" in request.POST or roster.skip_errors,
        "hold_messages": "hold_messages" in request.POST or roster.hold_messages,
    }
    try:
        if roster.state == Roster.State.PREVIEW:
            asked = {name: name in request.POST for name in asked} | {"seen": _version_after_choices(request, roster)}
            if roster.result["counts"]["rows"] > LARGE:
                queue_roster(roster=roster, act=act_of(request), **asked)
                wake_roster_worker()
                return redirect("coordinator:rosters-detail", roster.pk)
        applied = apply_roster(roster=roster, act=act_of(request), **asked)
    except RuleError as error:
        if error.code == "stale" and not isinstance(error, StaleEdit):
            renew_roster(roster=roster)
        _tell(request, error)
    else:
        people = sum(applied.result[name] for name in ("placed", "waiting", "to_check"))
        words = ngettext("%(count)d person is enrolled.", "%(count)d people are enrolled.", people)
        messages.success(request, words % {"count": people})
    return redirect("coordinator:rosters-detail", roster.pk)


def _version_after_choices(request: PersonRequest, roster: Roster) -> int | None:
    """Keeps what was chosen on the page, and gives the version that the reader has then seen; StaleEdit when somebody
    else has changed the list since the page was opened."""
    form = RosterSeenForm(request.POST)
    form.is_valid()
    if form.cleaned_data["version"] not in (None, roster.version):
        raise StaleEdit([_("Somebody else has changed the list since you looked. Check the rows once more.")])
    return choose_for_duplicates(roster=roster, act=act_of(request), **_choices(request.POST)).version


@require_POST
@for_coordinator
def rosters_cancel(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    try:
        cancel_roster(roster=roster, act=act_of(request))
    except RuleError:
        messages.warning(request, _("The list was applied before it could be cancelled. You can undo it."))
    else:
        messages.success(request, _("Cancelled. Nothing of the list was written."))
    return redirect("coordinator:rosters-detail", roster.pk)


@require_POST
@for_coordinator
def rosters_release(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    count = release_messages(roster=roster, act=act_of(request))
    words = ngettext("%(count)d message goes out.", "%(count)d messages go out.", count) % {"count": count}
    messages.success(request, words)
    return redirect("coordinator:rosters-detail", roster.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_undo(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk, state__in=[Roster.State.APPLIED, Roster.State.UNDONE])
    back = reverse("coordinator:rosters-detail", args=[roster.pk])
    if request.method == "POST":
        try:
            undo_roster(roster=roster, act=act_of(request))
        except RuleError as error:
            _tell(request, error)
            return redirect(request.path if error.code == "depends" else back)
        messages.success(request, _("The list is undone. Its people and enrollments are gone."))
        return redirect(back)
    if roster.state == Roster.State.UNDONE:
        return redirect(back)
    obstacles = undo_obstacles(roster)
    context = {"roster": roster, "obstacles": obstacles[:MOST_OBSTACLES], "count": len(obstacles)}
    return render(request, "courses/importing/coordinator/rosters_undo.html", context)


@require_POST
@for_coordinator
def rosters_drop(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    try:
        drop_roster(roster=roster, act=act_of(request))
    except RuleError as error:
        messages.error(request, " ".join(error.reasons))
        return redirect("coordinator:rosters-detail", roster.pk)
    messages.success(request, _("The list is thrown away. Nothing of it is kept."))
    return redirect("coordinator:rosters-create")


# What the pages show


def _preview(request: PersonRequest, roster: Roster, rows: list[RosterRow]) -> dict[str, object]:
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
        "large": counts["rows"] > LARGE,
        "columns": [(title or name, name) for title, name in zip(roster.cells[0], roster.found["fields"], strict=True)],
        "mended": len(roster.edits),
    }


def _tabs(roster: Roster, verdict: str) -> list[tuple[str, str, int, bool]]:
    counts = roster.result["counts"]
    address = reverse("coordinator:rosters-detail", args=[roster.pk])
    every = counts["rows"] + counts[RosterVerdict.BLANK]
    return [(address, _("All"), every, verdict not in RosterVerdict)] + [
        (f"{address}?verdict={one.value}", str(one.label), counts[one], verdict == one)
        for one in RosterVerdict
        if counts[one] or verdict == one
    ]


def _progress(roster: Roster) -> dict[str, object]:
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


def _result(request: PersonRequest, roster: Roster) -> dict[str, object]:
    applied = roster.state == Roster.State.APPLIED
    held = sum(part.count() for part in held_messages(roster)) if applied else 0
    left_out = Paginator(roster.result.get("left_out", []), PER_PAGE).get_page(request.GET.get("page"))
    return {"roster": roster, "held": held, "to_check": roster.result.get("to_check", 0), "page_obj": left_out}


def _columns(roster: Roster, form: RosterColumnsForm) -> list[dict[str, object]]:
    """Title, the first values under it, and the field of the form, by column."""
    lines = roster.cells[1:]
    return [
        {
            "number": place + 1,
            "title": title,
            "samples": [line[place] for line in lines if line[place]][:SAMPLES],
            "field": form[f"column-{place}"] if place not in form.fixed else None,
        }
        for place, title in enumerate(roster.cells[0])
    ]


def _mend_file(roster: Roster, rows: list[RosterRow], form: str) -> HttpResponse:
    titles = {name: str(label) for name, label in FIELDS.items() if name != "name"}
    lines = rows_to_mend(rows, found=roster.found, cells=roster.cells, edits=roster.edits, titles=titles)
    if form == "xlsx":
        return _download(xlsx_of(lines), _("rows-to-mend.xlsx"), XLSX)
    return _download(csv_of(lines), _("rows-to-mend.csv"), "text/csv; charset=utf-8")


def _keep_choices(request: PersonRequest, roster: Roster) -> None:
    """What was chosen on the page for the duplicates; the reader is told what could not be kept."""
    try:
        choose_for_duplicates(roster=roster, act=act_of(request), **_choices(request.POST))
    except RuleError as error:
        _tell(request, error)


def _choices(posted: QueryDict) -> dict[str, dict[int, str]]:
    """By row number what was chosen, from the fields `choice-12`, and what stood there before, from `shown-12`."""
    return {
        part: {
            number: str(posted[name])
            for name in posted
            if name.startswith(prefix) and (number := read_id(name.removeprefix(prefix))) is not None
        }
        for part, prefix in (("choices", "choice-"), ("shown", "shown-"))
    }


def _tell(request: PersonRequest, error: RuleError) -> None:
    said = list(error.reasons)
    if isinstance(error, StaleEdit):
        said += [_("%(field)s is now: %(value)s") % {"field": name, "value": value} for name, value in error.conflicts]
    messages.error(request, " ".join(said))


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
