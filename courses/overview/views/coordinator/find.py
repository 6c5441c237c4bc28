from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, for_coordinator
from accounts.rules.codes import parse_person_code
from accounts.selectors import person_on_record
from courses.overview.forms import FindForm
from courses.overview.selectors.found import find as found_by


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def find(request: PersonRequest) -> HttpResponse:
    """The search beside the menu, as a page and while somebody types. Posted: names stay out of addresses and logs."""
    form = FindForm(request.POST)
    code = parse_person_code(form.text)
    person = person_on_record(code) if code and not request.htmx else None
    if person is not None:
        return redirect("coordinator:people-detail", person.code)
    context = {"q": form.text, "found": found_by(form.text, day=form.day(timezone.localdate()))}
    return render(request, "courses/overview/coordinator/find.html", context)
