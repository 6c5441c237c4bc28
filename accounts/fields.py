from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.rules.phones import parse_phone, show_phone
from accounts.validators import refuse_identity_code


class PhoneField(forms.CharField):
    """A phone number as people write it; cleaned to E.164, shown as people read it."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    default_error_messages = {"phone": _("Write the phone number like 040 123 4567 or +358 40 123 4567.")}

    def __init__(self, *, label: StrOrPromise, required: bool = True, help_text: StrOrPromise = "") -> None:
        super().__init__(max_length=40, label=label, required=required, help_text=help_text)

    def to_python(self, value: object) -> str:
        typed = super().to_python(value) or ""
        if not typed:
            return ""
        refuse_identity_code(typed)
        phone = parse_phone(typed)
        if phone is None:
            raise ValidationError(self.error_messages["phone"], code="phone")
        return phone

    def prepare_value(self, value: object) -> object:
        return show_phone(value) if isinstance(value, str) and value.startswith("+") else value
