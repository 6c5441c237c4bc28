from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypedDict

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Language
from accounts.ids import RowsField
from accounts.models import Person
from courses.catalogue.forms.courses import refuse_reserved_code
from courses.catalogue.forms.texts import three_languages
from courses.catalogue.models import Course
from courses.catalogue.selectors.courses import taught_modules
from courses.dates.fields import DayField, DaysField
from courses.scheduling.enums import CohortState
from courses.scheduling.forms.sessions import ConfirmedForm
from courses.scheduling.models import Cohort
from courses.scheduling.selectors.cohorts import next_cohort_code, trainers_to_choose

# A new cohort is planned this far ahead, and takes applications until a week before it starts.
PLANNED_AHEAD = timedelta(weeks=6)
APPLICATIONS_CLOSE_BEFORE = timedelta(days=7)
# A copy is proposed for the next term, and made for three years ahead at most.
NEXT_TERM = timedelta(weeks=26)
COPIED_AHEAD = timedelta(days=3 * 366)


class CourseOfCohortForm(forms.Form):
    """Of which course a new group is."""

    course = forms.ModelChoiceField(queryset=Course.objects.all(), to_field_name="code")


class CohortForm(forms.ModelForm):
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    applications_open_on = DayField(label=_("Applications from"), required=False, help_text=_("Empty: from today."))
    applications_close_on = DayField(label=_("Applications until"), required=False)
    remote_link = forms.URLField(
        label=_("Link of a remote group"),
        assume_scheme="https",
        required=False,
        help_text=_("Shown to nobody but those who have a place."),
    )
    trainers = RowsField(
        label=_("Trainers"), queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Cohort
        fields = [
            "code",
            "language",
            "name_fi",
            "name_sv",
            "name_en",
            "starts_on",
            "ends_on",
            "applications_open_on",
            "applications_close_on",
            "venue",
            "remote_link",
            "capacity",
            "minimum",
            "waiting_list_capacity",
            "trainers",
            "notice_fi",
            "notice_sv",
            "notice_en",
        ]
        widgets = {f"notice_{language}": forms.Textarea(attrs={"rows": 3}) for language in ("fi", "sv", "en")}
        help_texts = {
            "notice_fi": _("What is good to know: what to bring, getting in by wheelchair, breaks."),
        }

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        instance: Cohort,
        initial: dict[str, object] | None = None,
        days_follow_sessions: bool = False,
    ) -> None:
        super().__init__(data, instance=instance, initial=initial)
        self.fields["trainers"].queryset = trainers_to_choose()
        if days_follow_sessions:
            del self.fields["starts_on"]
        for name in ("capacity", "minimum", "waiting_list_capacity"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        days = [name for name in ("starts_on", "ends_on") if name in self.fields]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("code", "language", css_class="pair"),
            *three_languages("name"),
            Div(*days, "applications_open_on", "applications_close_on", css_class="trio" if len(days) == 1 else "pair"),
            Div("venue", "remote_link", css_class="pair"),
            HTML(_venue_link()),
            Div("capacity", "minimum", "waiting_list_capacity", css_class="trio"),
            "trainers",
            *three_languages("notice"),
        )

    def clean_code(self) -> str:
        return refuse_reserved_code(self.cleaned_data["code"])

    def clean(self) -> dict[str, object]:
        super().clean()
        first = self.cleaned_data.get("starts_on") or self.instance.starts_on
        opens, closes = (self.cleaned_data.get(f"applications_{end}_on") for end in ("open", "close"))
        if opens and closes and closes < opens:
            self.add_error("applications_close_on", _("Applications cannot end before they begin."))
        elif closes and first and closes > first:
            self.add_error("applications_close_on", _("Applications end before the group starts."))
        return self.cleaned_data


class CopyCohortForm(ConfirmedForm, forms.ModelForm):
    """What a copy of a group has of its own: code, names and first day."""

    starts_on = DayField(
        label=_("First day"), help_text=_("The sessions keep their weekdays and hours, some whole weeks later.")
    )
    left_out = DaysField(
        label=_("Leave out these days too"),
        required=False,
        help_text=_("Public holidays are left out without asking. Write others like 23.2.2027, one after another."),
    )

    class Meta:
        model = Cohort
        fields = ["code", "name_fi", "name_sv", "name_en"]

    def __init__(self, data: Mapping[str, object] | None = None, *, cohort: Cohort, today: date) -> None:
        super().__init__(data, instance=Cohort(course=cohort.course), initial=_copy_initial(cohort, today))
        self.source, self.today = cohort, today
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("starts_on", "left_out", "code", "name_fi", "name_sv", "name_en")

    def clean_code(self) -> str:
        return refuse_reserved_code(self.cleaned_data["code"])

    def clean_starts_on(self) -> date:
        first: date = self.cleaned_data["starts_on"]
        if first <= self.source.starts_on:
            raise ValidationError(_("Choose a day after the start of the group that is copied."), code="too_early")
        if first > self.today + COPIED_AHEAD:
            raise ValidationError(_("Choose a day within three years."), code="too_late")
        return first

    def named(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _copy_initial(cohort: Cohort, today: date) -> dict[str, object]:
    """The same weekday half a year later, or as far ahead as a new group is planned. A name often tells the term, so the
    copy begins without one."""
    starts_on = max(cohort.starts_on + NEXT_TERM, today + PLANNED_AHEAD)
    starts_on += timedelta(days=(cohort.starts_on - starts_on).days % 7)
    return {"code": next_cohort_code(cohort.course, starts_on), "starts_on": starts_on}


def new_cohort_initial(course: Course, today: date) -> dict[str, object]:
    """What the form of a new cohort of `course` begins with: a Monday six weeks ahead, a session a week."""
    starts_on = today + PLANNED_AHEAD
    starts_on += timedelta(days=-starts_on.weekday() % 7)
    weeks = max(len(taught_modules(course)), 1)
    return {
        "code": next_cohort_code(course, starts_on),
        "language": Language.FINNISH,
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(weeks=weeks - 1),
        "applications_close_on": starts_on - APPLICATIONS_CLOSE_BEFORE,
        "capacity": course.capacity,
        "minimum": course.minimum,
    }


class WantedCohorts(TypedDict):
    """Arguments of overview.selectors.cohorts.cohorts_list."""

    text: str
    state: str
    course: Course | None
    language: str


class CohortFilterForm(forms.Form):
    """No names of people are looked for here, so it is sent with GET."""

    text = forms.CharField(label=_("Name, code or venue"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("cohort", "State"),
        required=False,
        choices=[("going_on", _("Going on")), ("all", _("All")), *CohortState.choices],
    )
    course = forms.ModelChoiceField(
        label=_("Course"), queryset=Course.objects.all(), to_field_name="code", required=False, empty_label=_("All")
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", _("All")), *Language.choices])

    def wanted(self) -> WantedCohorts:
        """What is not understood is not asked for."""
        data = self.cleaned_data if self.is_valid() else {}
        state = data.get("state") or "going_on"
        return {
            "text": data.get("text", ""),
            "state": "" if state == "all" else state,
            "course": data.get("course"),
            "language": data.get("language", ""),
        }


def _venue_link() -> str:
    link = '<p class="small"><a class="tap" href="{}">{}</a></p>'
    return format_html(link, reverse("coordinator:venues-list"), _("Add a venue, or change one"))
