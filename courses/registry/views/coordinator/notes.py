"""What coordinators write down about a person: notes and phone calls, told in the person's story."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import PersonState
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.refusals import refuse
from courses.registry.enums import CallOutcome, NoteKind
from courses.registry.forms.notes import CallForm, NoteForm
from courses.registry.models import Note
from courses.registry.services.notes import add_note, change_note, delete_note, log_call
from courses.registry.views.coordinator.merged_records import follows_merges
from courses.registry.wording import questions

FORMS: dict[NoteKind, type[NoteForm | CallForm]] = {NoteKind.NOTE: NoteForm, NoteKind.CALL: CallForm}


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
@follows_merges
def notes_create(request: PersonRequest, code: str, kind: NoteKind) -> HttpResponse:
    """A note or, by another address, a phone call."""
    person = _person(code)
    form = FORMS[kind](request.POST or None, instance=Note(kind=kind))
    if request.method == "POST" and form.is_valid():
        text, act = form.cleaned_data["text"], act_of(request)
        try:
            if kind == NoteKind.CALL:
                log_call(person=person, outcome=CallOutcome(form.cleaned_data["outcome"]), text=text, act=act)
            else:
                add_note(person=person, text=text, act=act)
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("It is written down. You can change it for 24 hours."))
            return redirect(_story(person))
    return _form_page(request, form, person, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
@follows_merges
def notes_edit(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    person = _person(code)
    note = get_object_or_404(person.notes, pk=pk)
    kind = NoteKind(note.kind)
    form = FORMS[kind](request.POST or None, instance=note)
    if request.method == "POST" and form.is_valid():
        try:
            change_note(note=note, act=act_of(request), **form.cleaned_data)
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The note is changed."))
            return redirect(_story(person))
    return _form_page(request, form, person, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
@follows_merges
def notes_delete(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    person = _person(code)
    note = get_object_or_404(person.notes, pk=pk)
    if request.method == "POST":
        delete_note(note=note, act=act_of(request))
        messages.success(request, _("The note is deleted."))
        return redirect(_story(person))
    context = {**questions.delete_note(person)._asdict(), "lead": note.text, "cancel_url": _story(person)}
    return render(request, "confirm.html", context)


def _form_page(request: PersonRequest, form: NoteForm | CallForm, person: Person, kind: NoteKind) -> HttpResponse:
    context = {"form": form, "person": person, "is_call": kind == NoteKind.CALL, "cancel": _story(person)}
    return render(request, "courses/registry/coordinator/notes_edit.html", context)


def _person(code: str) -> Person:
    return get_object_or_404(Person.objects.exclude(state=PersonState.ANONYMIZED), code=code)


def _story(person: Person) -> str:
    return reverse("coordinator:people-detail", args=[person.code]) + "#history"
