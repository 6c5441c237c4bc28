from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from courses.scheduling.forms.venues import VenueForm
from courses.scheduling.models import Venue
from courses.scheduling.services.venues import create_venue, update_venue

PER_PAGE = 50


@require_safe
@for_coordinator
def venues_list(request: PersonRequest) -> HttpResponse:
    venues = Venue.objects.select_related("district").order_by("name_fi")
    page = Paginator(venues, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/scheduling/coordinator/venues_list.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def venues_create(request: PersonRequest) -> HttpResponse:
    form = VenueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        create_venue(act=act_of(request), **form.cleaned_data)
        messages.success(request, _("The venue is saved."))
        return redirect("coordinator:venues-list")
    return render(request, "courses/scheduling/coordinator/venues_edit.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def venues_edit(request: PersonRequest, pk: int) -> HttpResponse:
    venue = get_object_or_404(Venue, pk=pk)
    name = venue.name
    form = VenueForm(request.POST or None, instance=venue)
    if request.method == "POST" and form.is_valid():
        update_venue(venue=venue, act=act_of(request), **form.cleaned_data)
        messages.success(request, _("The venue is saved."))
        return redirect("coordinator:venues-list")
    return render(request, "courses/scheduling/coordinator/venues_edit.html", {"form": form, "name": name})
