from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import PersonRequest, for_roles
from accounts.enums import RoleName
from accounts.rules.retention import SHOWN_DAYS_BEFORE
from courses.registry.forms.retention import KINDS, DueKindForm
from courses.registry.selectors.retention import counts_due, named_due
from courses.registry.wording.retention import lines_due, named_lines

PER_PAGE = 50


@require_safe
@for_roles(RoleName.COORDINATOR, RoleName.ADMINISTRATOR)
def retention_list(request: PersonRequest) -> HttpResponse:
    """What will have gone in a week: how much of each kind, and whose."""
    at = timezone.now() + timedelta(days=SHOWN_DAYS_BEFORE)
    kind = DueKindForm(request.GET).kind()
    page = Paginator(named_due(kind, at=at), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "until": timezone.localdate(at),
        "lines": lines_due(counts_due(at=at)),
        "kind": kind,
        "kinds": KINDS,
        "page_obj": page,
        "rows": named_lines(kind, page.object_list),
    }
    return render(request, "courses/registry/coordinator/retention_list.html", context)
