from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.enums import Language
from accounts.rules.phones import show_phone
from courses.catalogue.enums import CourseFormat
from courses.catalogue.models import Centre
from courses.enrolling.selectors.applications import CohortStanding
from courses.enrolling.selectors.cohorts import application_state, open_choices, open_cohorts, public_cohorts
from courses.enrolling.wording.prerequisites import what_course_asks
from courses.scheduling.documents import cohort_calendar
from courses.scheduling.enums import SessionState
from courses.scheduling.selectors.cohorts import sessions_of

# A page that is read, not searched: fewer at a time than in a coordinator's list.
PER_PAGE = 20


@login_not_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The first page of the site: groups one can join, soonest first."""
    today = timezone.localdate()
    languages, formats = open_choices(today)
    language = _one_of(request.GET.get("language", ""), languages)
    format = _one_of(request.GET.get("format", ""), formats)
    page = Paginator(open_cohorts(today=today, language=language, format=format), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "cards": [CohortStanding(cohort, application_state(cohort, today)) for cohort in page],
        "languages": [choice for choice in Language if choice in languages],
        "formats": [choice for choice in CourseFormat if choice in formats],
        "language": language,
        "format": format,
    }
    return render(request, "courses/enrolling/public/catalogue.html", context)


@login_not_required
@require_safe
def cohorts_detail(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(public_cohorts(), code=code)
    sessions = list(sessions_of(cohort))
    context = {
        "cohort": cohort,
        "sessions": sessions,
        "held": [session for session in sessions if session.state != SessionState.CANCELLED],
        "application": application_state(cohort, timezone.localdate()),
        "asks": what_course_asks(cohort.course),
    }
    return render(request, "courses/enrolling/public/cohorts_detail.html", context)


@login_not_required
@require_safe
def cohorts_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The sessions as a file for one's own calendar."""
    cohort = get_object_or_404(public_cohorts(), code=code)
    centre = Centre.objects.filter(pk=1).first()
    page = request.build_absolute_uri(reverse("public:cohorts-detail", args=[cohort.code]))
    phone = show_phone(centre.phone) if centre else ""
    content = cohort_calendar(cohort, sessions_of(cohort), url=page, phone=phone)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    name = slugify(" ".join([cohort.course.code, cohort.code, pgettext("file name", "sessions")]))
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _one_of(value: str, choices: set[str]) -> str:
    return value if value in choices else ""
