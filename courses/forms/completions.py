"""What is recorded by hand for a whole group at once: one choice for each person."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.validators import refuse_identity_code
from courses.enums import Result
from courses.selectors.completions import Standing

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


class RecordForm(forms.Form):
    """Fields by enrollment id: `r-1` the choice, `seen-1` the id of the row that the editor saw (0 for none).

    `kind` is module, assessment or declaration; `key` the module's id or the code.
    """

    def __init__(self, *args: Any, standings: Iterable[Standing], kind: str, key: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.key = kind, key
        self.standings = list(standings)
        choices = {"module": MODULE_CHOICES, "assessment": ASSESSMENT_CHOICES}.get(kind, DECLARATION_CHOICES)
        for standing in self.standings:
            pk = standing.enrollment.pk
            value, row = self._stands(standing)
            self.fields[f"r-{pk}"] = forms.ChoiceField(
                label=standing.enrollment.person.list_name, choices=choices, required=False, initial=value
            )
            self.fields[f"seen-{pk}"] = forms.IntegerField(min_value=0, required=False, initial=row.pk if row else 0)

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each person with the choices and what is chosen."""
        return [
            {
                "standing": standing,
                "pk": standing.enrollment.pk,
                "choices": self.fields[f"r-{standing.enrollment.pk}"].choices,
                "value": self[f"r-{standing.enrollment.pk}"].value() or "",
                "seen": self[f"seen-{standing.enrollment.pk}"].value() or 0,
            }
            for standing in self.standings
        ]

    def changed_results(self) -> dict[int, str]:
        """Enrollment id to the new choice, of those that the editor changed."""
        changed = {}
        for standing in self.standings:
            pk = standing.enrollment.pk
            value, _row = self._stands(standing)
            chosen = self.cleaned_data[f"r-{pk}"]
            if chosen != value or (self.cleaned_data[f"seen-{pk}"] or 0) != (_row.pk if _row else 0):
                changed[pk] = chosen
        return changed

    def seen(self, pks: Iterable[int]) -> Mapping[int, int | None]:
        return {pk: self.cleaned_data[f"seen-{pk}"] or None for pk in pks}

    def _stands(self, standing: Standing) -> tuple[str, Any]:
        if self.kind == "assessment":
            row = standing.assessments.get(self.key)
            return (row.result if row else ""), row
        if self.kind == "declaration":
            signed = standing.declarations.get(self.key)
            return ("signed" if signed else ""), signed
        result = next((cell.result for cell in standing.cells if cell.module.pk == self.key), None)
        if result is None:
            return "", None
        return (MADE_UP if result.made_up and result.result == Result.PASSED else result.result), result


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
