from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, for_coordinator
from courses.scheduling.models import Session
from courses.teaching.selectors.attendance import with_place
from courses.teaching.views.registers import register_guest, register_page, register_print, register_undo


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def attendance_register(request: PersonRequest, pk: int) -> HttpResponse:
    return register_page(request, _session(pk), "coordinator")


@require_POST
@for_coordinator
def attendance_undo(request: PersonRequest, pk: int, version: int) -> HttpResponse:
    return register_undo(request, _session(pk), version, "coordinator")


@require_POST
@for_coordinator
def attendance_guest(request: PersonRequest, pk: int) -> HttpResponse:
    return register_guest(request, _session(pk), "coordinator")


@require_safe
@for_coordinator
def attendance_print(request: PersonRequest, pk: int) -> HttpResponse:
    return register_print(request, _session(pk))


def _session(pk: int) -> Session:
    return get_object_or_404(with_place(Session.objects.all()), pk=pk)
