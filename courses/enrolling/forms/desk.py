from collections.abc import Mapping
from typing import cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Channel, HowAsked, Language, Relation
from accounts.fields import PhoneField
from accounts.forms.people import PersonForm
from accounts.ids import IdField
from accounts.models import Person
from accounts.services.contacts import TOLD, ContactData
from accounts.services.people import PersonData
from accounts.validators import refuse_identity_code
from courses.dates.fields import DayField
from courses.enrolling.forms.enrollments import ASKED_CHOICES
from courses.enrolling.rules.support import NeedsData

NEW = "new"
USUAL = {"channel": Channel.CALL.value, "language": Language.FINNISH.value}
MOST_COMPANIONS = 3
LONGEST_SEARCH = 200


class DoneForm(forms.Form):
    """One of those who were enrolled by the last press."""

    done = IdField()


class FoundForm(forms.Form):
    """The one of `people` whose own code was chosen."""

    who = forms.ModelChoiceField(queryset=Person.objects.none(), to_field_name="code")

    def __init__(self, data: Mapping[str, object], *, people: QuerySet[Person]) -> None:
        super().__init__(data)
        self.fields["who"].queryset = people


class CompanionsForm(forms.Form):
    """How many come with the first: none without the tick, one with it, more when that was pressed."""

    together = forms.BooleanField(required=False)
    companions = forms.IntegerField(required=False)

    def count(self, *, one_more: bool) -> int:
        self.full_clean()
        if not self.cleaned_data["together"]:
            return 0
        shown = max(self.cleaned_data.get("companions") or 0, 1)
        return min(shown + one_more, MOST_COMPANIONS)


def typed_in(sent: Mapping[str, str], fields: Mapping[str, forms.Field], prefix: str | None) -> dict[str, str]:
    """What stands in those of `fields` that were sent; an unticked box is sent as nothing."""
    names = {name: f"{prefix}-{name}" if prefix else name for name in fields}
    typed = {name: sent[key] for name, key in names.items() if key in sent}
    boxes = [name for name, field in fields.items() if typed and isinstance(field, forms.BooleanField)]
    return dict.fromkeys(boxes, "") | typed


class DeskForm(forms.Form):
    """A part of the desk. When `judged` it says what is wrong; else it shows again what was typed."""

    def __init__(self, sent: Mapping[str, str], *, judged: bool, prefix: str | None = None) -> None:
        super().__init__(sent if judged else None, initial=typed_in(sent, self.base_fields, prefix), prefix=prefix)

    def typed(self, name: str) -> str:
        """As it was typed, be it wrong."""
        return str(self[name].value() or "")


class EnrollForm(DeskForm):
    """What is asked once for everybody who comes: the group, how it was asked, why a prerequisite is not asked for."""

    cohort = forms.CharField(label=_("Which group"), error_messages={"required": _("Choose the group.")})
    how_asked = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=ASKED_CHOICES,
        initial=HowAsked.PHONE,
        error_messages={"required": _("Choose how it was asked.")},
    )
    waiver = forms.CharField(
        label=_("Why is it not asked for?"),
        required=False,
        max_length=200,
        validators=[refuse_identity_code],
        help_text=_("The reason stands in the history."),
    )


class CallerForm(DeskForm):
    """One of those who ask: who it is, own goal, what to arrange, and what they said yes to. `who` is an own code or
    `new`; so is the value of a yes."""

    find = forms.CharField(label=_("Name, phone, e-mail or own code"), required=False, max_length=LONGEST_SEARCH)
    who = forms.CharField(label=_("Who"), error_messages={"required": _("Find a person, or take a new one.")})
    goal = forms.CharField(label=_("Own goal"), required=False, max_length=200, validators=[refuse_identity_code])
    hearing_loop = forms.BooleanField(label=_("Hearing loop"), required=False)
    wheelchair = forms.BooleanField(label=_("Room for a wheelchair"), required=False)
    loan_device = forms.BooleanField(label=_("A device on loan"), required=False)
    note = forms.CharField(
        label=_("Another arrangement"), required=False, max_length=200, validators=[refuse_identity_code]
    )
    yes_course = forms.Field(label=_("They said yes"), required=False)
    yes_support = forms.Field(label=_("They said yes"), required=False)

    @property
    def searched(self) -> str:
        return self.typed("find")[:LONGEST_SEARCH]

    def said_yes(self, name: str) -> bool:
        """The tick holds who it was that said yes: it does not go over to another person who is chosen instead."""
        return bool(self.typed("who")) and self.typed(name) == self.typed("who")

    @property
    def wants_something(self) -> bool:
        return any(self.typed(name).strip() for name in NeedsData.__annotations__)

    @property
    def needs(self) -> NeedsData:
        """For note_support_needs, after is_valid()."""
        return cast(NeedsData, {name: self.cleaned_data[name] for name in NeedsData.__annotations__})


class DeskContactForm(DeskForm):
    """A contact person named during the call. Empty: there is none. `who` asks, as in CallerForm."""

    name = forms.CharField(label=_("Name"), required=False, max_length=120, validators=[refuse_identity_code])
    relation = forms.ChoiceField(
        label=_("Who they are"),
        required=False,
        choices=[("", pgettext_lazy("relation", "Not told")), *Relation.choices],
    )
    phone = PhoneField(label=_("Phone"), required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    told_reminders = forms.BooleanField(label=_("Reminders of sessions"), required=False, initial=True)
    told_changes = forms.BooleanField(label=_("Changes and cancellations"), required=False, initial=True)
    told_absences = forms.BooleanField(label=_("Absences"), required=False)
    until = DayField(label=_("Until which day"), required=False, help_text=_("Empty: until it is taken back."))
    yes = forms.Field(label=_("They said yes"), required=False)

    def __init__(self, sent: Mapping[str, str], *, judged: bool, who: str) -> None:
        super().__init__(sent, judged=judged, prefix="contact")
        self.who = who
        self.fields["email"].validators.append(refuse_identity_code)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div("name", "relation", css_class="pair"),
            Div("phone", "email", css_class="pair"),
            Div(*TOLD, css_class="chosen"),
            "until",
        )

    @property
    def is_named(self) -> bool:
        """Whether anything of a contact person was written."""
        return any(self.typed(name).strip() for name in ("name", "phone", "email"))

    @property
    def said_yes(self) -> bool:
        """As CallerForm.said_yes."""
        return bool(self.who) and self.typed("yes") == self.who

    @property
    def data_of_contact(self) -> ContactData | None:
        """For add_contact_person, after is_valid()."""
        if not self.cleaned_data["name"]:
            return None
        return cast(ContactData, {name: self.cleaned_data[name] for name in ContactData.__annotations__})

    def clean(self) -> None:
        super().clean()
        if not self.is_named:
            return
        if not self._has("name"):
            self.add_error("name", _("Write the name of the contact person, or empty these fields."))
        if not self._has("phone") and not self._has("email"):
            self.add_error("phone", _("Give a phone number or an e-mail address."))
        if not any(self.cleaned_data.get(name) for name in TOLD):
            self.add_error("told_reminders", _("Choose what the contact person may be told."))
        if not self.said_yes:
            self.add_error("yes", _("Read the text aloud, and tick that they said yes."))

    def _has(self, name: str) -> bool:
        """Whether something was written there, be it wrong."""
        return bool(self.cleaned_data.get(name)) or self.has_error(name)


class NewPersonForm(PersonForm):
    """A new person in the form that enrolls them: what a phone call tells, the rest folded away. `typed` and `judged` as
    in DeskForm."""

    folded_title = _("Address, part of the city, gender, safety ban")

    def __init__(self, typed: Mapping[str, str], *, judged: bool, prefix: str | None = None) -> None:
        named = {f"{prefix}-{name}" if prefix else name: text for name, text in typed.items()}
        super().__init__(named if judged else None, initial={**USUAL, **typed}, prefix=prefix)
        del self.fields["how_asked"], self.fields["seen"]
        # Somebody is on the phone: the fields alone, close together.
        for name in ("birth_year", "email", "channel"):
            self.fields[name].help_text = ""
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div("last_name", "first_name", css_class="pair"),
            Div("birth_year", "language", css_class="pair"),
            Div("phone", "email", css_class="pair"),
            Div("channel", "second_channel", css_class="pair"),
            HTML('<details class="more"{% if person_form.folded_errors %} open{% endif %}><summary>'),
            HTML("{{ person_form.folded_title }}</summary>"),
            "street",
            Div("postal_code", "city", css_class="pair"),
            Div("district", "gender", css_class="pair"),
            "protected",
            HTML("</details>"),
        )

    @property
    def read(self) -> PersonData:
        """As much as could be read; also when something else is wrong."""
        self.is_valid()
        return cast(PersonData, self.cleaned_data)

    @property
    def folded_errors(self) -> bool:
        folded = {"street", "postal_code", "city", "district", "gender", "protected"}
        return bool(folded & self.errors.keys())
