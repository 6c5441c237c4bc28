from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, act_of, for_administrator
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.refusals import refuse
from courses.catalogue.forms.centre import CentreForm
from courses.catalogue.selectors.centre import the_centre
from courses.catalogue.services.centre import centre_fingerprint, update_centre


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrator
def centre_edit(request: PersonRequest, setup_of: Callable[[Person], object]) -> HttpResponse:
    """An administrator's first page. The URL table hands in `setup_of`: how far a new site is set up."""
    centre = the_centre()
    seen = centre_fingerprint(centre)
    form = CentreForm(request.POST or None, instance=centre)
    if request.method == "POST" and form.is_valid():
        try:
            update_centre(act=act_of(request), seen=request.POST.get("seen", ""), **form.cleaned_data)
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The centre's details are saved. Every page shows them now."))
            return redirect("administrator:centre-edit")
    context = {"form": form, "seen": seen, "setup": setup_of(request.user)}
    return render(request, "courses/catalogue/administrator/centre_edit.html", context)
