from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, for_coordinator
from courses.certifying.selectors import mentor_numbers
from courses.reporting.documents import charts as figures
from courses.reporting.documents.files import cohort_file, program_file
from courses.reporting.documents.tables import ages_table
from courses.reporting.forms import ReportFilterForm
from courses.reporting.selectors.cohorts import cohort_report
from courses.reporting.selectors.learner_maps import learner_map
from courses.reporting.selectors.mentors import mentor_target, mentors_by_month
from courses.reporting.selectors.programs import program_report
from courses.reporting.views.downloads import download, download_links
from courses.scheduling.models import Cohort


@require_safe
@for_coordinator
def reports_program(request: PersonRequest) -> HttpResponse:
    filters = ReportFilterForm(request.GET or None)
    report = program_report(*filters.chosen())
    if file := download(request, "program", lambda wanted: program_file(report, wanted)):
        return file
    today = timezone.localdate()
    context = {
        "filters": filters,
        "form": filters,
        "report": report,
        "downloads": download_links(request),
        "target": figures.target_figure(mentors_by_month(today), mentor_numbers(today), mentor_target()),
        "multiples": figures.multiples(report),
        "multiples_say": figures.multiples_say(report),
        "headline": figures.program_headline(report),
        "tables": figures.linked_tables(report),
        "genders": figures.genders_figure(report.total.ages),
        "today": today,
    }
    return render(request, "courses/reporting/coordinator/reports_program.html", context)


@require_safe
@for_coordinator
def reports_cohort(request: PersonRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.select_related("course", "venue"), code=code)
    report = cohort_report(cohort)
    if file := download(request, f"report-{cohort.code}", lambda wanted: cohort_file(report, wanted)):
        return file
    context = {
        "cohort": cohort,
        "report": report,
        "downloads": download_links(request),
        "headline": figures.headline(report),
        "funnel": figures.funnel_figure(report),
        "map": figures.map_figure(report, learner_map(cohort)) if report.modules else None,
        "sessions": figures.sessions_figure(report),
        "retention": figures.retention_figure(report),
        "reasons": figures.reasons_figure(report),
        "ages": figures.Figure(ages_table(report.ages)),
    }
    return render(request, "courses/reporting/coordinator/reports_cohort.html", context)
