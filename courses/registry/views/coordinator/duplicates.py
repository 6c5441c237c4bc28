"""Records that may be one person: the likely pairs, two side by side, one made of both, two told apart."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import PersonRequest, act_of, for_coordinator
from accounts.enums import PersonState
from accounts.exceptions import RuleError
from accounts.models import Person, ToldApart
from accounts.refusals import refuse, say_refusal
from accounts.rules.codes import parse_person_code
from accounts.selectors import DuplicateOnFile, duplicates_on_file, person_on_record, search_people
from accounts.selectors.candidates import duplicate_candidates
from accounts.services.audit import record_change
from accounts.services.merges import take_back_told_apart, tell_apart
from courses.registry.forms.merges import CandidatesAfterForm, MergeForm, OtherRecordForm
from courses.registry.selectors.merges import Comparison, candidates_told_apart, compare
from courses.registry.selectors.people import LOOK, with_enrollments
from courses.registry.services.merges import merge_people, merge_refusals
from courses.registry.views.coordinator.merged_records import follows_merges
from courses.registry.wording import questions
from courses.registry.wording.merges import lines_of

PER_PAGE = 50
FOUND = 20


@require_safe
@for_coordinator
def people_pairs(request: PersonRequest) -> HttpResponse:
    form = CandidatesAfterForm(request.GET)
    after = form.cleaned_data["after"] if form.is_valid() else None
    found = duplicate_candidates(limit=PER_PAGE + 1, after=after)
    pairs = found[:PER_PAGE]
    context = {"pairs": pairs, "last": pairs[-1] if len(found) > PER_PAGE else None, "is_first": after is None}
    return render(request, "courses/registry/coordinator/people_pairs.html", context)


@require_safe
@for_coordinator
def people_apart(request: PersonRequest) -> HttpResponse:
    page = Paginator(candidates_told_apart(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/registry/coordinator/people_apart.html", {"page_obj": page})


@require_POST
@for_coordinator
def people_apart_undo(request: PersonRequest, pk: int) -> HttpResponse:
    told = get_object_or_404(ToldApart.objects.select_related("first", "second"), pk=pk)
    try:
        take_back_told_apart(told=told, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
        return redirect("coordinator:people-apart")
    messages.success(request, _("It is taken back: the two may be one person again."))
    return redirect("coordinator:people-compare", told.first.code, told.second.code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
@follows_merges
def people_merge(request: PersonRequest, code: str) -> HttpResponse:
    """With which other record? Searched for by POST, as on the list: names stay out of addresses."""
    person = get_object_or_404(Person.objects.exclude(state=PersonState.ANONYMIZED), code=code)
    form = OtherRecordForm(request.POST or None)
    rows = []
    if request.method == "POST" and form.is_valid():
        typed = parse_person_code(form.cleaned_data["q"])
        other = person_on_record(typed) if typed else None
        if other is not None and other.pk != person.pk:
            return redirect("coordinator:people-compare", person.code, other.code)
        rows = with_enrollments(search_people(form.cleaned_data["q"]).exclude(pk=person.pk)[:FOUND])
    elif request.method != "POST":
        rows = with_enrollments([duplicate.person for duplicate in _alike(person)[:FOUND]])
    context = {"person": person, "form": form, "rows": rows, "searched": form.is_bound}
    return render(request, "courses/registry/coordinator/people_merge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinator
def people_compare(request: PersonRequest, first: str, second: str) -> HttpResponse:
    """Side by side; what is chosen is reviewed first, and made one only from the review."""
    one, another = _records(first, second)
    if one.pk == another.pk:
        return _one_already(request, one, twice=first == second)
    comparison = compare(one, another)
    form = MergeForm(request.POST or None, comparison=comparison, lines=lines_of(comparison))
    if request.method == "POST" and form.data.get("seen") != comparison.seen:
        messages.warning(
            request, _("Something changed on one of the records while you were looking. Look at both again.")
        )
        return redirect("coordinator:people-compare", first, second)
    if request.method == "POST":
        following = _after_choosing(request, form)
        if following is not None:
            return following
    else:
        for person in (one, another):
            record_change(by=request.user, action=LOOK, subject=person)
    return render(request, "courses/registry/coordinator/people_compare.html", _side_by_side(comparison, form))


@require_POST
@for_coordinator
def people_apart_create(request: PersonRequest, first: str, second: str) -> HttpResponse:
    one, another = _records(first, second)
    try:
        tell_apart(first=one, second=another, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
        return redirect("coordinator:people-pairs")
    messages.success(
        request,
        _("%(first)s and %(second)s are two people. They are not shown as a likely pair any more.")
        % {"first": one.code, "second": another.code},
    )
    return redirect("coordinator:people-pairs")


def _records(first: str, second: str) -> tuple[Person, Person]:
    found = person_on_record(first), person_on_record(second)
    if found[0] is None or found[1] is None:
        raise Http404
    return found[0], found[1]


def _one_already(request: PersonRequest, person: Person, *, twice: bool) -> HttpResponse:
    words = _("That is one record twice.") if twice else _("These two records have been made one already.")
    messages.warning(request, words)
    return redirect("coordinator:people-detail", person.code)


def _after_choosing(request: PersonRequest, form: MergeForm) -> HttpResponse | None:
    """The review, or the page of the one record; None when the form has something to say first."""
    if not form.is_valid():
        return _review(request, form, form.hide_all_but_the_tick()) if set(form.errors) == {"sure"} else None
    refusals = merge_refusals(form.comparison, gone=form.gone.person)
    if refusals:
        refuse(form, RuleError(refusals))
        return None
    if form.cleaned_data["step"] == "merge":
        return _merge(request, form)
    return _review(request, form, form.for_review())


def _review(request: PersonRequest, form: MergeForm, shown: MergeForm) -> HttpResponse:
    one, another = (side.person.code for side in form.comparison.sides)
    context = {
        **questions.merge(form.comparison, form.kept, form.gone, form.chosen_sides)._asdict(),
        "lead": _("This cannot be undone. Read what will happen."),
        "form": shown,
        "cancel_url": reverse("coordinator:people-compare", args=[one, another]),
    }
    return render(request, "confirm.html", context)


def _merge(request: PersonRequest, form: MergeForm) -> HttpResponse:
    kept, gone = form.kept.person, form.gone.person
    try:
        merge_people(
            kept=kept, gone=gone, fields=form.fields_of_gone, act=act_of(request), seen=form.cleaned_data["seen"]
        )
    except RuleError as error:
        say_refusal(request, error)
        return redirect("coordinator:people-compare", kept.code, gone.code)
    messages.success(
        request,
        _("The two records are one now. The old code %(old)s leads here.") % {"old": gone.code},
    )
    return redirect("coordinator:people-detail", kept.code)


def _side_by_side(comparison: Comparison, form: MergeForm) -> dict[str, object]:
    one, another = comparison.sides
    why = next((duplicate.why for duplicate in _alike(one.person) if duplicate.person.pk == another.person.pk), ())
    return {
        "comparison": comparison,
        "first": one,
        "second": another,
        "lines": form.lines,
        "form": form,
        "why": why,
        "refusals": merge_refusals(comparison, gone=comparison.other(comparison.default).person),
    }


def _alike(person: Person) -> list[DuplicateOnFile]:
    """Who else on record may be this person."""
    return duplicates_on_file(
        first_name=person.first_name,
        last_name=person.last_name,
        birth_year=person.birth_year,
        phone=person.phone,
        email=person.email,
        exclude=person,
    )
