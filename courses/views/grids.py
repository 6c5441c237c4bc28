"""Completions of a group: the grid, and a plain form for each thing that is recorded. For trainer and coordinator alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import Assessment, Declaration, ModuleKind
from courses.exceptions import RuleError, StaleEdit
from courses.forms.completions import FILLS, PracticeForm, RecordForm, choice_to_result
from courses.models import Cohort, Module
from courses.rules.completion import CompletionRule, Practice
from courses.selectors.cohorts import cohort_frame
from courses.selectors.completions import Standing, standings_of_cohort
from courses.services.mentoring import record_visits, undo_visits
from courses.services.recording import record_assessment, record_module_results, sign_declarations, undo_recorded
from courses.views.access import PersonRequest
from courses.views.refusals import refuse


@dataclass(frozen=True)
class Part:
    """One thing that is recorded for a group. `slug` is its place in the address: `module-M5`, `practice`."""

    kind: str
    slug: str
    name: str
    key: Any = None


def grid_page(request: PersonRequest, cohort: Cohort, actor: str) -> HttpResponse:
    """Who has which module, and what is missing; each column leads to its form."""
    standings = standings_of_cohort(cohort, timezone.now())
    modules = list(standings[0].modules) if standings else list(cohort.course.modules.order_by("order"))
    context = {
        "cohort": cohort,
        "frame": cohort_frame(cohort),
        "standings": standings,
        "modules": [(module, _passed(standings, place)) for place, module in enumerate(modules)],
        "parts": _other_parts(cohort, modules),
        "ready": sum(standing.may_be_decided and standing.completion is None for standing in standings),
        "proposed": sum(standing.proposed for standing in standings),
        "actor": actor,
    }
    return render(request, f"courses/{actor}/completions_grid.html", context)


def record_page(request: PersonRequest, cohort: Cohort, what: str, actor: str) -> HttpResponse:
    """The form of one module, assessment or declaration for the whole group, or an occasion of practice."""
    standings = standings_of_cohort(cohort, timezone.now())
    modules = list(cohort.course.modules.order_by("order"))
    parts = _parts(cohort, modules)
    part = next((part for part in parts if part.slug == what), None)
    if part is None:
        raise Http404
    context = {"cohort": cohort, "part": part, "parts": parts, "standings": standings, "actor": actor}
    if part.kind == "practice":
        return _practice(request, cohort, context)
    form = RecordForm(request.POST or None, kind=part.kind, key=part.key, standings=standings)
    rows = None
    if request.method == "POST" and form.is_valid():
        try:
            saved_at = _save(cohort, part, form, "fill" in request.POST, request)
        except StaleEdit as stale:
            conflicts = {conflict.cell[0]: conflict for conflict in stale.conflicts}
            fresh = standings_of_cohort(cohort, timezone.now())
            form = RecordForm(kind=part.kind, key=part.key, standings=fresh)
            rows = list(form.rows(conflicts))
            messages.warning(request, stale.reasons[0])
        except RuleError as error:
            refuse(form, error)
        else:
            undo = reverse(f"{actor}:completions-undo", args=[cohort.code, part.kind, saved_at])
            messages.success(request, _("Saved: %(name)s.") % {"name": part.name}, extra_tags=undo)
            return redirect(f"{actor}:completions-grid", cohort.code)
    context |= {"form": form, "rows": list(form.rows()) if rows is None else rows, "fill": FILLS[part.kind]}
    return render(request, f"courses/{actor}/completions_record.html", context)


def record_undo(request: PersonRequest, cohort: Cohort, kind: str, saved_at: datetime, actor: str) -> HttpResponse:
    if kind not in (*FILLS, "practice"):
        raise Http404
    try:
        if kind == "practice":
            undo_visits(cohort=cohort, saved_at=saved_at, by=request.user)
        else:
            undo_recorded(cohort=cohort, kind=kind, saved_at=saved_at, by=request.user)
    except RuleError as error:
        messages.error(request, " ".join(error.reasons))
    else:
        messages.success(request, _("Undone. It stands as it did before."))
    return redirect(f"{actor}:completions-grid", cohort.code)


def _practice(request: PersonRequest, cohort: Cohort, context: dict[str, Any]) -> HttpResponse:
    actor = context["actor"]
    form = PracticeForm(request.POST or None, standings=context["standings"])
    if request.method == "POST" and form.is_valid():
        try:
            visits = record_visits(
                cohort=cohort,
                visits=form.visits(),
                visited_on=form.cleaned_data["visited_on"],
                place=form.cleaned_data["place"],
                by=request.user,
            )
        except RuleError as error:
            refuse(form, error)
        else:
            if visits:
                words = ngettext("%(count)d visit is recorded.", "%(count)d visits are recorded.", len(visits))
                undo = reverse(f"{actor}:completions-undo", args=[cohort.code, "practice", visits[0].recorded_at])
                messages.success(request, words % {"count": len(visits)}, extra_tags=undo)
                return redirect(f"{actor}:completions-grid", cohort.code)
            form.add_error(None, _("Write the minutes of at least one person."))
    return render(request, f"courses/{actor}/completions_record.html", context | {"form": form})


def _save(cohort: Cohort, part: Part, form: RecordForm, fill: bool, request: PersonRequest) -> datetime:
    choices, seen, by = form.choices(fill), form.seen(), request.user
    match part.kind:
        case "module":
            return record_module_results(
                cohort=cohort,
                results={(pk, part.key): choice_to_result(choice) for pk, choice in choices.items()},
                seen={(pk, part.key): row for pk, row in seen.items()},
                by=by,
            )
        case "assessment":
            results = {pk: None if choice == "none" else choice for pk, choice in choices.items()}
            return record_assessment(cohort=cohort, assessment=part.key, results=results, seen=seen, by=by)
    signed = {pk: choice == "signed" for pk, choice in choices.items()}
    return sign_declarations(cohort=cohort, declaration=part.key, signed=signed, seen=seen, by=by)


def _parts(cohort: Cohort, modules: Sequence[Module]) -> list[Part]:
    return [
        *(Part("module", f"module-{module.code}", str(module), module.pk) for module in modules),
        *_other_parts(cohort, modules),
    ]


def _other_parts(cohort: Cohort, modules: Sequence[Module]) -> list[Part]:
    """What the rule asks for besides modules."""
    rule = CompletionRule.from_json(cohort.course.completion_rule)
    parts = [
        *(Part("assessment", f"assessment-{code}", _label(Assessment, code), code) for code in rule.assessments),
        *(Part("declaration", f"declaration-{code}", _label(Declaration, code), code) for code in rule.declarations),
    ]
    if rule.practice != Practice() or any(module.kind == ModuleKind.PRACTICE for module in modules):
        parts.append(Part("practice", "practice", _("Practice")))
    return parts


def _label(choices: type[Assessment] | type[Declaration], code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def _passed(standings: Sequence[Standing], place: int) -> int:
    return sum(standing.cells[place].state in ("passed", "made_up") for standing in standings)
