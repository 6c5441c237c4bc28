"""The questions of an application on the web: three pages, then a review. Field names are those of the models."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel, Language
from accounts.fields import PhoneField
from accounts.models import Person
from accounts.rules.names import clean_name
from accounts.rules.phones import takes_text_messages
from accounts.services.people import PersonData
from accounts.validators import refuse_identity_code, validate_birth_year
from courses.enrolling.enums import WithdrawalReason
from courses.enrolling.models import Enrollment, SupportNeeds

CHANNELS = [
    (Channel.EMAIL, _("E-mail")),
    (Channel.SMS, _("Text message")),
    (Channel.LETTER, _("Letter to my home")),
    (Channel.CALL, _("Phone call")),
]
CONTACT_FIELDS = ("channel", "email", "phone", "street", "postal_code", "city")
MOST_COMPANIONS = 3
# Label and value, as a page lists them.
Rows = list[tuple[object, object]]
EMAIL_MISTAKE = _("There is a mistake in the address. Write it like aino@example.org.")


class YearField(forms.IntegerField):
    """A year of birth. Two digits may be of this century or the last, so they are asked for again, kindly."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    default_error_messages = {"invalid": _("Write the year with four digits, for example 1948.")}

    def __init__(self, **options: Any) -> None:
        label = _("Year of birth")
        super().__init__(required=False, label=label, validators=[validate_birth_year], **options)

    def to_python(self, value: Any) -> int | None:
        year = super().to_python(value)
        if year is not None and not 1000 <= year <= 9999:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return year


class PublicForm(forms.ModelForm):
    """A part of an application: `autocomplete` tells the browser of the person at it what to fill in."""

    autocomplete: Mapping[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or Language.FINNISH
        self.fields["language"].initial = language if language in Language else Language.FINNISH

    def rows(self) -> Rows:
        cleaned = self.cleaned_data
        return [
            (_("Name"), f"{cleaned['first_name']} {cleaned['last_name']}"),
            (_("Year of birth"), str(cleaned["birth_year"] or _("Not given"))),
            (_("Language"), Language(cleaned["language"]).label),
        ]


class ContactForm(PublicForm):
    """How the person is reached: one way is enough, and it has to fit the way that was chosen."""

    channel = forms.ChoiceField(
        label=_("How do you want to hear from us?"),
        choices=CHANNELS,
        widget=forms.RadioSelect,
        help_text=_("You can change this later."),
        error_messages={"required": _("Choose how we tell you about the course.")},
    )
    phone = PhoneField(label=_("Phone"), required=False, help_text=_("For example 040 123 4567"))
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
            "email": _("For example aino@example.org"),
            "street": _("We need the address only for letters."),
        }
        error_messages = {"email": {"invalid": EMAIL_MISTAKE}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("channel", "email", "phone", "street", Div("postal_code", "city", css_class="pair"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        channel = cleaned.get("channel")
        if channel == Channel.EMAIL and not cleaned.get("email"):
            self._mend("email", _("Write your e-mail address, or choose another way above."))
        if channel in (Channel.SMS, Channel.CALL) and not cleaned.get("phone"):
            self._mend("phone", _("Write your phone number, or choose another way above."))
        if channel == Channel.SMS and cleaned.get("phone") and not takes_text_messages(cleaned["phone"]):
            self._mend(
                "phone",
                _("Text messages do not reach a landline. Write a mobile number, or choose a phone call above."),
            )
        if channel == Channel.LETTER:
            for name, words in (
                ("street", _("A letter needs your street address.")),
                ("postal_code", _("A letter needs the postal code.")),
                ("city", _("A letter needs the town.")),
            ):
                if not cleaned.get(name):
                    self._mend(name, words)
        return cleaned

    def _mend(self, field: str, words: Any) -> None:
        """Not said twice when what was typed has a mistake of its own."""
        if field not in self.errors:
            self.add_error(field, words)

    @property
    def data_of_person(self) -> PersonData:
        cleaned = self.cleaned_data
        data = {name: cleaned[name] for name in CONTACT_FIELDS}
        return PersonData(**data, second_channel=_second_way(cleaned))  # type: ignore[typeddict-item]

    def rows(self) -> Rows:
        return self._rows(self.cleaned_data)

    def stored_rows(self) -> Rows:
        """The same of what is on record."""
        return self._rows(self.initial)

    def _rows(self, cleaned: Mapping[str, Any]) -> Rows:
        town = f"{cleaned['postal_code']} {cleaned['city']}".strip()
        given = {
            _("We tell you by"): Channel(cleaned["channel"]).label,
            _("E-mail"): cleaned["email"],
            _("Phone"): self.fields["phone"].prepare_value(cleaned["phone"]),
            _("Address"): ", ".join(part for part in (cleaned["street"], town) if part),
        }
        return [(label, str(value or _("Not given"))) for label, value in given.items()]


class WishesForm(PublicForm):
    """What to arrange, and what the person wants to learn. None of it must be answered."""

    goal = forms.CharField(
        label=_("What would you like to learn?"),
        required=False,
        max_length=Enrollment._meta.get_field("goal").max_length,
        validators=[refuse_identity_code],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In your own words."),
    )

    needs_words = _("Do you need any of these?")

    class Meta:
        model = SupportNeeds
        fields = ["hearing_loop", "wheelchair", "loan_device", "note"]
        labels = {
            "hearing_loop": _("An induction loop for my hearing aid"),
            "wheelchair": _("Room for a wheelchair"),
            "loan_device": _("A phone, tablet or computer on loan"),
            "note": _("Something else"),
        }
        help_texts = {"note": _("Write what we should arrange. Nothing about your health.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            HTML('<fieldset class="checks"><legend class="form-label">{{ form.needs_words }}</legend><div>'),
            "hearing_loop",
            "wheelchair",
            "loan_device",
            HTML("</div></fieldset>"),
            "note",
            "goal",
        )

    @property
    def needs(self) -> Any:
        """NeedsData of enrolling.services.support."""
        return {
            "hearing_loop": self.cleaned_data.get("hearing_loop", False),
            "wheelchair": self.cleaned_data.get("wheelchair", False),
            "loan_device": self.cleaned_data.get("loan_device", False),
            "note": self.cleaned_data.get("note", ""),
        }

    def rows(self) -> Rows:
        cleaned = self.cleaned_data
        asked = [
            str(self.fields[name].label) for name in ("hearing_loop", "wheelchair", "loan_device") if cleaned[name]
        ]
        return [
            (
                _("We arrange"),
                ", ".join([*asked, *([cleaned["note"]] if cleaned["note"] else [])]) or str(_("Nothing")),
            ),
            (_("You want to learn"), cleaned["goal"] or str(_("Not given"))),
        ]


class CorrectForm(WishesForm):
    """The wishes of an application that was sent; asks for the consent to what is arranged while there is none."""

    support_consent = forms.BooleanField(label=_("Yes, the trainers may know what to arrange for me"), required=False)

    def __init__(self, *args: Any, enrollment: Enrollment, asks_consent: bool, **kwargs: Any) -> None:
        needs = SupportNeeds.objects.filter(enrollment=enrollment).first()
        super().__init__(*args, instance=needs, initial={"goal": enrollment.goal}, **kwargs)
        if asks_consent:
            self.helper.layout.fields.insert(6, "support_consent")
        else:
            del self.fields["support_consent"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "support_consent" in self.fields and any(self.needs.values()) and not cleaned.get("support_consent"):
            self.add_error("support_consent", _("Tick the box, or take away what we should arrange."))
        return cleaned

    @property
    def has_consent(self) -> bool:
        return bool(self.cleaned_data.get("support_consent"))


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        self.helper.layout = Layout(
            Div("first_name", "last_name", css_class="pair"), "birth_year", Div("phone", "email", css_class="pair")
        )

    def data_of_person(self, first: PersonData) -> PersonData:
        """`first`: the applicant, whose language it is, and whose contact details when none are given."""
        cleaned = self.cleaned_data
        own = {name: cleaned[name] for name in ("first_name", "last_name", "birth_year")}
        if not cleaned["phone"] and not cleaned["email"]:
            return PersonData(**{**first, **own})  # type: ignore[typeddict-item]
        reached = {"phone": cleaned["phone"], "email": cleaned["email"]}
        reached["channel"] = Channel.EMAIL if cleaned["email"] else _by_phone(cleaned["phone"])
        second = _second_way(reached)
        return PersonData(**own, **reached, second_channel=second, language=first["language"])  # type: ignore[typeddict-item]

    @property
    def full_name(self) -> str:
        return f"{self.cleaned_data['first_name']} {self.cleaned_data['last_name']}"


class SendForm(forms.Form):
    """The consent, and a trap: the field `website` of the page is seen by no person, and filled in by machines alone."""

    consent = forms.BooleanField(
        label=_("Yes, that is all right"),
        error_messages={"required": _("Tick the box if you agree. Without it we may not store the application.")},
    )
    support_consent = forms.BooleanField(
        label=_("Yes, the trainers may know what to arrange for me"),
        error_messages={"required": _("Tick the box, or take away what we should arrange.")},
    )
    companions_consent = forms.BooleanField(
        label=_("Those who come with me have said yes to this too"),
        error_messages={"required": _("Ask them first, then tick the box.")},
    )

    def __init__(self, *args: Any, needs: bool, companions: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs:
            del self.fields["support_consent"]
        if not companions:
            del self.fields["companions_consent"]

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the application"),
        max_length=60,
        help_text=_("It begins with H, for example H-7K3M-Q2PX-9DTR. Spaces and small letters do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
        error_messages={
            "required": _("Write the code that stands on your confirmation."),
            "max_length": _("That is too long for a code. It has 13 letters and digits."),
        },
    )


class GiveUpForm(forms.Form):
    """Why somebody gives up their place; they need not say."""

    reason = forms.ChoiceField(
        label=_("Would you like to tell us why?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", _("I would rather not say")),
            *((reason.value, reason.label) for reason in WithdrawalReason if reason not in ("deceased", "not_told")),
        ],
    )

    def reason_or_none(self) -> str:
        return self.cleaned_data["reason"] or WithdrawalReason.NOT_TOLD


STEPS: Mapping[str, type[PublicForm]] = {"you": YouForm, "contact": ContactForm, "wishes": WishesForm}


def forms_of_step(step: str, typed: Mapping[str, Any] | None) -> list[Any]:
    """The forms of one page; the companions stand on that of the wishes. `typed`: what was typed there, or None."""
    main = STEPS[step](typed)
    if step != "wishes":
        return [main]
    return [main, *(CompanionForm(typed, prefix=f"companion{number}") for number in range(1, MOST_COMPANIONS + 1))]


def all_right(filled_in: Iterable[forms.BaseForm]) -> bool:
    """Whether each is valid; each is asked, so that all their mistakes are shown at once."""
    return not [form for form in filled_in if not form.is_valid()]


def typed_in(step_forms: Sequence[forms.BaseForm]) -> dict[str, str]:
    """What was typed into valid forms, by the names of the fields, to be kept until it is sent."""
    return {
        bound.html_name: str(form.data[bound.html_name])
        for form in step_forms
        for bound in form
        if bound.html_name in form.data
    }


def _by_phone(phone: str) -> Channel:
    return Channel.SMS if takes_text_messages(phone) else Channel.CALL


def _second_way(reached: Mapping[str, Any]) -> str:
    """What is tried when the chosen way does not work, from what else was given."""
    ways = []
    if reached.get("phone"):
        ways.append(_by_phone(reached["phone"]))
        ways.append(Channel.CALL)
    if reached.get("email"):
        ways.append(Channel.EMAIL)
    if reached.get("street") and reached.get("postal_code") and reached.get("city"):
        ways.append(Channel.LETTER)
    return next((way for way in ways if way != reached["channel"]), "")
