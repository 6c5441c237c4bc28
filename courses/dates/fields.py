"""Days and times as people write them: 23.2.2027, 2027-02-23, 23/2/2027; 10.00, 10:00, 10."""

import re
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y")
CLOCK_FORMATS = ("%H:%M", "%H.%M", "%H:%M:%S", "%H")
BETWEEN_DAYS = re.compile(r"[\s,;]+")
DAY_MISTAKE = _("Write the day like 23.2.2027.")


class DayField(forms.DateField):
    """One day; the browser's own calendar helps where it has one."""

    def __init__(self, *, label: StrOrPromise = "", required: bool = True, help_text: StrOrPromise = "") -> None:
        super().__init__(
            input_formats=DAY_FORMATS,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": DAY_MISTAKE},
            label=label,
            required=required,
            help_text=help_text,
        )


class ClockField(forms.TimeField):
    def __init__(self, *, label: StrOrPromise = "") -> None:
        super().__init__(
            input_formats=CLOCK_FORMATS,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={"invalid": _("Write the time like 10.00.")},
            label=label,
        )


class DaysField(forms.CharField):
    """Several days, parted by commas, spaces or lines; cleaned to a list in order of time, each once."""

    def __init__(self, *, label: StrOrPromise = "", required: bool = True, help_text: StrOrPromise = "") -> None:
        widget = forms.Textarea(attrs={"rows": 2})
        super().__init__(widget=widget, label=label, required=required, help_text=help_text)

    def to_python(self, value: object) -> list[date]:
        words = [word for word in BETWEEN_DAYS.split(super().to_python(value) or "") if word]
        return sorted({_day(word) for word in words})


def _day(word: str) -> date:
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(word, pattern).date()
        except ValueError:
            continue
    raise ValidationError(
        _("“%(word)s” is no day. Write the days like 23.2.2027, one after another."),
        code="invalid",
        params={"word": word[:40]},
    )
