"""Who applies, how they are reached, and who comes along."""

from collections.abc import Mapping

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.enums import Channel, Language
from accounts.fields import PhoneField
from accounts.models import Person
from accounts.rules.phones import takes_text_messages
from accounts.services.people import PersonData
from accounts.wording.addresses import address_line
from courses.enrolling.forms.applications.public import EMAIL_MISTAKE, PublicForm, Row, YearField

CHANNELS = [
    (Channel.EMAIL, _("E-mail")),
    (Channel.SMS, _("Text message (not yet: until then by e-mail or by phone)")),
    (Channel.LETTER, _("Letter to my home")),
    (Channel.CALL, _("Phone call")),
]
CONTACT_FIELDS = ("channel", "email", "phone", "street", "postal_code", "city")


class YouForm(PublicForm):
    """Who applies."""

    birth_year = YearField(help_text=_("Four digits, for example 1948. We never ask for the personal identity code."))
    autocomplete = {"first_name": "given-name", "last_name": "family-name", "birth_year": "bday-year"}

    class Meta:
        model = Person
        fields = ["first_name", "last_name", "birth_year", "language"]
        widgets = {"language": forms.RadioSelect}
        labels = {"language": _("In which language do we write to you?")}
        error_messages = {
            "first_name": {"required": _("Write your first name.")},
            "last_name": {"required": _("Write your last name.")},
            "language": {"required": _("Choose the language.")},
        }

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        language = get_language() or Language.FINNISH
        self.fields["language"].initial = language if language in Language else Language.FINNISH

    def rows(self) -> list[Row]:
        cleaned = self.cleaned_data
        return [
            Row(_("Name"), f"{cleaned['first_name']} {cleaned['last_name']}"),
            Row(_("Year of birth"), str(cleaned["birth_year"] or _("Not given"))),
            Row(_("Language"), Language(cleaned["language"]).label),
        ]


class ContactForm(PublicForm):
    """How the person is reached: one way is enough, and it has to fit the way that was chosen.

    An application asks only what that way needs (`reach` of calm.css); whoever corrects one sees all that is on record.
    """

    asked_by_choice = ("email", "phone", "street", "postal_code", "city")

    channel = forms.ChoiceField(
        label=_("How do you want to hear from us?"),
        choices=CHANNELS,
        widget=forms.RadioSelect,
        help_text=_("You can change this later."),
        error_messages={"required": _("Choose how we tell you about the course.")},
    )
    phone = PhoneField(
        label=_("Phone"), required=False, help_text=_("For text messages and calls. For example 040 123 4567")
    )
    autocomplete = {
        "email": "email",
        "phone": "tel",
        "street": "street-address",
        "postal_code": "postal-code",
        "city": "address-level2",
    }

    class Meta:
        model = Person
        fields = ["email", "street", "postal_code", "city"]
        widgets = {"postal_code": forms.TextInput(attrs={"inputmode": "numeric"})}
        help_texts = {
            "email": _("For messages by e-mail. For example aino@example.org"),
            "street": _("For letters."),
        }
        error_messages = {"email": {"invalid": EMAIL_MISTAKE}}

    def __init__(self, data: Mapping[str, object] | None = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.helper.layout = Layout(
            Div(
                "channel",
                Div("email", css_class="by-email"),
                Div("phone", css_class="by-phone"),
                Div("street", Div("postal_code", "city", css_class="pair"), css_class="by-letter"),
                css_class="reach" if initial is None else "",
            )
        )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        match cleaned.get("channel"):
            case Channel.EMAIL:
                self._ask_for("email", _("Write your e-mail address, or choose another way above."))
            case Channel.SMS:
                self._ask_for("phone", _("Write your phone number, or choose another way above."))
                self._refuse_landline()
            case Channel.CALL:
                self._ask_for("phone", _("Write your phone number, or choose another way above."))
            case Channel.LETTER:
                self._ask_for("street", _("A letter needs your street address."))
                self._ask_for("postal_code", _("A letter needs the postal code."))
                self._ask_for("city", _("A letter needs the town."))
        return cleaned

    def _ask_for(self, field: str, words: StrOrPromise) -> None:
        """Not said twice when what was typed has a mistake of its own."""
        if not self.cleaned_data.get(field) and field not in self.errors:
            self.add_error(field, words)

    def _refuse_landline(self) -> None:
        phone = self.cleaned_data.get("phone")
        if phone and not takes_text_messages(phone):
            self.add_error(
                "phone",
                _("Text messages do not reach a landline. Write a mobile number, or choose a phone call above."),
            )

    @property
    def data_of_person(self) -> PersonData:
        cleaned = self.cleaned_data
        data = {name: cleaned[name] for name in CONTACT_FIELDS}
        return PersonData(**data, second_channel=second_way(cleaned))  # type: ignore[typeddict-item]  # cleaned

    def rows(self) -> list[Row]:
        return self._rows(self.cleaned_data)

    def stored_rows(self) -> list[Row]:
        """The same of what is on record."""
        return self._rows(self.initial)

    def _rows(self, cleaned: Mapping[str, str]) -> list[Row]:
        given = {
            _("We tell you by"): Channel(cleaned["channel"]).label,
            _("E-mail"): cleaned["email"],
            _("Phone"): self.fields["phone"].prepare_value(cleaned["phone"]),
            _("Address"): address_line(cleaned["street"], cleaned["postal_code"], cleaned["city"]),
        }
        return [Row(label, str(value or _("Not given"))) for label, value in given.items()]


class CompanionForm(PublicForm):
    """Somebody who comes along. Without contact details of their own they are reached as the applicant is."""

    birth_year = YearField(help_text=_("Four digits, for example 1948."))
    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = Person
        fields = ["first_name", "last_name", "birth_year", "email"]
        error_messages = {
            "first_name": {"required": _("Write the first name of the one who comes with you.")},
            "last_name": {"required": _("Write the last name of the one who comes with you.")},
            "email": {"invalid": EMAIL_MISTAKE},
        }

    def __init__(self, data: Mapping[str, object] | None = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix, may_stay_empty=True)
        self.helper.layout = Layout(
            Div("first_name", "last_name", css_class="pair"), "birth_year", Div("phone", "email", css_class="pair")
        )

    def data_of_person(self, first: PersonData) -> PersonData:
        """`first`: the applicant, whose language it is, and whose contact details when none are given."""
        cleaned = self.cleaned_data
        own = {name: cleaned[name] for name in ("first_name", "last_name", "birth_year")}
        if not cleaned["phone"] and not cleaned["email"]:
            return PersonData(**{**first, **own})  # type: ignore[typeddict-item]  # cleaned
        reached = {"phone": cleaned["phone"], "email": cleaned["email"]}
        reached["channel"] = Channel.EMAIL if cleaned["email"] else by_phone(cleaned["phone"])
        second = second_way(reached)
        return PersonData(**own, **reached, second_channel=second, language=first["language"])  # type: ignore[typeddict-item]  # cleaned

    @property
    def full_name(self) -> str:
        return f"{self.cleaned_data['first_name']} {self.cleaned_data['last_name']}"


def by_phone(phone: str) -> Channel:
    return Channel.SMS if takes_text_messages(phone) else Channel.CALL


def second_way(reached: Mapping[str, str]) -> str:
    """What is tried when the chosen way does not work, from what else was given."""
    ways = []
    if reached.get("phone"):
        ways.append(by_phone(reached["phone"]))
        ways.append(Channel.CALL)
    if reached.get("email"):
        ways.append(Channel.EMAIL)
    if reached.get("street") and reached.get("postal_code") and reached.get("city"):
        ways.append(Channel.LETTER)
    return next((way for way in ways if way != reached["channel"]), "")
