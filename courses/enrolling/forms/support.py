from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import HowAsked
from accounts.forms.asked import ASKED_HERE
from accounts.forms.consents import SAY_YES, ReadAloud, said_yes_field
from courses.enrolling.models import SupportNeeds
from courses.enrolling.rules.support import NeedsData


class SupportForm(forms.ModelForm):
    """What to arrange for one enrollment. `consent`: the words to read, in `language`; empty when the person's yes stands
    already."""

    how_asked = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=[(how.value, how.label) for how in ASKED_HERE],
        widget=forms.RadioSelect,
        initial=HowAsked.PHONE,
    )

    class Meta:
        model = SupportNeeds
        fields = ["hearing_loop", "wheelchair", "loan_device", "note"]
        widgets = {"note": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        consent: str,
        language: str,
        instance: SupportNeeds | None = None,
    ) -> None:
        super().__init__(data, instance=instance)
        self.consent = consent
        layout: list[str | ReadAloud] = ["hearing_loop", "wheelchair", "loan_device", "note", "how_asked"]
        if consent:
            self.fields["said_yes"] = said_yes_field()
            layout += [ReadAloud(consent, language), "said_yes"]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*layout)

    @property
    def needs(self) -> NeedsData:
        """For note_support_needs."""
        return {
            "hearing_loop": self.cleaned_data["hearing_loop"],
            "wheelchair": self.cleaned_data["wheelchair"],
            "loan_device": self.cleaned_data["loan_device"],
            "note": self.cleaned_data["note"],
        }

    @property
    def consent_text(self) -> str:
        """What was agreed to just now, empty without a yes."""
        return self.consent if self.cleaned_data.get("said_yes") else ""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        wanted = any(cleaned.get(name) for name in self.Meta.fields)
        if wanted and self.consent and not cleaned.get("said_yes"):
            self.add_error("said_yes", SAY_YES)
        return cleaned
