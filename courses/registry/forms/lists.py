from django import forms

from courses.registry.documents import MAKERS


class FileForm(forms.Form):
    """As what a list is wanted; anything else is a CSV file."""

    format = forms.ChoiceField(choices=[(name, name.upper()) for name in MAKERS])

    @property
    def wanted(self) -> str:
        return self.cleaned_data["format"] if self.is_valid() else "csv"
