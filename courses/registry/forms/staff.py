from collections.abc import Mapping
from typing import cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import Person
from accounts.rules.names import clean_name
from accounts.services.people import PersonData


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


class NewStaffForm(forms.ModelForm):
    """Somebody who is not on record yet, with their first roles. They sign in by their e-mail address."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=RoleName.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )

    class Meta:
        model = Person
        fields = ["first_name", "last_name", "email", "language"]
        help_texts = {"email": _("The code for signing in is sent to this address.")}
        widgets = {name: forms.TextInput(attrs={"autocomplete": "off"}) for name in ("first_name", "last_name")} | {
            "email": forms.EmailInput(attrs={"autocomplete": "off"})
        }

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["first_name"].error_messages["required"] = _("Write the first name.")
        self.fields["last_name"].error_messages["required"] = _("Write the last name.")
        self.fields["email"].required = True
        self.fields["email"].error_messages["required"] = _("Write the e-mail address.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("first_name", "last_name", css_class="pair"), Div("email", "language", css_class="pair"), "roles"
        )

    def clean_first_name(self) -> str:
        return self._name("first_name")

    def clean_last_name(self) -> str:
        return self._name("last_name")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    @property
    def data_of_person(self) -> PersonData:
        return cast(PersonData, {name: self.cleaned_data[name] for name in self.Meta.fields})

    @property
    def chosen_roles(self) -> list[RoleName]:
        return [RoleName(role) for role in self.cleaned_data["roles"]]

    def _name(self, field: str) -> str:
        name = clean_name(self.cleaned_data[field])
        if not name:
            raise forms.ValidationError(self.fields[field].error_messages["required"], code="required")
        return name


class FindPersonForm(forms.Form):
    """Somebody who gets a first role."""

    q = forms.CharField(
        label=_("Find a person by name, phone, e-mail or code"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
