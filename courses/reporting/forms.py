from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from courses.dates.fields import DayField


class ReportFilterForm(forms.Form):
    """Which cohorts a report of the program is about: a course, and from when to when they start."""

    course = forms.ChoiceField(label=_("Course"), required=False)
    first = DayField(label=_("Starts from"), required=False)
    last = DayField(label=_("Starts until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        courses = [(course.code, course.title) for course in Course.objects.order_by("code")]
        self.fields["course"].choices = [("", _("All courses")), *courses]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day cannot be before the first."))
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """The arguments of program_report; what is not valid is left out."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
