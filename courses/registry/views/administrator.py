from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, act_of, for_administrator
from accounts.enums import PersonState, RoleName
from accounts.exceptions import RuleError
from accounts.models import Person
from accounts.refusals import refuse
from accounts.selectors import DuplicateOnFile, duplicates_on_file, search_people, staff
from accounts.services.people import add_staff, change_staff
from courses.registry.forms.staff import FindPersonForm, NewStaffForm, StaffForm
from courses.registry.wording import questions

MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrator
def staff_list(request: PersonRequest) -> HttpResponse:
    """Everybody with a role; the search is for somebody who gets a first one."""
    find = FindPersonForm(request.POST or None)
    found = search_people(find.cleaned_data["q"])[:MOST_FOUND] if find.is_valid() else None
    return render(
        request, "courses/registry/administrator/staff_list.html", {"staff": staff(), "find": find, "found": found}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrator
def staff_create(request: PersonRequest) -> HttpResponse:
    """Somebody who is not on record yet; who is much alike is shown before saving."""
    form = NewStaffForm(request.POST or None)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        alike = [] if "somebody_else" in request.POST else _alike(form)
        if alike:
            context = {"form": form, "alike": alike}
            return render(request, "courses/registry/administrator/staff_duplicates.html", context)
        person = add_staff(roles=form.chosen_roles, act=act_of(request), **form.data_of_person)
        messages.success(request, _("%(name)s is added and can sign in by e-mail.") % {"name": person})
        return redirect("administrator:staff-list")
    return render(request, "courses/registry/administrator/staff_create.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrator
def staff_edit(request: PersonRequest, code: str) -> HttpResponse:
    """The roles of one person: chosen, read once more in words, then changed."""
    person = get_object_or_404(Person.objects.exclude(state=PersonState.ANONYMIZED), code=code)
    form = StaffForm(request.POST) if request.method == "POST" else StaffForm.of(person)
    if request.method == "POST" and form.is_valid():
        changes = _changes(person, form)
        if changes and not form.cleaned_data["confirmed"]:
            return _ask(request, person, form, changes)
        try:
            change_staff(
                person=person,
                roles=[RoleName(role) for role in form.cleaned_data["roles"]],
                may_sign_in=form.cleaned_data["may_sign_in"],
                act=act_of(request),
            )
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The roles are saved.") if changes else _("Nothing was changed."))
            return redirect("administrator:staff-list")
    return render(request, "courses/registry/administrator/staff_edit.html", {"person": person, "form": form})


def _alike(form: NewStaffForm) -> list[DuplicateOnFile]:
    data = form.data_of_person
    return duplicates_on_file(
        first_name=data["first_name"], last_name=data["last_name"], birth_year=None, phone="", email=data["email"]
    )


def _changes(person: Person, form: StaffForm) -> list[str]:
    data = form.cleaned_data
    return questions.role_changes(person, roles=data["roles"], may_sign_in=data["may_sign_in"])


def _ask(request: PersonRequest, person: Person, form: StaffForm, changes: list[str]) -> HttpResponse:
    context = {
        **questions.change_roles(person, changes)._asdict(),
        "form": form.carried_on(),
        "cancel_url": reverse("administrator:staff-list"),
    }
    return render(request, "confirm.html", context)
