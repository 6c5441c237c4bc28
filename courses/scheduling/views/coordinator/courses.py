from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, for_coordinator
from courses.catalogue.models import Course
from courses.catalogue.readers import SAMPLE_CODE
from courses.scheduling.selectors.courses import courses_with_counts

PER_PAGE = 50


@require_safe
@for_coordinator
def courses_list(request: PersonRequest) -> HttpResponse:
    page = Paginator(courses_with_counts(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "has_sample": Course.objects.filter(code=SAMPLE_CODE).exists()}
    return render(request, "courses/scheduling/coordinator/courses_list.html", context)
