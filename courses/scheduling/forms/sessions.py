from collections.abc import Mapping
from datetime import datetime, time, timedelta

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.ids import IdField, RowsField
from courses.catalogue.models import Module
from courses.dates.calendar import at_wall_time
from courses.dates.fields import ClockField, DayField, DaysField
from courses.scheduling.models import Cohort, Session, Venue
from courses.scheduling.rules.schedule import MOST_SESSIONS
from courses.scheduling.selectors.sessions import WantedSessions
from courses.scheduling.services.sessions import SessionData

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
USUAL_START, USUAL_END = time(10), time(13)


class ConfirmedForm(forms.Form):
    """Sessions at a time at which the venue or a trainer may be taken: then a tick says to go on."""

    confirmed = forms.BooleanField(
        label=_("Yes, make it although the venue or a trainer is taken"), required=False, widget=forms.HiddenInput
    )

    def ask_to_confirm(self) -> None:
        """Shows the tick that says yes to a venue or a trainer taken twice."""
        self.fields["confirmed"].widget = forms.CheckboxInput()
        self.helper.layout.append("confirmed")


class PlacedForm(ConfirmedForm):
    """Where a session is: a venue, or a link for those who have a place."""

    venue = forms.ModelChoiceField(label=_("Venue"), queryset=Venue.objects.all(), required=False)
    remote_link = forms.URLField(label=_("Link of a remote session"), required=False, assume_scheme="https")


def checked_times(form: forms.Form) -> None:
    starts, ends = form.cleaned_data.get("starts"), form.cleaned_data.get("ends")
    if starts and ends and ends <= starts:
        form.add_error("ends", _("The session must end after it starts."))


class SessionsForm(PlacedForm):
    """Many sessions in one go, a preview first."""

    first_on = DayField(label=_("First day"))
    count = forms.IntegerField(label=_("How many sessions"), min_value=1, max_value=MOST_SESSIONS)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which weekdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts = ClockField(label=pgettext_lazy("time of day", "From"))
    ends = ClockField(label=pgettext_lazy("time of day", "Until"))
    without_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False)
    left_out = DaysField(
        label=_("Leave out these days too"), required=False, help_text=_("Like 23.2.2027, one after another.")
    )
    with_modules = forms.BooleanField(label=_("Spread the modules over the sessions in their order"), required=False)

    field_order = ["first_on", "count", "weekdays", "starts", "ends", "venue", "remote_link", "left_out"]

    def __init__(self, data: Mapping[str, object] | None = None, *, cohort: Cohort, modules: int) -> None:
        super().__init__(data, initial=_initial(cohort, modules))
        self.fields["count"].widget.attrs["inputmode"] = "numeric"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("first_on", "count", css_class="pair"),
            Div("starts", "ends", css_class="pair"),
            InlineCheckboxes("weekdays"),
            Div("venue", "remote_link", css_class="pair"),
            "without_holidays",
            "left_out",
            "with_modules",
        )

    def clean(self) -> dict[str, object]:
        super().clean()
        checked_times(self)
        return self.cleaned_data

    def wanted(self) -> WantedSessions:
        data = self.cleaned_data
        return WantedSessions(
            first_on=data["first_on"],
            weekdays=data["weekdays"],
            starts=data["starts"],
            ends=data["ends"],
            count=data["count"],
            left_out=data["left_out"],
            without_holidays=data["without_holidays"],
            with_modules=data["with_modules"],
        )


class SessionForm(PlacedForm):
    """One session: a new one, or one that moves."""

    day = DayField(label=_("Day"))
    starts = ClockField(label=pgettext_lazy("time of day", "From"))
    ends = ClockField(label=pgettext_lazy("time of day", "Until"))
    modules = RowsField(
        label=_("Modules"), queryset=Module.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    lessons = forms.IntegerField(label=_("Lessons of 45 minutes"), min_value=0, max_value=40)
    # The revision of the schedule that the editor saw; none for a new session.
    seen = IdField()

    def __init__(
        self, data: Mapping[str, object] | None = None, *, cohort: Cohort, session: Session | None = None
    ) -> None:
        super().__init__(data, initial=session_initial(cohort, session))
        self.fields["modules"].queryset = cohort.course.modules.order_by("order")
        self.fields["lessons"].widget.attrs["inputmode"] = "numeric"
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("day", "lessons", css_class="pair"),
            Div("starts", "ends", css_class="pair"),
            Div("venue", "remote_link", css_class="pair"),
            "modules",
        )

    def clean(self) -> dict[str, object]:
        super().clean()
        checked_times(self)
        return self.cleaned_data

    def session(self) -> SessionData:
        data = self.cleaned_data
        return SessionData(
            starts_at=at_wall_time(data["day"], data["starts"]),
            ends_at=at_wall_time(data["day"], data["ends"]),
            venue=data["venue"],
            remote_link=data["remote_link"],
            modules=list(data["modules"]),
            lessons=data["lessons"],
        )


def session_initial(cohort: Cohort, session: Session | None) -> dict[str, object]:
    if session is None:
        return {"starts": USUAL_START, "ends": USUAL_END, "lessons": 3, **_place(cohort)}
    starts, ends = local_times(session)
    return {
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "venue": session.venue or cohort.venue,
        "remote_link": session.remote_link,
        "modules": [module.pk for module in session.modules.all()],
        "lessons": session.lessons,
    }


def local_times(session: Session) -> tuple[datetime, datetime]:
    return timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)


def _initial(cohort: Cohort, modules: int) -> dict[str, object]:
    # A group that has sessions gets more of them after the last one.
    first_on = cohort.ends_on + timedelta(weeks=1) if cohort.sessions.exists() else cohort.starts_on
    return {
        "first_on": first_on,
        "count": modules or 1,
        "weekdays": [first_on.weekday()],
        "starts": USUAL_START,
        "ends": USUAL_END,
        "without_holidays": True,
        "with_modules": bool(modules),
        **_place(cohort),
    }


def _place(cohort: Cohort) -> dict[str, object]:
    return {"venue": cohort.venue_id, "remote_link": cohort.remote_link}
