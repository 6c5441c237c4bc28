from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort
from courses.selectors.cohorts import enrolling_cohorts


class CohortChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, cohort: Cohort) -> str:
        return f"{cohort.name} · {cohort.code}"


class RosterUploadForm(forms.Form):
    file = forms.FileField(
        label=_("The list as a file"),
        help_text=_("CSV or Excel (XLSX), at most 5 MB and 20,000 people. It is only looked at first."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,text/csv"}),
        error_messages={"required": _("Choose the file.")},
    )
    cohort = CohortChoiceField(
        label=_("Group"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=_("As the list says"),
        help_text=_("For the rows that name no group."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = enrolling_cohorts()
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout("file", "cohort")
