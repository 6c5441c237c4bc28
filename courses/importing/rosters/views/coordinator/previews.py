"""A roster before it is applied: uploaded, looked at, mended."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError, StaleEdit
from accounts.refusals import refuse, say_refusal
from courses.importing.rosters.documents import sample_roster
from courses.importing.rosters.enums import RosterVerdict
from courses.importing.rosters.forms import FIELDS, RosterColumnsForm, RosterRowForm, RosterUploadForm
from courses.importing.rosters.models import Roster
from courses.importing.rosters.readers.rosters import (
    columns_of,
    read_roster,
    read_row,
    read_rows,
)
from courses.importing.rosters.readers.tables import MAX_BYTES
from courses.importing.rosters.rules import Found, mark_of, texts_of
from courses.importing.rosters.rules.vocabulary import is_identity_column
from courses.importing.rosters.selectors import first_names_among, rosters_list
from courses.importing.rosters.services.rosters import (
    change_columns,
    choose_for_duplicates,
    mend_row,
    rows_of,
    upload_roster,
)
from courses.importing.rosters.views.coordinator.choices import choices_in
from courses.importing.rosters.views.coordinator.shown import (
    columns_shown,
    download,
    file_to_mend,
    preview_shown,
    progress_shown,
    result_shown,
)
from courses.scheduling.models import Cohort

LATEST = 10
# What the columns page can put right.
HEADER_TROUBLE = ("no_header", "header_twice", "column_missing")


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
            trouble = RuleError([*trouble.reasons, _("Or say below what the columns hold.")])
            say_refusal(request, trouble, level=messages.WARNING)
            return redirect("coordinator:rosters-columns", roster.pk)
    context = {"form": form, "rosters": rosters_list()[:LATEST]}
    return render(request, "courses/importing/coordinator/rosters_create.html", context)


def _upload(request: PersonRequest, upload: UploadedFile, cohort: Cohort | None) -> tuple[Roster, RuleError | None]:
    """The new preview, and what is wrong with its header, if anything is."""
    # One byte over the limit is enough to see that it is over.
    name, data, trouble = upload.name or "", upload.read(MAX_BYTES + 1), None
    try:
        read = read_roster(data, name, first_names=first_names_among)
    except RuleError as error:
        if error.code not in HEADER_TROUBLE:
            raise
        read, trouble = read_roster(data, name, lenient=True, first_names=first_names_among), error
    roster = upload_roster(
        file_name=name,
        read=read,
        cohort=cohort,
        act=act_of(request),
    )
    return roster, trouble


@require_safe
@for_coordinator
def rosters_sample(request: PersonRequest) -> HttpResponse:
    return download(sample_roster(), _("sample-roster.csv"), "text/csv; charset=utf-8")


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
        return render(request, "courses/importing/coordinator/rosters_progress.html", progress_shown(roster))
    if request.htmx:
        # The page of the progress bar asks, and there is none any more.
        return HttpResponseClientRefresh()
    if roster.state != Roster.State.PREVIEW:
        return render(request, "courses/importing/coordinator/rosters_result.html", result_shown(request, roster))
    rows = rows_of(roster)
    if form := request.GET.get("format"):
        return file_to_mend(roster, rows, form)
    return render(request, "courses/importing/coordinator/rosters_detail.html", preview_shown(request, roster, rows))


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
        found: Found = roster.found | chosen
        rows = read_rows(found, roster.cells, roster.edits)
        try:
            change_columns(roster=roster, rows=rows, columns=chosen, seen=form.seen_fields(), act=act_of(request))
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The columns are read as you said."))
            return redirect("coordinator:rosters-detail", roster.pk)
    context = {"roster": roster, "form": form, "columns": columns_shown(roster, form)}
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
    if form.is_valid():
        mended = _mended(request, roster, number, form)
        if mended is not None:
            return _after_mending(request, mended, number)
    context = {"roster": roster, "row": row, "form": form, "verdict": request.GET.get("verdict", "")}
    return render(request, "courses/importing/coordinator/rosters_row.html", context)


def _mended(request: PersonRequest, roster: Roster, number: int, form: RosterRowForm) -> Roster | None:
    """The roster with the row mended; None when it was not, and the form says why."""
    try:
        return _mend(request, roster, number, form)
    except StaleEdit as error:
        error.conflicts = [(FIELDS.get(name, name), text or "–") for name, text in error.conflicts]
        refuse(form, error)
    except RuleError as error:
        refuse(form, error)
    return None


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


def _keep_choices(request: PersonRequest, roster: Roster) -> None:
    """What was chosen on the page for the duplicates; the reader is told what could not be kept."""
    try:
        choose_for_duplicates(roster=roster, act=act_of(request), **choices_in(request.POST))
    except RuleError as error:
        say_refusal(request, error)
