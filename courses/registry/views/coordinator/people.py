from typing import NamedTuple

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import HowAsked, PersonState
from accounts.exceptions import RuleError
from accounts.forms.people import PersonForm
from accounts.models import Person
from accounts.refusals import refuse, say_refusal
from accounts.rules.codes import parse_person_code
from accounts.selectors import DuplicateOnFile, duplicates_on_file, finds_more, person_on_record
from accounts.selectors.consents import consents_of, contact_people_of
from accounts.services.audit import record_change
from accounts.services.people import create_person, update_person
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.enrollments import open_enrollments_of
from courses.enrolling.selectors.support import support_needs_of
from courses.enrolling.wording.support import Arrangement, arrangements
from courses.registry.forms.people import PeopleFilterForm, PersonStateForm
from courses.registry.selectors.notes import changeable_notes
from courses.registry.selectors.people import (
    LOOK,
    certificates_of,
    enrollments_of,
    messages_of,
    people_for_list,
    planned_messages_of,
    with_enrollments,
)
from courses.registry.services.people import change_person_state, last_state_change, undo_person_state
from courses.registry.views.coordinator.merged_records import follows_merges
from courses.registry.views.coordinator.person_history import history_of, story_of
from courses.registry.views.pages import CappedPaginator
from courses.registry.wording import people as words

PER_PAGE = 50
SHORT_HISTORY = 20
LONG_HISTORY = 500


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def people_list(request: PersonRequest) -> HttpResponse:
    """The search is posted, page numbers of a search too: names and phones stay out of addresses and logs."""
    sent = request.POST if request.method == "POST" else request.GET
    filters = PeopleFilterForm(request.POST or None)
    wanted = filters.wanted()
    code = parse_person_code(wanted["text"])
    found = person_on_record(code) if code and not request.htmx else None
    if found is not None:
        return redirect("coordinator:people-detail", found.code)
    paginator = CappedPaginator(people_for_list(**wanted), PER_PAGE)
    page = paginator.get_page(sent.get("page"))
    by_text_alone = [name for name, value in wanted.items() if value] == ["text"]
    context = {
        "filters": filters,
        "page_obj": page,
        "more": paginator.more or (by_text_alone and finds_more(wanted["text"])),
        "rows": with_enrollments(page.object_list),
        "filtered": any(wanted.values()),
    }
    return render(request, "courses/registry/coordinator/people_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def people_create(request: PersonRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        duplicates = _unconfirmed_duplicates(request, form)
        if duplicates:
            return _ask_about_duplicates(request, form, duplicates)
        person = create_person(act=act_of(request, HowAsked(form.cleaned_data["how_asked"])), **form.data_of_person)
        messages.success(
            request, _("%(name)s is on record. The own code is %(code)s.") % {"name": person, "code": person.code}
        )
        return redirect("coordinator:people-detail", person.code)
    return render(request, "courses/registry/coordinator/people_edit.html", {"form": form})


@require_safe
@for_coordinator
@follows_merges
def people_detail(request: PersonRequest, code: str) -> HttpResponse:
    """The one page whose opening is written down (docs/adr/0006-looks-are-recorded.md)."""
    person = get_object_or_404(Person.objects.select_related("district", "mentor"), code=code)
    whole, looks = request.GET.get("history") == "all", request.GET.get("looks") == "1"
    history = history_of(person, LONG_HISTORY if whole or looks else SHORT_HISTORY, looks=looks)
    context = {
        "person": person,
        "enrollments": enrollments_of(person),
        "certificates": certificates_of(person),
        "person_messages": messages_of(person),
        "history": history,
        "story": story_of(history[: LONG_HISTORY if whole or looks else SHORT_HISTORY]),
        "changeable": changeable_notes((event.note for event in history if event.note), request.user, timezone.now()),
        "whole": whole,
        "looks": looks,
        "undoable": last_state_change(person),
        "contact_people": list(contact_people_of(person, timezone.localdate())),
        "support": _support_of(request.user, person),
        "consents": list(consents_of(person)),
        "today": timezone.localdate(),
    }
    record_change(by=request.user, action=LOOK, subject=person)
    return render(request, "courses/registry/coordinator/people_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
@follows_merges
def people_edit(request: PersonRequest, code: str) -> HttpResponse:
    person = get_object_or_404(_on_record(), code=code)
    name = person.full_name
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        duplicates = _unconfirmed_duplicates(request, form)
        if duplicates:
            return _ask_about_duplicates(request, form, duplicates)
        try:
            update_person(
                person=person,
                act=act_of(request, HowAsked(form.cleaned_data["how_asked"])),
                seen=form.stored,
                **form.data_of_person,
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The details are saved."))
            return redirect("coordinator:people-detail", code)
    return render(
        request,
        "courses/registry/coordinator/people_edit.html",
        {"form": form, "person": person, "name": name, "code": code},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
@follows_merges
def people_state(request: PersonRequest, code: str, state: str) -> HttpResponse:
    """Deceased, moved, paused or active again; the page says first what that means."""
    person = get_object_or_404(_on_record(), code=code)
    if state not in PersonState.values or state == PersonState.ANONYMIZED:
        raise Http404
    to_state = PersonState(state)
    form = PersonStateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        how_asked = HowAsked(form.cleaned_data["how_asked"])
        try:
            change_person_state(person=person, to_state=to_state, act=act_of(request, how_asked))
        except RuleError as error:
            refuse(form, error)
        else:
            undo = reverse("coordinator:people-undo", args=[code])
            messages.success(request, words.state_done(person, to_state), extra_tags=undo)
            return redirect("coordinator:people-detail", code)
    context = {
        "title": words.state_question(person, to_state),
        "consequences": words.state_consequences(to_state, open_enrollments_of(person), planned_messages_of(person)),
        "form": form,
        "action": words.state_action(to_state),
        "cancel_url": reverse("coordinator:people-detail", args=[code]),
    }
    return render(request, "confirm.html", context)


@require_POST
@for_coordinator
@follows_merges
def people_undo(request: PersonRequest, code: str) -> HttpResponse:
    person = get_object_or_404(_on_record(), code=code)
    try:
        reopened = undo_person_state(person=person, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
    else:
        messages.success(request, _("The change is undone."))
        for reason in reopened.refused:
            messages.warning(request, reason)
    return redirect("coordinator:people-detail", code)


class SupportIn(NamedTuple):
    """What is to be arranged for somebody in one of their groups."""

    enrollment: Enrollment
    arrangements: list[Arrangement]


def _support_of(user: Person, person: Person) -> list[SupportIn]:
    needs = support_needs_of(user, person)
    return [
        SupportIn(enrollment, arrangements(needs[enrollment.pk]) if enrollment.pk in needs else [])
        for enrollment in open_enrollments_of(person)
    ]


def _on_record() -> QuerySet[Person]:
    return Person.objects.exclude(state=PersonState.ANONYMIZED)


def _unconfirmed_duplicates(request: PersonRequest, form: PersonForm) -> list[DuplicateOnFile]:
    """Asked once, before saving; of a change only when it touches what people are told apart by."""
    telling = ("first_name", "last_name", "birth_year", "phone", "email")
    if "somebody_else" in request.POST or not set(telling) & set(form.changed_data):
        return []
    exclude = form.instance if form.instance.pk else None
    return duplicates_on_file(**{name: form.cleaned_data[name] for name in telling}, exclude=exclude)


def _ask_about_duplicates(request: PersonRequest, form: PersonForm, duplicates: list[DuplicateOnFile]) -> HttpResponse:
    rows = with_enrollments([duplicate.person for duplicate in duplicates])
    context = {
        "form": form,
        "rows": [(row.person, duplicate.why, row.enrollment) for row, duplicate in zip(rows, duplicates, strict=True)],
        "new": form.instance.pk is None,
    }
    return render(request, "courses/registry/coordinator/people_duplicates.html", context)
