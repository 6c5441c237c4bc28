from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from courses.dates.fields import DayField
from courses.reporting.rules.reports import Limits


class ReportFilterForm(forms.Form):
    """Which cohorts a report of the program is about: a course, and from when to when they start."""

    course = forms.ChoiceField(label=_("Course"), required=False)
    first = DayField(label=_("Starts from"), required=False)
    last = DayField(label=_("Starts until"), required=False)

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        courses = [(course.code, course.title) for course in Course.objects.order_by("code")]
        self.fields["course"].choices = [("", _("All courses")), *courses]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day cannot be before the first."))
        return cleaned

    def chosen(self) -> Limits:
        """What is not valid sets no limit."""
        if not self.is_bound:
            return Limits()
        self.is_valid()
        return Limits(**{name: value for name, value in self.cleaned_data.items() if value})
