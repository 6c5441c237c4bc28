"""Contact people on a person's page: added with the yes that was just given, changed, ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import ConsentPurpose, HowAsked, PersonState
from accounts.exceptions import RuleError
from accounts.forms.consents import AskedForm
from accounts.models import ContactPerson, Person
from accounts.refusals import refuse
from accounts.selectors import consents_of, contact_people_of
from accounts.services.contacts import add_contact_person, change_contact_person
from accounts.wording.consents import consent_text
from courses.catalogue.selectors.centre import centre_facts
from courses.registry.forms.contacts import ContactForm
from courses.registry.services.consents import end_contact_person, withdraw_consent
from courses.registry.wording import questions


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def contacts_create(request: PersonRequest, code: str) -> HttpResponse:
    person = _person(code)
    form = ContactForm(request.POST or None, consent=_read_aloud(person), language=person.language)
    if request.method == "POST" and form.is_valid():
        try:
            add_contact_person(
                person=person,
                data=form.contact_data,
                consent_text=form.consent_text,
                act=act_of(request, HowAsked(form.cleaned_data["how_asked"])),
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The contact person is on record, with the consent."))
            return redirect("coordinator:people-detail", code)
    return render(request, "courses/registry/coordinator/contacts_edit.html", {"form": form, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def contacts_edit(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    person = _person(code)
    contact = _contact(person, pk)
    form = ContactForm(request.POST or None, instance=contact, consent=_read_aloud(person), language=person.language)
    if request.method == "POST" and form.is_valid():
        try:
            change_contact_person(
                contact=contact,
                data=form.contact_data,
                consent_text=form.consent_text,
                seen=form.stored,
                act=act_of(request, HowAsked(form.cleaned_data["how_asked"])),
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The details are saved."))
            return redirect("coordinator:people-detail", code)
    return render(
        request, "courses/registry/coordinator/contacts_edit.html", {"form": form, "person": person, "contact": contact}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def contacts_end(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    person = _person(code)
    contact = _contact(person, pk)
    form = AskedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_contact_person(contact=contact, act=act_of(request, HowAsked(form.cleaned_data["how_asked"])))
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The contact person is told nothing any more."))
            return redirect("coordinator:people-detail", code)
    context = {
        **questions.end_contact(contact, person)._asdict(),
        "form": form,
        "cancel_url": reverse("coordinator:people-detail", args=[code]),
    }
    return render(request, "confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def consents_withdraw(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """The no to support needs. A contact person is ended by name; the course itself is left by withdrawing."""
    person = _person(code)
    consent = get_object_or_404(consents_of(person), pk=pk, purpose=ConsentPurpose.SUPPORT)
    form = AskedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_consent(consent=consent, act=act_of(request, HowAsked(form.cleaned_data["how_asked"])))
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The consent is withdrawn, and the support needs are deleted."))
            return redirect("coordinator:people-detail", code)
    context = {
        **questions.withdraw_support(person)._asdict(),
        "form": form,
        "cancel_url": reverse("coordinator:people-detail", args=[code]),
    }
    return render(request, "confirm.html", context)


def _read_aloud(person: Person) -> str:
    """In the language that is spoken with the person, not the one of the screen."""
    with override(person.language):
        return consent_text(ConsentPurpose.CONTACT, centre_facts())


def _person(code: str) -> Person:
    """Nobody is told for somebody who has died or was erased."""
    return get_object_or_404(
        Person.objects.exclude(state__in=[PersonState.DECEASED, PersonState.ANONYMIZED]), code=code
    )


def _contact(person: Person, pk: int) -> ContactPerson:
    return get_object_or_404(contact_people_of(person, timezone.localdate()), pk=pk)
