"""What every part of an application has in common."""

from collections.abc import Mapping
from typing import NamedTuple

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.rules.names import clean_name
from accounts.validators import validate_birth_year
from courses.enrolling.models import SupportNeeds

EMAIL_MISTAKE = _("There is a mistake in the address. Write it like aino@example.org.")


class Row(NamedTuple):
    """One answer, as a page lists it."""

    label: StrOrPromise
    value: StrOrPromise


class YearField(forms.IntegerField):
    """A year of birth. Two digits may be of this century or the last, so they are asked for again, kindly."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    default_error_messages = {"invalid": _("Write the year with four digits, for example 1948.")}

    def __init__(self, *, help_text: StrOrPromise) -> None:
        super().__init__(
            required=False, label=_("Year of birth"), validators=[validate_birth_year], help_text=help_text
        )

    def to_python(self, value: object) -> int | None:
        year = super().to_python(value)
        if year is not None and not 1000 <= year <= 9999:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return year


class PublicForm(forms.ModelForm):
    """A part of an application: `autocomplete` tells the browser of the person at it what to fill in.

    `may_stay_empty`: nobody need fill it in, but whoever begins has to fill in the whole of it.
    """

    autocomplete: Mapping[str, str] = {}

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        initial: dict[str, object] | None = None,
        instance: SupportNeeds | None = None,
        prefix: str | None = None,
        may_stay_empty: bool = False,
    ) -> None:
        super().__init__(
            data,
            initial=initial,
            instance=instance,
            prefix=prefix,
            empty_permitted=may_stay_empty,
            use_required_attribute=not may_stay_empty,
        )
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs["autocomplete"] = self.autocomplete.get(name, "off")
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def _name(self, field: str) -> str:
        name = clean_name(self.cleaned_data[field])
        if not name:
            raise forms.ValidationError(self.fields[field].error_messages["required"], code="required")
        return name

    def clean_first_name(self) -> str:
        return self._name("first_name")

    def clean_last_name(self) -> str:
        return self._name("last_name")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()
