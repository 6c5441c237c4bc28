from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, for_viewer
from courses.reporting.documents import charts as figures
from courses.reporting.documents.files import cohort_file, program_file
from courses.reporting.documents.tables import modules_table
from courses.reporting.forms import ReportFilterForm
from courses.reporting.selectors.viewers import viewer_cohort_report, viewer_program_report
from courses.reporting.views.downloads import download, download_links
from courses.scheduling.models import Cohort


@require_safe
@for_viewer
def reports_program(request: PersonRequest) -> HttpResponse:
    filters = ReportFilterForm(request.GET or None)
    report = viewer_program_report(*filters.chosen())
    if file := download(request, "program", lambda wanted: program_file(report, wanted)):
        return file
    ages = report.total.ages
    context = {
        "filters": filters,
        "form": filters,
        "report": report,
        "downloads": download_links(request),
        "multiples": figures.multiples(report),
        "multiples_say": figures.multiples_say(report),
        "headline": figures.program_headline(report),
        "tables": figures.linked_tables(report),
        "genders": figures.genders_figure(ages) if ages else None,
        "today": timezone.localdate(),
    }
    return render(request, "courses/reporting/viewer/reports_program.html", context)


@require_safe
@for_viewer
def reports_cohort(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)
    report = viewer_cohort_report(cohort)
    if file := download(request, f"report-{cohort.code}", lambda wanted: cohort_file(report, wanted)):
        return file
    context = {
        "cohort": cohort,
        "report": report,
        "downloads": download_links(request),
        "headline": figures.headline(report),
        "funnel": figures.funnel_figure(report),
        "sessions": figures.sessions_figure(report),
        "modules": figures.Figure(modules_table(report.modules)) if report.modules else None,
        "reasons": figures.reasons_figure(report),
    }
    return render(request, "courses/reporting/viewer/reports_cohort.html", context)
