from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from courses.catalogue.forms.texts import three_languages
from courses.scheduling.models import Venue


class VenueForm(forms.ModelForm):
    class Meta:
        model = Venue
        fields = [
            "name_fi",
            "name_sv",
            "name_en",
            "street",
            "postal_code",
            "city",
            "district",
            "directions_fi",
            "directions_sv",
            "directions_en",
        ]
        widgets = {f"directions_{language}": forms.Textarea(attrs={"rows": 4}) for language in ("fi", "sv", "en")}

    def __init__(self, data: Mapping[str, object] | None = None, *, instance: Venue | None = None) -> None:
        super().__init__(data, instance=instance)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *three_languages("name"),
            Div("street", "postal_code", "city", "district", css_class="pair"),
            *three_languages("directions"),
        )
