from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.exceptions import RuleError
from accounts.models import District
from accounts.refusals import say_refusal
from courses.scheduling.forms.districts import DistrictForm
from courses.scheduling.rules.districts import ESPOO
from courses.scheduling.selectors.districts import districts_with_use
from courses.scheduling.services.districts import (
    add_espoo_districts,
    create_district,
    remove_district,
    update_district,
)


@require_safe
@for_coordinator
def districts_list(request: PersonRequest) -> HttpResponse:
    """A city has few: all on one page."""
    districts = list(districts_with_use())
    espoo_missing = not ESPOO.keys() <= {district.name for district in districts}
    context = {"districts": districts, "espoo_missing": espoo_missing, "espoo": ESPOO}
    return render(request, "courses/scheduling/coordinator/districts_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def districts_create(request: PersonRequest) -> HttpResponse:
    form = DistrictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        create_district(act=act_of(request), **form.cleaned_data)
        messages.success(request, _("The district is saved."))
        return redirect("coordinator:districts-list")
    return render(request, "courses/scheduling/coordinator/districts_edit.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def districts_edit(request: PersonRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    name = str(district)
    form = DistrictForm(request.POST or None, instance=district)
    if request.method == "POST" and form.is_valid():
        update_district(district=district, act=act_of(request), **form.cleaned_data)
        messages.success(request, _("The district is saved."))
        return redirect("coordinator:districts-list")
    context = {"form": form, "name": name, "district": district}
    return render(request, "courses/scheduling/coordinator/districts_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def districts_remove(request: PersonRequest, pk: int) -> HttpResponse:
    district = get_object_or_404(District, pk=pk)
    if request.method == "POST":
        try:
            remove_district(district=district, act=act_of(request))
        except RuleError as error:
            say_refusal(request, error)
        else:
            messages.success(request, _("The district is taken away."))
        return redirect("coordinator:districts-list")
    context = {
        "title": _("Take the district %(name)s away?") % {"name": district},
        "consequences": [_("It can be chosen no more. A district that people or venues are in stays.")],
        "action": _("Take the district away"),
        "cancel_url": reverse("coordinator:districts-list"),
    }
    return render(request, "confirm.html", context)


@require_POST
@for_coordinator
def districts_espoo(request: PersonRequest) -> HttpResponse:
    count = add_espoo_districts(act=act_of(request))
    words = ngettext("%(number)s district is added.", "%(number)s districts are added.", count)
    messages.success(request, words % {"number": count})
    return redirect("coordinator:districts-list")
