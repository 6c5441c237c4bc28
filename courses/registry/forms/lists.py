from django import forms

from courses.certifying.enums import CertificateStatus
from courses.registry.documents import MAKERS


class FileForm(forms.Form):
    """As what a list is wanted; anything else is a CSV file."""

    format = forms.ChoiceField(choices=[(name, name.upper()) for name in MAKERS])

    @property
    def wanted(self) -> str:
        return self.cleaned_data["format"] if self.is_valid() else "csv"


class StatusForm(forms.Form):
    """Certificates of one status, or of all."""

    status = forms.ChoiceField(required=False, choices=CertificateStatus.choices)

    @property
    def wanted(self) -> str:
        return self.cleaned_data["status"] if self.is_valid() else ""
