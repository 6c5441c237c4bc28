from collections.abc import Mapping, Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel, Gender, Language
from accounts.ids import IdField
from accounts.validators import refuse_identity_code
from courses.enrolling.selectors.cohorts import enrolling_cohorts
from courses.importing.rosters.rules import MASK, RosterRow, cohort_key
from courses.importing.rosters.rules.whole_names import WHOLE_NAMES, whole_name_in
from courses.scheduling.models import Cohort

# What a column may hold, in the order in which people think of it.
FIELDS = {
    "last_name": _("Last name"),
    "first_name": _("First name"),
    "last_first": _("Name, last name first"),
    "first_last": _("Name, first name first"),
    "name": _("Name, parted by a comma"),
    "birth_year": _("Year of birth"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "language": _("Language"),
    "street": _("Street address"),
    "postal_code": _("Postal code"),
    "city": _("Town"),
    "district": _("District"),
    "channel": _("How to reach"),
    "gender": _("Gender"),
    "cohort": _("Group"),
    "note": _("Note"),
    "protected": _("Safety ban"),
}
LONGEST = 2000


class CohortChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, cohort: Cohort) -> str:
        return f"{cohort.name} · {cohort.code}"


class RosterUploadForm(forms.Form):
    file = forms.FileField(
        label=_("The list as a file"),
        help_text=_("CSV or Excel (XLSX), at most 5 MB and 20,000 people. It is only looked at first."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm,text/csv"}),
        error_messages={"required": _("Choose the file.")},
    )
    cohort = CohortChoiceField(
        label=_("Group"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=_("As the list says"),
        help_text=_("For the rows that name no group."),
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.fields["cohort"].queryset = enrolling_cohorts()
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout("file", "cohort")


class RosterSeenForm(forms.Form):
    """The version of the list that the reader has seen; a program may leave it out."""

    version = IdField()


class RosterColumnsForm(forms.Form):
    """What each column of a list holds: fields `column-0`, `column-1`, …; `fixed` columns are never read."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, object] | None = None, *, columns: Sequence[str], fixed: Sequence[int] = ()
    ) -> None:
        """`columns` = the field of each column now."""
        super().__init__(data, initial={"seen": ",".join(columns)})
        self.columns, self.fixed = list(columns), set(fixed)
        for place, name in enumerate(columns):
            if place not in self.fixed:
                self.fields[f"column-{place}"] = forms.ChoiceField(
                    choices=[("", _("Not read")), *FIELDS.items()], required=False, initial=name
                )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        chosen = self.chosen_fields()
        for name in sorted({name for name in chosen if name and chosen.count(name) > 1}):
            self.add_error(
                None, _("Two columns are taken for “%(field)s”. Choose one of them.") % {"field": FIELDS[name]}
            )
        if len(set(chosen) & set(WHOLE_NAMES)) > 1:
            self.add_error(None, _("Two columns are taken for whole names. Choose one of them."))
        elif not whole_name_in(chosen) and not {"last_name", "first_name"} <= set(chosen):
            self.add_error(None, _("Choose which columns hold the last name and the first name, or the whole name."))
        return cleaned

    def chosen_fields(self) -> list[str]:
        return [
            "" if place in self.fixed else self.cleaned_data.get(f"column-{place}", "")
            for place in range(len(self.columns))
        ]

    def seen_fields(self) -> list[str]:
        return str(self.cleaned_data["seen"]).split(",")


def _text(name: str, *, required: bool = False, **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=FIELDS[name],
        required=required,
        max_length=LONGEST,
        validators=[refuse_identity_code],
        widget=forms.TextInput(attrs=attributes),
    )


class RosterRowForm(forms.Form):
    """One row as it stands in the list, to be mended. Words are read as those of a file are, so that the row is judged by
    the same rules; only an identity code is refused here already."""

    last_name = _text("last_name", required=True)
    first_name = _text("first_name", required=True)
    birth_year = _text("birth_year", inputmode="numeric")
    phone = _text("phone", inputmode="tel")
    email = _text("email", inputmode="email")
    channel = forms.ChoiceField(
        label=FIELDS["channel"], required=False, choices=[("", _("What reaches them")), *Channel.choices]
    )
    street = _text("street")
    postal_code = _text("postal_code")
    city = _text("city")
    district = _text("district")
    language = forms.ChoiceField(
        label=FIELDS["language"], required=False, choices=[("", _("As the group's")), *Language.choices]
    )
    gender = forms.ChoiceField(label=FIELDS["gender"], required=False, choices=[("", _("Not told")), *Gender.choices])
    cohort = forms.ChoiceField(label=FIELDS["cohort"], required=False)
    protected = forms.ChoiceField(label=FIELDS["protected"], required=False, choices=[("", _("No")), ("yes", _("Yes"))])
    note = _text("note")
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, object] | None = None, *, row: RosterRow, texts: Mapping[str, str], mark: str
    ) -> None:
        """`row` = what was read from `texts`, the words by field; `mark` = importing.rosters.rules.mark_of those."""
        super().__init__(data, initial=shown_words(row, texts) | {"seen": mark})
        codes = [(cohort.code, f"{cohort.name} · {cohort.code}") for cohort in enrolling_cohorts()]
        self.fields["cohort"].choices = [("", _("As for the whole list")), *codes]
        for fault in row.faults:
            if fault.field in self.fields:
                self.fields[fault.field].help_text = fault.message
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("last_name", "first_name", css_class="pair"),
            Div("birth_year", "cohort", css_class="pair"),
            Div("phone", "email", css_class="pair"),
            Div("channel", "language", css_class="pair"),
            "street",
            Div("postal_code", "city", css_class="pair"),
            Div("district", "gender", css_class="pair"),
            Div("protected", "note", css_class="pair"),
            Field("seen"),
        )

    def mended(self, row: RosterRow, texts: Mapping[str, str]) -> dict[str, str]:
        """What differs from the file itself: `texts` = its words, `row` = what is read from them alone."""
        original = shown_words(row, texts)
        changed = {
            name
            for name in FIELDS
            if name in self.fields
            and (
                MASK in texts.get(name, "") or _key(name, self.cleaned_data[name]) != _key(name, original.get(name, ""))
            )
        }
        names = {"last_name", "first_name"}
        if whole_name_in(texts) and changed & names:
            # The whole name of the file is then not read any more.
            changed |= names
        return {name: self.cleaned_data[name] for name in FIELDS if name in changed}


def _key(name: str, text: str) -> str:
    return cohort_key(text) if name == "cohort" else text


def shown_words(row: RosterRow, texts: Mapping[str, str]) -> dict[str, str]:
    """The words of a row as the form has them: what was written; in a list of choices, what it was taken for."""
    shown = {name: text.replace(MASK, "").strip() for name, text in texts.items() if name not in WHOLE_NAMES}
    if whole_name_in(texts) and not row.blank:
        shown |= {name: str(row.values.get(name) or "") for name in ("last_name", "first_name")}
    if "protected" in texts:
        shown["protected"] = "yes" if row.values.get("protected") is True else ""
    return shown | _taken_for(row, texts)


def _taken_for(row: RosterRow, texts: Mapping[str, str]) -> dict[str, str]:
    faulty = {fault.field for fault in row.faults}
    written = [name for name in ("channel", "language", "gender", "cohort") if texts.get(name) and name not in faulty]
    return {name: str(row.values.get(name, "")) for name in written}
