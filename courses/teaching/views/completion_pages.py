"""Completions of a cohort: the same pages for the trainer, who proposes, and the coordinator, who decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import PersonRequest, act_of
from accounts.exceptions import RuleError, StaleEdit
from accounts.refusals import refuse, say_refusal
from courses.catalogue.enums import Assessment, Declaration, ModuleKind
from courses.catalogue.models import Module
from courses.catalogue.rules import CompletionRule
from courses.enrolling.models import Enrollment
from courses.scheduling.models import Cohort
from courses.teaching.forms.completions import MADE_UP, ChosenForm, GradeForm, VisitForm
from courses.teaching.models import Visit
from courses.teaching.selectors.completions import Cell, Standing, standings_of_cohort
from courses.teaching.services.grades import (
    grade_assessment,
    grade_modules,
    sign_declarations,
    undo_grades,
)
from courses.teaching.services.visits import VisitTold, record_visit, revoke_visit
from courses.teaching.wording import missing_sentences


class GridRow(NamedTuple):
    """One learner. `sentences` say what is missing."""

    standing: Standing
    cells: Sequence[Cell]
    sentences: Sequence[str]


class Column(NamedTuple):
    """An assessment or a declaration that the rule asks for. `key` is its code."""

    kind: str
    key: str
    title: str


class Subject(NamedTuple):
    """What is recorded for a whole group: a module by its id, an assessment or a declaration by its code."""

    title: str
    key: int | str


def grid_page(
    request: PersonRequest, cohort: Cohort, actor: str, extra: dict[str, object] | None = None
) -> HttpResponse:
    """Learner by module, and for each person done or exactly what is missing, in words."""
    judged = standings_of_cohort(cohort, timezone.now())
    modules = _shown_modules(cohort, judged)
    context = {
        "cohort": cohort,
        "modules": modules,
        "rows": [GridRow(standing, _cells(standing, modules), missing_sentences(standing)) for standing in judged],
        "columns": _columns(cohort),
        "passed": _passed(judged, modules),
        "proposed": sum(standing.proposed for standing in judged),
        "ready": sum(standing.may_be_decided and not standing.decided for standing in judged),
        "decided": sum(standing.decided for standing in judged),
    }
    return render(request, f"courses/teaching/{actor}/completions_grid.html", context | (extra or {}))


def grade_page(request: PersonRequest, cohort: Cohort, kind: str, key: str, actor: str) -> HttpResponse:
    """One module, assessment or declaration for the whole group. What clashes comes back; the rest is saved."""
    title, value = _subject(cohort, kind, key)
    judged = standings_of_cohort(cohort, timezone.now())
    form = GradeForm(request.POST if request.method == "POST" else None, standings=judged, kind=kind, key=value)
    conflicts = []
    if request.method == "POST" and form.is_valid():
        try:
            saved_at = _save(request, cohort, kind, value, form)
        except StaleEdit as stale:
            say_refusal(request, stale, level=messages.WARNING, conflicts=False)
            conflicts = stale.conflicts
            judged = standings_of_cohort(cohort, timezone.now())
            form = GradeForm(standings=judged, kind=kind, key=value)
        except RuleError as error:
            refuse(form, error)
        else:
            undo = reverse(f"{actor}:completions-undo", args=[cohort.code, kind, saved_at])
            messages.success(request, _("Saved: %(title)s.") % {"title": title}, extra_tags=undo)
            return redirect(f"{actor}:completions-grid", cohort.code)
    context = {"cohort": cohort, "form": form, "rows": form.rows(conflicts), "title": title, "kind": kind}
    return render(request, f"courses/teaching/{actor}/completions_record.html", context)


def practice_page(request: PersonRequest, cohort: Cohort, pk: int, actor: str) -> HttpResponse:
    """The practice of one learner: the visits so far, and a new one."""
    enrollment = get_object_or_404(cohort.enrollments.select_related("person", "cohort__course"), pk=pk)
    form = VisitForm(request.POST if request.method == "POST" else None, initial={"visited_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            record_visit(enrollment=enrollment, told=VisitTold(**form.cleaned_data), act=act_of(request))
        except RuleError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The visit is recorded."))
            return redirect(request.path)
    visits = enrollment.visits.filter(revoked_at__isnull=True).order_by("-visited_on", "-pk")
    context = {
        "cohort": cohort,
        "enrollment": enrollment,
        "form": form,
        "visits": visits,
        "practice": CompletionRule.from_json(cohort.course.completion_rule).practice,
    }
    return render(request, f"courses/teaching/{actor}/completions_practice.html", context)


def visit_take_back(request: PersonRequest, cohort: Cohort, pk: int, actor: str) -> HttpResponse:
    visit = get_object_or_404(Visit, pk=pk, enrollment__cohort=cohort, revoked_at__isnull=True)
    revoke_visit(visit=visit, act=act_of(request))
    messages.success(request, _("The visit is taken back."))
    return redirect(f"{actor}:completions-practice", cohort.code, visit.enrollment_id)


def undo_page(request: PersonRequest, cohort: Cohort, kind: str, saved_at: datetime, actor: str) -> HttpResponse:
    if kind not in ("module", "assessment", "declaration"):
        raise Http404
    try:
        undo_grades(cohort=cohort, kind=kind, saved_at=saved_at, act=act_of(request))
    except RuleError as error:
        say_refusal(request, error)
    else:
        messages.success(request, _("Undone. Everything stands as it did before."))
    return redirect(f"{actor}:completions-grid", cohort.code)


def chosen_enrollments(request: PersonRequest, cohort: Cohort) -> list[Enrollment]:
    """Those ticked, or the one whose button was pressed; with the button for all, everyone who meets the rule."""
    if "all" in request.POST:
        judged = standings_of_cohort(cohort, timezone.now())
        return [standing.enrollment for standing in judged if standing.may_be_decided and not standing.decided]
    form = ChosenForm(request.POST)
    form.is_valid()
    return list(cohort.enrollments.filter(pk__in=form.chosen()))


def _shown_modules(cohort: Cohort, judged: list[Standing]) -> list[Module]:
    """Practice has a column of its own, so its module is left out while nobody has a result in it."""
    recorded = {cell.module.pk for standing in judged for cell in standing.cells if cell.result}
    modules = cohort.course.modules.order_by("order")
    return [module for module in modules if module.kind != ModuleKind.PRACTICE or module.pk in recorded]


def _cells(standing: Standing, modules: list[Module]) -> list[Cell]:
    return [cell for cell in standing.cells if cell.module in modules]


def _passed(judged: Sequence[Standing], modules: Sequence[Module]) -> list[int]:
    """How many have passed each of `modules`."""
    passed = [cell.module.pk for standing in judged for cell in standing.cells if cell.state in ("passed", "made_up")]
    return [passed.count(module.pk) for module in modules]


def _columns(cohort: Cohort) -> list[Column]:
    """What the rule asks for beside modules."""
    rule = CompletionRule.from_json(cohort.course.completion_rule)
    columns = [Column("assessment", code, str(Assessment(code).label)) for code in rule.assessments]
    return columns + [Column("declaration", code, str(Declaration(code).label)) for code in rule.declarations]


def _subject(cohort: Cohort, kind: str, key: str) -> Subject:
    if kind == "module":
        module = next((module for module in cohort.course.modules.all() if str(module.pk) == key), None)
        if module:
            return Subject(str(module), module.pk)
    for column_kind, code, title in _columns(cohort):
        if (column_kind, code) == (kind, key):
            return Subject(title, code)
    raise Http404


def _save(request: PersonRequest, cohort: Cohort, kind: str, key: int | str, form: GradeForm) -> datetime:
    changed = form.changed_results(fill="fill" in request.POST)
    seen = form.seen(changed)
    if isinstance(key, int):
        return grade_modules(
            cohort=cohort,
            results={(pk, key): _result(choice) for pk, choice in changed.items()},
            seen={(pk, key): row for pk, row in seen.items()},
            act=act_of(request),
        )
    if kind == "assessment":
        results = {pk: choice or None for pk, choice in changed.items()}
        return grade_assessment(cohort=cohort, assessment=key, results=results, seen=seen, act=act_of(request))
    signed = {pk: bool(choice) for pk, choice in changed.items()}
    return sign_declarations(cohort=cohort, declaration=key, signed=signed, seen=seen, act=act_of(request))


def _result(choice: str) -> tuple[str, bool] | None:
    if not choice:
        return None
    return ("passed", True) if choice == MADE_UP else (choice, False)
