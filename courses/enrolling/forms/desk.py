from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Relation
from accounts.fields import PhoneField
from accounts.forms.people import PersonForm
from accounts.ids import IdField
from accounts.models import Person
from accounts.services.contacts import ContactData
from accounts.validators import refuse_identity_code
from courses.dates.fields import DayField
from courses.enrolling.forms.enrollments import ASKED_CHOICES

NEW = "new"


class DoneForm(forms.Form):
    """One of those who were enrolled by the last press."""

    done = IdField()


class FoundForm(forms.Form):
    """The one of `people` whose own code was chosen."""

    who = forms.ModelChoiceField(queryset=Person.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = people


class CompanionsForm(forms.Form):
    """How many companions the page shows already."""

    companions = forms.IntegerField(required=False)


class EnrollForm(forms.Form):
    """What is asked once for everybody who comes: the group, how it was asked, why a prerequisite is not asked for."""

    cohort = forms.CharField(label=_("Which group"), error_messages={"required": _("Choose the group.")})
    how_asked = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=ASKED_CHOICES,
        error_messages={"required": _("Choose how it was asked.")},
    )
    waiver = forms.CharField(
        label=_("Why is it not asked for?"),
        required=False,
        max_length=200,
        validators=[refuse_identity_code],
        help_text=_("The reason stands in the history."),
    )


class CallerForm(forms.Form):
    """One of those who ask: who it is, own goal, what to arrange, and what they said yes to. `who` is an own code or `new`."""

    find = forms.CharField(label=_("Name, phone, e-mail or own code"), required=False, max_length=200)
    who = forms.CharField(label=_("Who"), error_messages={"required": _("Find a person, or take a new one.")})
    goal = forms.CharField(label=_("Own goal"), required=False, max_length=200, validators=[refuse_identity_code])
    hearing_loop = forms.BooleanField(label=_("Hearing loop"), required=False)
    wheelchair = forms.BooleanField(label=_("Room for a wheelchair"), required=False)
    loan_device = forms.BooleanField(label=_("A device on loan"), required=False)
    note = forms.CharField(
        label=_("Another arrangement"), required=False, max_length=200, validators=[refuse_identity_code]
    )
    yes_course = forms.BooleanField(label=_("They said yes"), required=False)
    yes_support = forms.BooleanField(label=_("They said yes"), required=False)

    @property
    def needs(self) -> Any:
        """For note_support_needs."""
        return {
            "hearing_loop": self.cleaned_data.get("hearing_loop", False),
            "wheelchair": self.cleaned_data.get("wheelchair", False),
            "loan_device": self.cleaned_data.get("loan_device", False),
            "note": self.cleaned_data.get("note", ""),
        }


class DeskContactForm(forms.Form):
    """A contact person named during the call. Empty: there is none."""

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
    yes = forms.BooleanField(label=_("They said yes"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(refuse_identity_code)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Div("name", "relation", css_class="pair"),
            Div("phone", "email", css_class="pair"),
            Div("told_reminders", "told_changes", "told_absences", css_class="chosen"),
            "until",
        )

    @property
    def is_named(self) -> bool:
        """Whether anything of a contact person was written."""
        return any(str(self[name].value() or "").strip() for name in ("name", "phone", "email"))

    @property
    def data_of_contact(self) -> ContactData | None:
        if not self.cleaned_data.get("name"):
            return None
        data: Any = {name: self.cleaned_data[name] for name in ContactData.__annotations__}
        return data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.is_named:
            return cleaned
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write the name of the contact person, or empty these fields."))
        if not cleaned.get("phone") and not cleaned.get("email") and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Give a phone number or an e-mail address."))
        if not any(cleaned.get(name) for name in ("told_reminders", "told_changes", "told_absences")):
            self.add_error("told_reminders", _("Choose what the contact person may be told."))
        if not cleaned.get("yes"):
            self.add_error("yes", _("Read the text aloud, and tick that they said yes."))
        return cleaned


class NewPersonForm(PersonForm):
    """A new person in the form that enrolls them: what a phone call tells, the rest folded away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    folded_title = _("Address, part of the city, gender, safety ban")

    @property
    def folded_errors(self) -> bool:
        folded = {"street", "postal_code", "city", "district", "gender", "protected"}
        return bool(folded & self.errors.keys())
