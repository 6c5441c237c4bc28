"""Lists of people to take along. They are asked for by POST: that a list went out is written down."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import PersonRequest, for_coordinator
from accounts.models import Person
from accounts.rules.codes import parse_person_code
from accounts.services.audit import record_change
from courses.certifying.selectors import certificates_with_people, mentors_with_facts, with_status
from courses.enrolling.enums import REGISTER_STATES
from courses.registry import documents
from courses.registry.forms.lists import FileForm, StatusForm
from courses.registry.forms.people import PeopleFilterForm
from courses.registry.selectors.people import people_for_list
from courses.scheduling.models import Cohort

# More rows than one would go through by hand, and few enough to be made while somebody waits.
MOST_IN_FILE = 10_000


@require_POST
@for_coordinator
def people_file(request: PersonRequest) -> HttpResponse:
    """Those who are ticked, or when none is all whom the search and the choices find."""
    codes = [code for code in request.POST.getlist("person") if parse_person_code(code)]
    if codes:
        people = list(Person.objects.filter(code__in=codes).order_by("sort_key", "pk"))
    else:
        people = list(people_for_list(**PeopleFilterForm(request.POST).wanted())[:MOST_IN_FILE])
    wanted = FileForm(request.POST).wanted
    detail = {"people": len(people), "ticked": bool(codes), "format": wanted}
    record_change(by=request.user, action="people.list", detail=detail)
    return _file("people", wanted, documents.people_file(people, wanted))


@require_POST
@for_coordinator
def learners_file(request: PersonRequest, code: str) -> HttpResponse:
    """Those who have or had a place in a group."""
    cohort = get_object_or_404(Cohort, code=code)
    enrollments = list(
        cohort.enrollments.filter(state__in=REGISTER_STATES).select_related("person").order_by("person__sort_key", "pk")
    )
    wanted = FileForm(request.POST).wanted
    detail = {"people": len(enrollments), "format": wanted}
    record_change(by=request.user, action="people.list", thing=cohort, detail=detail)
    return _file(f"learners-{cohort.code}", wanted, documents.learners_file(enrollments, wanted))


@require_POST
@for_coordinator
def mentors_file(request: PersonRequest) -> HttpResponse:
    mentors = list(mentors_with_facts(timezone.localdate()))
    wanted = FileForm(request.POST).wanted
    record_change(by=request.user, action="mentors.list", detail={"people": len(mentors), "format": wanted})
    return _file("mentors", wanted, documents.mentors_file(mentors, wanted))


@require_POST
@for_coordinator
def certificates_file(request: PersonRequest) -> HttpResponse:
    """Those of the status whose tab is open, or all."""
    today, status = timezone.localdate(), StatusForm(request.POST).wanted
    rows = certificates_with_people()
    certificates = list(rows.filter(with_status(status, today)) if status else rows)
    wanted = FileForm(request.POST).wanted
    detail = {"certificates": len(certificates), "status": status, "format": wanted}
    record_change(by=request.user, action="certificates.list", detail=detail)
    return _file("certificates", wanted, documents.certificates_file(certificates, today, wanted))


def _file(name: str, wanted: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{wanted}"'}
    return HttpResponse(content, content_type=documents.CONTENT_TYPES[wanted], headers=headers)
