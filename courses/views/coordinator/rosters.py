from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.enums import RosterChoice, RosterVerdict
from courses.exceptions import RuleError
from courses.exporters.rosters import rows_to_mend, sample_roster
from courses.forms.rosters import RosterUploadForm
from courses.importers.rosters import notices, read_roster
from courses.importers.tables import MAX_BYTES
from courses.models import Roster
from courses.rules.rosters import RosterRow
from courses.selectors.rosters import roster_forecast, rosters_list
from courses.services.rosters import (
    apply_roster,
    choose_for_duplicates,
    drop_roster,
    renew_roster,
    rows_of,
    upload_roster,
)
from courses.views.access import PersonRequest, for_coordinator
from courses.views.refusals import refuse

PER_PAGE = 50
LATEST = 10
SHOWN_VERDICTS = (RosterVerdict.OK, RosterVerdict.WARNING, RosterVerdict.DUPLICATE, RosterVerdict.ERROR)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_create(request: PersonRequest) -> HttpResponse:
    posted = request.method == "POST"
    sent = (request.POST, request.FILES) if posted else ()
    form = RosterUploadForm(*sent, initial={"cohort": request.GET.get("cohort")})
    if posted and form.is_valid():
        upload, cohort = form.cleaned_data["file"], form.cleaned_data["cohort"]
        try:
            # One byte over the limit is enough to see that it is over.
            read = read_roster(upload.read(MAX_BYTES + 1), upload.name)
            roster = upload_roster(
                file_name=upload.name,
                file_hash=read.digest,
                rows=read.rows,
                found=read.found,
                cohort=cohort,
                by=request.user,
            )
        except RuleError as error:
            refuse(form, error)
        else:
            return redirect("coordinator:rosters-detail", roster.pk)
    context = {"form": form, "rosters": rosters_list()[:LATEST]}
    return render(request, "courses/coordinator/rosters_create.html", context)


@require_safe
@for_coordinator
def rosters_sample(request: PersonRequest) -> HttpResponse:
    return _download(sample_roster(), _("sample-roster.csv"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def rosters_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """What was found in the file, row by row; POST keeps what to do with the duplicates."""
    roster = get_object_or_404(Roster.objects.select_related("cohort", "uploaded_by"), pk=pk)
    if request.method == "POST":
        _keep_choices(request, roster)
        return redirect(request.get_full_path())
    if roster.state != Roster.State.PREVIEW:
        return render(request, "courses/coordinator/rosters_result.html", {"roster": roster})
    rows = rows_of(roster)
    if request.GET.get("format") == "csv":
        return _download(rows_to_mend(rows, roster.found["columns"]), _("rows-to-mend.csv"))
    return render(request, "courses/coordinator/rosters_detail.html", _preview(request, roster, rows))


@require_POST
@for_coordinator
def rosters_apply(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    if roster.state == Roster.State.PREVIEW and not _keep_choices(request, roster):
        return redirect("coordinator:rosters-detail", roster.pk)
    try:
        applied = apply_roster(roster=roster, by=request.user, skip_errors="skip_errors" in request.POST)
    except RuleError as error:
        if error.code == "stale":
            renew_roster(roster=roster)
        messages.error(request, " ".join(error.reasons))
    else:
        people = applied.result["placed"] + applied.result["waiting"]
        words = ngettext("%(count)d person is enrolled.", "%(count)d people are enrolled.", people)
        messages.success(request, words % {"count": people})
    return redirect("coordinator:rosters-detail", roster.pk)


@require_POST
@for_coordinator
def rosters_drop(request: PersonRequest, pk: int) -> HttpResponse:
    roster = get_object_or_404(Roster, pk=pk)
    try:
        drop_roster(roster=roster, by=request.user)
    except RuleError as error:
        messages.error(request, " ".join(error.reasons))
        return redirect("coordinator:rosters-detail", roster.pk)
    messages.success(request, _("The list is thrown away. Nothing of it is kept."))
    return redirect("coordinator:rosters-create")


def _preview(request: PersonRequest, roster: Roster, rows: list[RosterRow]) -> dict[str, object]:
    counts = roster.result["counts"]
    verdict = request.GET.get("verdict", "")
    shown = [row for row in rows if row.verdict == verdict] if verdict in RosterVerdict else rows
    actions = [row.action for row in rows]
    address = reverse("coordinator:rosters-detail", args=[roster.pk])
    tabs = [(address, _("All"), len(rows), verdict not in RosterVerdict)]
    tabs += [
        (f"{address}?verdict={one.value}", str(one.label), counts[one], verdict == one)
        for one in RosterVerdict
        if counts[one]
    ]
    return {
        "roster": roster,
        "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "verdict": verdict,
        "tabs": tabs,
        "verdicts": [(one, counts[one]) for one in SHOWN_VERDICTS],
        "errors": counts[RosterVerdict.ERROR],
        "notices": notices(roster.found),
        "forecast": roster_forecast(rows),
        "new": actions.count(RosterChoice.NEW),
        "known": actions.count(RosterChoice.KNOWN),
        "enrolling": len(actions) - actions.count(RosterChoice.SKIP),
    }


def _keep_choices(request: PersonRequest, roster: Roster) -> bool:
    """Whether what was chosen on the page could be kept; the reader is told when not."""
    try:
        choose_for_duplicates(roster=roster, choices=_choices(request.POST), by=request.user)
    except RuleError as error:
        messages.error(request, " ".join(error.reasons))
        return False
    return True


def _choices(posted: QueryDict) -> dict[int, str]:
    """Row number to choice, from the fields `choice-12`."""
    numbers = {name: name.removeprefix("choice-") for name in posted if name.startswith("choice-")}
    return {int(number): str(posted[name]) for name, number in numbers.items() if number.isdecimal()}


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
