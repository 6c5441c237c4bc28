from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import act_of_visitor
from accounts.exceptions import RuleError
from accounts.selectors import person_with_id
from courses.messaging.links import read_stop_token
from courses.messaging.selectors import stopped_rules
from courses.messaging.services.stops import resume_reminders, stop_reminders


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
            change(person=person, rule=rule, act=act_of_visitor())
        except RuleError:
            raise Http404 from None
    context = {"rule": rule, "is_stopped": rule in stopped_rules(person)}
    return render(request, "courses/messaging/public/reminders_stop.html", context)
