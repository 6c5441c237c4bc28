from collections.abc import Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import HowAsked, Relation
from accounts.fields import PhoneField
from accounts.forms.asked import ASKED_HERE
from accounts.forms.consents import SAY_YES, ReadAloud, said_yes_field
from accounts.models import ContactPerson
from accounts.rules.fingerprints import fingerprint
from accounts.rules.names import clean_name
from accounts.services.contacts import FIELDS, TOLD, ContactData, needs_new_consent
from courses.dates.fields import DayField

NOTIFIED_CHOICES = [
    ("told_reminders", _("Reminders of sessions")),
    ("told_changes", _("Changes and cancellations")),
    ("told_absences", _("Absences")),
]


class ContactForm(forms.ModelForm):
    """A contact person and the yes to them. `consent`: the words to read, in `language`."""

    phone = PhoneField(label=_("Phone"), required=False, help_text=_("A landline is fine for calls."))
    told = forms.MultipleChoiceField(
        label=_("What may they be told?"),
        choices=NOTIFIED_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what they may be told.")},
    )
    until = DayField(
        label=_("Until"),
        required=False,
        help_text=_("The last day. Empty: until they take it back."),
    )
    how_asked = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=[(how.value, how.label) for how in ASKED_HERE],
        widget=forms.RadioSelect,
        initial=HowAsked.PHONE,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ContactPerson
        fields = ["name", "relation", "phone", "email", "until"]
        labels = {"name": _("Name of the contact person"), "relation": _("Who are they?")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        consent: str,
        language: str,
        instance: ContactPerson | None = None,
    ) -> None:
        super().__init__(data, instance=instance)
        self.consent = consent
        # Taken now: validation writes what was typed into the instance.
        self.stored = {name: getattr(self.instance, name) for name in FIELDS} if self.instance.pk else {}
        self.fields["seen"].initial = self._seen()
        self.fields["told"].initial = [name for name in TOLD if getattr(self.instance, name)]
        self.fields["relation"] = forms.ChoiceField(
            label=_("Who are they?"),
            choices=[("", pgettext_lazy("relation", "Not told")), *Relation.choices],
            required=False,
        )
        self.fields["name"].error_messages["required"] = _("Write the name of the contact person.")
        self.fields["said_yes"] = said_yes_field()
        if self.stored:
            self.fields["said_yes"].help_text = _("Needed for another name, more to tell, or a longer time.")
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "seen",
            Div("name", "relation", css_class="pair"),
            Div("phone", "email", css_class="pair"),
            "told",
            "until",
            "how_asked",
            ReadAloud(consent, language),
            "said_yes",
        )

    @property
    def consent_text(self) -> str:
        """What was agreed to, empty without a yes."""
        return self.consent if self.cleaned_data["said_yes"] else ""

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, object]:
        super().clean()
        self._check_ways()
        self._check_until()
        if self.stored and self.cleaned_data.get("seen") != self._seen():
            self.add_error(
                None, _("Somebody else changed these details after you opened them. Open the page again and compare.")
            )
        if not self.errors and not self.cleaned_data["said_yes"] and self._takes_a_yes():
            self.add_error("said_yes", SAY_YES)
        return self.cleaned_data

    def _check_ways(self) -> None:
        cleaned, ways = self.cleaned_data, ("phone", "email")
        if not any(cleaned.get(way) or way in self.errors for way in ways):
            self.add_error("phone", _("Write a phone number or an e-mail address: one way to reach them is needed."))

    def _check_until(self) -> None:
        until = self.cleaned_data.get("until")
        if until and until < timezone.localdate():
            self.add_error("until", _("That day is over already. Choose a later day, or none."))

    def _takes_a_yes(self) -> bool:
        return not self.stored or needs_new_consent(ContactPerson(**self.stored), self.contact_data)

    @property
    def contact_data(self) -> ContactData:
        """For add_contact_person and change_contact_person."""
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "relation": cleaned["relation"],
            "phone": cleaned["phone"],
            "email": cleaned["email"],
            "told_reminders": "told_reminders" in cleaned["told"],
            "told_changes": "told_changes" in cleaned["told"],
            "told_absences": "told_absences" in cleaned["told"],
            "until": cleaned["until"],
        }

    def _seen(self) -> str:
        return fingerprint({name: str(value) for name, value in self.stored.items()}) if self.stored else ""
