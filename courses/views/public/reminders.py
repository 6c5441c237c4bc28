from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.enums import HowAsked
from accounts.selectors import contact_person_with_id, person_with_id
from courses.channels.stoplinks import read_contact_stop_token, read_stop_token
from courses.exceptions import RuleError
from courses.selectors.messages import stopped_rules
from courses.services.consents import stop_contact_reminders
from courses.services.messages import resume_reminders, stop_reminders


# The mail program itself presses the button (RFC 8058), without a cookie; the signed link is what proves the right.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reminders_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stops one kind of reminder by the link of a mail, or lets it come again. It shows no name: mails get forwarded."""
    known = read_stop_token(token)
    if known is None:
        raise Http404
    person, rule = person_with_id(known[0]), known[1]
    if person is None:
        raise Http404
    if request.method == "POST":
        change = resume_reminders if "resume" in request.POST else stop_reminders
        try:
            change(person=person, rule=rule, how_asked=HowAsked.WEB, at=timezone.now())
        except RuleError:
            raise Http404 from None
    context = {"rule": rule, "is_stopped": rule in stopped_rules(person)}
    return render(request, "courses/public/reminders_stop.html", context)


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
        stop_contact_reminders(contact=contact, at=timezone.now())
        contact.refresh_from_db()
    is_stopped = contact.ended_at is not None or not contact.told_reminders
    return render(request, "courses/public/contacts_stop.html", {"is_stopped": is_stopped})
