from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import act_of_visitor
from accounts.selectors import contact_person_with_id
from courses.messaging.links import read_contact_stop_token
from courses.registry.services.consents import stop_contact_reminders


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contacts_stop(request: HttpRequest, token: str) -> HttpResponse:
    """A contact person wants no more reminders. It names neither them nor whom they help; getting them again takes a yes
    of that person, so that there is no way back here."""
    pk = read_contact_stop_token(token)
    contact = contact_person_with_id(pk) if pk is not None else None
    if contact is None:
        raise Http404
    if request.method == "POST":
        stop_contact_reminders(contact=contact, act=act_of_visitor())
        contact.refresh_from_db()
    is_stopped = contact.ended_at is not None or not contact.told_reminders
    return render(request, "courses/registry/public/contacts_stop.html", {"is_stopped": is_stopped})
