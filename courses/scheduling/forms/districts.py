from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import District
from accounts.rules.names import clean_name


class DistrictForm(forms.ModelForm):
    class Meta:
        model = District
        fields = ["name", "name_sv", "name_en"]
        help_texts = {"name": _("The name by which lists and records know the district.")}
        error_messages = {"name": {"unique": _("There is a district with this name already.")}}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: District | None = None) -> None:
        super().__init__(data, instance=instance)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Div("name", "name_sv", "name_en", css_class="trio"))

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_name_sv(self) -> str:
        return clean_name(self.cleaned_data["name_sv"])

    def clean_name_en(self) -> str:
        return clean_name(self.cleaned_data["name_en"])
