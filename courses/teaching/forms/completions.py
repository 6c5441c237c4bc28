"""What is recorded by hand for a whole group at once: one choice for each person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

from accounts.ids import IdField, IdsField
from accounts.models import Person
from accounts.validators import refuse_identity_code
from courses.teaching.enums import Result, ResultSource
from courses.teaching.models import AssessmentResult, ModuleResult, SignedDeclaration
from courses.teaching.selectors.completions import Standing

Recorded = ModuleResult | AssessmentResult | SignedDeclaration

MADE_UP = "made_up"
MODULE_CHOICES = [
    ("", pgettext_lazy("result", "No result")),
    (Result.PASSED, pgettext_lazy("result", "Passed")),
    (MADE_UP, pgettext_lazy("result", "Made up")),
    (Result.FAILED, pgettext_lazy("result", "Failed")),
]
ASSESSMENT_CHOICES = [MODULE_CHOICES[0], MODULE_CHOICES[1], MODULE_CHOICES[3]]
DECLARATION_CHOICES = [
    ("", pgettext_lazy("declaration", "Not signed")),
    ("signed", pgettext_lazy("declaration", "Signed")),
]


class RecordClash(Protocol):
    """One cell that somebody else filled differently meanwhile: (enrollment id, module id or code), and _choice's values."""

    @property
    def cell(self) -> tuple[int, object]: ...
    @property
    def mine(self) -> tuple[object, ...] | None: ...
    @property
    def theirs(self) -> tuple[object, ...] | None: ...
    @property
    def by(self) -> Person | None: ...
    @property
    def at(self) -> datetime: ...


@dataclass
class GradeRow:
    """One person on the page: what is chosen, where it came from, and what somebody else chose meanwhile."""

    standing: Standing
    choice: str
    seen: str
    derived: bool
    theirs: str | StrPromise = ""
    theirs_by: str = ""
    theirs_at: datetime | None = None

    @property
    def pk(self) -> int:
        return self.standing.enrollment.pk


class GradeForm(forms.Form):
    """Fields by enrollment id: `r-1` the choice, `seen-1` the row and the choice that the editor saw (`12:passed`, `:`).

    `kind` is module, assessment or declaration; `key` the module's id or the code.
    """

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        standings: Iterable[Standing],
        kind: str,
        key: int | str,
    ) -> None:
        super().__init__(data)
        self.kind, self.key = kind, key
        self.standings = list(standings)
        self.choices = {"module": MODULE_CHOICES, "assessment": ASSESSMENT_CHOICES}.get(kind, DECLARATION_CHOICES)
        self.usual = "signed" if kind == "declaration" else str(Result.PASSED)
        for standing in self.standings:
            pk = standing.enrollment.pk
            self.fields[f"r-{pk}"] = forms.ChoiceField(
                label=standing.enrollment.person.list_name, choices=self.choices, required=False
            )
            self.fields[f"seen-{pk}"] = forms.RegexField(r"^[0-9]{0,18}:\w*$", required=False)

    def changed_results(self, *, fill: bool = False) -> dict[int, str]:
        """Enrollment id to the new choice, of those that the editor changed; `fill`: whoever has none gets the usual one."""
        changed = {}
        for standing in self.standings:
            pk = standing.enrollment.pk
            chosen = self.cleaned_data[f"r-{pk}"] or (self.usual if fill else "")
            if chosen != self._seen(pk)[1]:
                changed[pk] = chosen
        return changed

    def seen(self, pks: Iterable[int]) -> dict[int, int | None]:
        return {pk: self._seen(pk)[0] for pk in pks}

    def rows(self, clashes: Iterable[RecordClash] = ()) -> list[GradeRow]:
        """For the template. Of a clash the editor's own choice stays chosen, and the other's is named."""
        clashing = {clash.cell[0]: clash for clash in clashes}
        return [self._row(standing, clashing.get(standing.enrollment.pk)) for standing in self.standings]

    def _row(self, standing: Standing, clash: RecordClash | None) -> GradeRow:
        pk = standing.enrollment.pk
        value, stands = self._stands(standing)
        row = GradeRow(
            standing=standing,
            choice=self.data.get(f"r-{pk}", "") if self.is_bound else value,
            seen=self.data.get(f"seen-{pk}", "") if self.is_bound else f"{stands.pk if stands else ''}:{value}",
            derived=getattr(stands, "source", "") == ResultSource.ATTENDANCE,
        )
        if clash:
            row.choice = _choice(clash.mine)
            row.theirs = dict(self.choices)[_choice(clash.theirs)]
            row.theirs_by = clash.by.full_name if clash.by else ""
            row.theirs_at = clash.at
        return row

    def _seen(self, pk: int) -> tuple[int | None, str]:
        row, _colon, value = self.cleaned_data[f"seen-{pk}"].partition(":")
        return (int(row) if row else None), value

    def _stands(self, standing: Standing) -> tuple[str, Recorded | None]:
        """The choice that stands for one person, and its row."""
        if self.kind == "assessment":
            assessment = standing.assessments.get(str(self.key))
            return (assessment.result if assessment else ""), assessment
        if self.kind == "declaration":
            signed = standing.declarations.get(str(self.key))
            return ("signed" if signed else ""), signed
        result = next((cell.result for cell in standing.cells if cell.module.pk == self.key), None)
        return (_choice((result.result, result.made_up)) if result else ""), result


def _choice(value: tuple[object, ...] | None) -> str:
    """The choice for what teaching.services.grades keeps: (result, made up), (result,), () for a signature, None for nothing."""
    if value is None:
        return ""
    if not value:
        return "signed"
    return MADE_UP if value == (Result.PASSED, True) else str(value[0])


class ChosenForm(forms.Form):
    """The people ticked in the grid, or the one whose own button was pressed."""

    enrollment = IdsField()
    one = IdField()

    def chosen(self) -> set[int]:
        """Ids of enrollments. The button goes before the ticks."""
        one = self.cleaned_data["one"]
        return {one} if one is not None else self.cleaned_data["enrollment"]


class VisitForm(forms.Form):
    """One visit of practice, recorded for a learner."""

    visited_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=600, initial=60)
    people_helped = forms.IntegerField(label=_("How many people were helped"), min_value=0, max_value=99, initial=1)
    place = forms.CharField(label=_("Place"), max_length=120, required=False, validators=[refuse_identity_code])
    supervised = forms.BooleanField(label=_("With a trainer or a pair"), required=False)
    helper = FormHelper()
    helper.form_tag = False


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Why is it taken back?"), max_length=200, validators=[refuse_identity_code])
    helper = FormHelper()
    helper.form_tag = False
