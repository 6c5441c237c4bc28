from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField
from courses.catalogue.forms.texts import three_languages
from courses.catalogue.models import Centre


class CentreForm(forms.ModelForm):
    phone = PhoneField(label=_("Phone"), help_text=_("Stands on every page and in every message."))

    class Meta:
        model = Centre
        fields = [
            "name",
            "phone",
            "hours_fi",
            "hours_sv",
            "hours_en",
            "email",
            "street",
            "postal_code",
            "city",
            "signatory_name",
            "signatory_title_fi",
            "signatory_title_sv",
            "signatory_title_en",
            "certificate_prefix",
            "mentor_target",
        ]
        help_texts = {
            "certificate_prefix": _("New certificates only: what is issued keeps its number."),
            "mentor_target": _("The first page of a coordinator shows how far the way still is."),
        }
        widgets = {"mentor_target": forms.TextInput(attrs={"inputmode": "numeric"})}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Centre | None = None) -> None:
        super().__init__(data, instance=instance)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("The centre"), "name", Div("phone", "email", css_class="pair"), *three_languages("hours")),
            Fieldset(_("Address"), "street", Div("postal_code", "city", css_class="pair")),
            Fieldset(_("Certificates"), "signatory_name", *three_languages("signatory_title"), "certificate_prefix"),
            Fieldset(_("Aim"), "mentor_target"),
        )
