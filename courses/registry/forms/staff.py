from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import Person


class StaffForm(forms.Form):
    """Roles of one person. `confirmed` is set by the page that says first what will change."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=RoleName.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    may_sign_in = forms.BooleanField(
        label=_("May sign in"), required=False, help_text=_("Taking this away ends every session at once.")
    )
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, person: Person) -> "StaffForm":
        return cls(initial={"roles": sorted(person.roles), "may_sign_in": person.is_active})

    def carried_on(self) -> "StaffForm":
        """The same choices in hidden fields, for the page that asks whether they are meant."""
        hidden = StaffForm({**self.cleaned_data, "confirmed": "1"})
        hidden.fields["roles"].widget = forms.MultipleHiddenInput()
        hidden.fields["may_sign_in"].widget = forms.HiddenInput()
        return hidden


class FindPersonForm(forms.Form):
    """Somebody who gets a first role."""

    q = forms.CharField(
        label=_("Find a person by name, phone, e-mail or code"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
