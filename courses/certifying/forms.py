from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ids import IdsField
from accounts.validators import refuse_identity_code


class CheckForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=60,
        help_text=_("It stands at the foot of the certificate, for example ESP-AIM-2027-0042."),
        error_messages={"required": _("Write the number of the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        validators=[refuse_identity_code],
        label=_("Name on the certificate"),
        max_length=170,
        required=False,
        help_text=_("We do not show names. Write it, and we say whether it is the one on the certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    helper = FormHelper()
    helper.form_tag = False


class CompareNameForm(forms.Form):
    name = forms.CharField(
        label=_("First name and last name"),
        max_length=170,
        error_messages={"required": _("Write the name that you want to compare.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    helper = FormHelper()
    helper.form_tag = False


class CertificatesDayForm(forms.Form):
    """The day whose certificates are asked for."""

    issued = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


class IssueForm(forms.Form):
    """The completions that were ticked, each to get a certificate."""

    completion = IdsField()


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the certificate revoked?"),
        max_length=200,
        help_text=_("Only staff see the reason. Write nothing about health."),
        error_messages={"required": _("Say why the certificate is revoked.")},
        validators=[refuse_identity_code],
    )
    helper = FormHelper()
    helper.form_tag = False
