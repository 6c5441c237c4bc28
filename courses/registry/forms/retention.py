from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = [
    ("people", _("People")),
    ("applications", _("Applications without a place")),
    ("support_needs", _("Support needs")),
    ("certificates", _("Certificates")),
]


class DueKindForm(forms.Form):
    """Which of the kinds that are about people is shown by name."""

    show = forms.ChoiceField(choices=KINDS, required=False)

    def kind(self) -> str:
        return (self.is_valid() and self.cleaned_data["show"]) or "people"
