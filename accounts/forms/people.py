from collections.abc import Mapping
from typing import cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.enums import Channel, Gender, HowAsked
from accounts.fields import PhoneField
from accounts.forms.asked import ASKED_HERE
from accounts.models import Person
from accounts.rules.fingerprints import fingerprint
from accounts.rules.names import clean_name
from accounts.rules.phones import takes_text_messages
from accounts.selectors.consents import contact_people_of
from accounts.services.people import FIELDS, PersonData


class PersonForm(forms.ModelForm):
    """One person, in one short form. `seen` remembers what stood in the form when it was opened."""

    phone = PhoneField(label=_("Phone"), required=False)
    how_asked = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=[(how.value, how.label) for how in ASKED_HERE],
        widget=forms.RadioSelect,
        initial=HowAsked.PHONE,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Person
        fields = [
            "first_name",
            "last_name",
            "birth_year",
            "language",
            "phone",
            "email",
            "channel",
            "second_channel",
            "street",
            "postal_code",
            "city",
            "district",
            "gender",
            "protected",
        ]
        help_texts = {
            "birth_year": _("Four digits, for example 1948. The year is enough."),
            "email": _("Two people may share an address or a phone."),
        }
        labels = {"district": _("Part of the city")}
        widgets = {
            "birth_year": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            **{
                name: forms.TextInput(attrs={"autocomplete": "off"})
                for name in ("first_name", "last_name", "street", "postal_code", "city")
            },
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        instance: Person | None = None,
        initial: dict[str, object] | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, instance=instance, initial=initial, prefix=prefix)
        # Taken now: validation writes what was typed into the instance.
        self.stored = {name: getattr(self.instance, name) for name in FIELDS} if self.instance.pk else {}
        self.fields["seen"].initial = fingerprint(self._written(self.stored)) if self.stored else ""
        self.fields["first_name"].error_messages["required"] = _("Write the first name.")
        self.fields["last_name"].error_messages["required"] = _("Write the last name.")
        self.fields["gender"] = forms.ChoiceField(
            label=_("Gender"),
            choices=[("", pgettext_lazy("gender", "Not told")), *Gender.choices],
            required=False,
        )
        self.fields["district"].empty_label = pgettext_lazy("part of the city", "Not known")
        self.fields["birth_year"].error_messages["invalid"] = _("Write the year with four digits, for example 1948.")
        self.has_contact = bool(self.stored) and contact_people_of(self.instance, timezone.localdate()).exists()
        for name in ("channel", "second_channel"):
            self.fields[name] = self._way(name)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "seen",
            Div("first_name", "last_name", css_class="pair"),
            Div("birth_year", "language", css_class="pair"),
            Div("phone", "email", css_class="pair"),
            Div("channel", "second_channel", css_class="pair"),
            "street",
            Div("postal_code", "city", css_class="pair"),
            Div("district", "gender", css_class="pair"),
            "protected",
            "how_asked",
        )

    @property
    def data_of_person(self) -> PersonData:
        """For create_person and update_person."""
        return cast(PersonData, {name: self.cleaned_data[name] for name in FIELDS})

    def clean_first_name(self) -> str:
        return self._name("first_name")

    def clean_last_name(self) -> str:
        return self._name("last_name")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("protected"):
            cleaned |= dict.fromkeys(("street", "postal_code", "city"), "")
        for name in ("channel", "second_channel"):
            self._check_channel(cleaned.get(name, ""))
        if cleaned.get("second_channel") and cleaned.get("second_channel") == cleaned.get("channel"):
            self.add_error("second_channel", _("This is the first way already. Choose another or none."))
        if self.stored and cleaned.get("seen") != self.fields["seen"].initial:
            self.add_error(
                None, _("Somebody else changed these details after you opened them. Open the page again and compare.")
            )
        return cleaned

    def _check_channel(self, channel: str) -> None:
        """The address that a way needs."""
        match channel:
            case Channel.EMAIL:
                self._ask_for("email", _("Write the e-mail address, or choose another way to reach them."))
            case Channel.SMS:
                self._ask_for("phone", _("Write the phone number, or choose another way to reach them."))
                self._refuse_landline()
            case Channel.CALL:
                self._ask_for("phone", _("Write the phone number, or choose another way to reach them."))
            case Channel.LETTER:
                self._check_letter()

    def _check_letter(self) -> None:
        if self.cleaned_data.get("protected"):
            self._say(
                "protected", _("No address is stored under a safety ban, so no letter can go. Choose another way.")
            )
        elif self._lacks("street"):
            self._say("street", _("A letter needs the street, the postal code and the town."))
        else:
            self._ask_for("postal_code", _("A letter needs the postal code too."))

    def _refuse_landline(self) -> None:
        phone = self.cleaned_data.get("phone")
        if phone and not takes_text_messages(phone):
            self._say("phone", _("A landline gets no text messages. Choose a phone call or a letter."))

    def _ask_for(self, field: str, words: StrOrPromise) -> None:
        if self._lacks(field):
            self._say(field, words)

    def _lacks(self, field: str) -> bool:
        return not self.cleaned_data.get(field) and field not in self.errors

    def _say(self, field: str, words: StrOrPromise) -> None:
        """Not twice when the field itself has a mistake."""
        if field not in self.errors:
            self.add_error(field, words)

    def _name(self, field: str) -> str:
        name = clean_name(self.cleaned_data[field])
        if not name:
            raise forms.ValidationError(_("Write the name."), code="required")
        return name

    def _way(self, field: str) -> forms.ChoiceField:
        """Through a contact person only where there is one; whoever was brought with that way keeps it."""
        kept, first = getattr(self.instance, field), field == "channel"
        choices = [(way.value, way.label) for way in Channel if way != Channel.CONTACT]
        if kept == Channel.CONTACT or self.has_contact:
            choices.append((Channel.CONTACT.value, Channel.CONTACT.label))
        return forms.ChoiceField(
            label=_("How we reach them") if first else _("If that does not work"),
            choices=choices if first else [("", pgettext_lazy("second way", "None")), *choices],
            required=first,
            help_text=_(
                "Nobody needs a phone or e-mail. A letter or a call is as good. Text messages do not leave yet: whoever wants "
                "them gets e-mail, or else a call."
            )
            if first
            else "",
        )

    @staticmethod
    def _written(values: Mapping[str, object]) -> dict[str, str]:
        return {name: str(value) for name, value in values.items()}
