"""What a person has agreed to: seen by themselves, and taken back with one press."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import PersonRequest, act_of_visitor
from accounts.enums import ConsentPurpose
from accounts.exceptions import RuleError
from accounts.refusals import say_refusal
from accounts.selectors import consents_of, contact_people_of
from courses.registry.services.consents import end_contact_person, withdraw_consent
from courses.registry.wording import questions


@require_safe
def consents_list(request: PersonRequest) -> HttpResponse:
    return render(request, "courses/registry/learner/consents_list.html", {"consents": list(consents_of(request.user))})


@require_http_methods(["GET", "HEAD", "POST"])
def contacts_end(request: PersonRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(contact_people_of(request.user, timezone.localdate()), pk=pk)
    if request.method == "POST":
        try:
            end_contact_person(contact=contact, act=act_of_visitor())
        except RuleError as error:
            say_refusal(request, error, level=messages.INFO)
        else:
            messages.success(request, _("Your contact person is told nothing any more."))
        return redirect("learner:home")
    context = {
        "layout": "layouts/learner.html",
        **questions.end_own_contact(contact)._asdict(),
        "cancel_url": reverse("learner:home"),
    }
    return render(request, "confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def consents_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """The no to what is arranged. A contact person has a page of their own; the course is left by phone."""
    consent = get_object_or_404(consents_of(request.user), pk=pk, purpose=ConsentPurpose.SUPPORT)
    if request.method == "POST":
        try:
            withdraw_consent(consent=consent, act=act_of_visitor())
        except RuleError as error:
            say_refusal(request, error, level=messages.INFO)
        else:
            messages.success(request, _("We have deleted what we noted for you."))
        return redirect("learner:consents-list")
    context = {
        "layout": "layouts/learner.html",
        **questions.withdraw_own_support()._asdict(),
        "cancel_url": reverse("learner:consents-list"),
    }
    return render(request, "confirm.html", context)
