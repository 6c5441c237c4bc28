"""What a coordinator says about the queue, a group that ends, or one that is not held."""

from collections.abc import Mapping, Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from accounts.ids import IdsField
from accounts.validators import refuse_identity_code
from courses.dates.words import day_numbers
from courses.enrolling.enums import QueueReason
from courses.enrolling.forms.enrollments import ASKED_CHOICES
from courses.enrolling.models import Enrollment
from courses.enrolling.selectors.cohorts import CohortWithWaiting
from courses.scheduling.models import Cohort

# Said by the product itself, never chosen.
REASONS_OF_ITSELF = (QueueReason.LAPSED, QueueReason.COHORT_CANCELLED)
REASONS_TO_CHOOSE = [(reason.value, reason.label) for reason in QueueReason if reason not in REASONS_OF_ITSELF]


class AskedForm(forms.Form):
    """Forms of the queue: how it was asked, and words where a reason is needed."""

    note = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=200,
        validators=[refuse_identity_code],
        help_text=_("Nothing about health."),
    )
    how_asked = forms.ChoiceField(
        label=_("How was it asked?"), choices=ASKED_CHOICES, widget=forms.RadioSelect, initial=ASKED_CHOICES[0][0]
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


class ChosenForm(forms.Form):
    """The people ticked in the list."""

    enrollment = IdsField()


class WhyForm(forms.Form):
    """Why those chosen in the list get places before others."""

    note = forms.CharField(
        label=_("Why these, when others stand before them?"),
        required=False,
        max_length=200,
        validators=[refuse_identity_code],
    )


class PositionForm(AskedForm):
    """Another place in the queue, with the reason. `waiting`: how many lines the queue has."""

    place = forms.IntegerField(
        label=_("Which place in the queue?"), min_value=1, error_messages={"required": _("Write the place, such as 1.")}
    )
    reason = forms.ChoiceField(label=_("Why?"), error_messages={"required": _("Choose the reason.")})

    field_order = ["place", "reason", "note", "how_asked"]

    def __init__(
        self, data: Mapping[str, object] | None = None, *, waiting: int, initial: dict[str, object] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        place = self.fields["place"]
        place.widget.attrs["inputmode"] = "numeric"
        place.help_text = ngettext(
            "1 is next. %(count)d person waits.", "1 is next. %(count)d people wait.", waiting
        ) % {"count": waiting}
        self.fields["reason"].choices = [("", _("Choose")), *REASONS_TO_CHOOSE]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == QueueReason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say why, in a few words."))
        return cleaned


class OfferForm(AskedForm):
    """A seat out of turn: why those who stand before are passed over."""

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        note = self.fields["note"]
        note.label, note.required = _("Why are the others passed over?"), True
        note.error_messages["required"] = _("Say why, in a few words.")


class AdmitForm(AskedForm):
    """The answer to an application. `lacking`: something is asked for that the person has not, so it says why not."""

    def __init__(self, data: Mapping[str, object] | None = None, *, lacking: bool) -> None:
        super().__init__(data)
        note = self.fields["note"]
        if lacking:
            note.label, note.required = _("Why is it not asked for?"), True
            note.error_messages["required"] = _("Say why it is not asked for, or do not admit the person.")
        else:
            del self.fields["note"]
            self.helper.layout = Layout(*self.fields)


class TogetherForm(AskedForm):
    """With whom somebody wants to come. `others`: those who wait in the same queue."""

    others = forms.MultipleChoiceField(
        label=_("Who comes together?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the other one.")},
    )

    field_order = ["others", "how_asked"]

    def __init__(self, data: Mapping[str, object] | None = None, *, others: Sequence[Enrollment]) -> None:
        super().__init__(data)
        del self.fields["note"]
        self.fields["others"].choices = [(str(one.pk), one.person.list_name) for one in others]
        self.helper.layout = Layout(*self.fields)


class TransferForm(AskedForm):
    """The group to which somebody moves; it is chosen in a table, so `to` is not drawn with the rest."""

    to = forms.ChoiceField(
        label=_("Which group?"),
        error_messages={"required": _("Choose the group."), "invalid_choice": _("Choose the group.")},
    )

    field_order = ["to", "note", "how_asked"]

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        groups: Sequence[Cohort],
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["to"].choices = [(group.code, group.name) for group in groups]
        self.helper.layout = Layout("note", "how_asked")


class FinishForm(forms.Form):
    """Of whom it is said that they never came. All of them are proposed; a tick taken away leaves them to be decided."""

    no_shows = forms.TypedMultipleChoiceField(
        label=_("They had a place, and nobody marked them present. Who never came?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take the tick away where you know better: they wait for your decision on the page of learners."),
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, absent: Sequence[Enrollment]) -> None:
        super().__init__(data)
        no_shows = self.fields["no_shows"]
        no_shows.choices = [(one.pk, one.person.list_name) for one in absent]
        no_shows.initial = [one.pk for one in absent]


class CancelForm(forms.Form):
    """Another group of the same course, in which everybody is offered a seat; `sure` where the page does more than ask."""

    instead = forms.TypedChoiceField(label=_("Which group is offered instead?"), required=False, empty_value=None)
    sure = forms.BooleanField(
        label=_("Yes, the group is not held, and its people are told so."),
        error_messages={"required": _("Tick this first: it cannot be taken back.")},
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        groups: Sequence[CohortWithWaiting],
        best: Cohort | None = None,
        ask: bool = False,
    ) -> None:
        super().__init__(data)
        by_code = {group.code: group for group in groups}
        instead = self.fields["instead"]
        instead.choices = [("", _("No other group")), *((code, group_words(group)) for code, group in by_code.items())]
        instead.coerce = by_code.get
        instead.initial = best.code if best else ""
        if not groups:
            instead.help_text = _("There is no other group of this course in which people are enrolled.")
        if not ask:
            del self.fields["sure"]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)


def group_words(group: CohortWithWaiting) -> str:
    """One of enrolling.selectors.enrollments.groups_instead_of as a choice: when, in which language, how many seats are free."""
    figures = {
        "group": group.name,
        "day": day_numbers(group.starts_on, get_language() or "en"),
        "language": group.get_language_display(),
        "count": group.waiting or max(0, group.free_seats),
    }
    if group.waiting:
        return (
            ngettext(
                "%(group)s, begins %(day)s, %(language)s: %(count)d person waits",
                "%(group)s, begins %(day)s, %(language)s: %(count)d people wait",
                group.waiting,
            )
            % figures
        )
    if group.free_seats < 1:
        return say("%(group)s, begins %(day)s, %(language)s: full") % figures
    return (
        ngettext(
            "%(group)s, begins %(day)s, %(language)s: %(count)d seat is free",
            "%(group)s, begins %(day)s, %(language)s: %(count)d seats are free",
            group.free_seats,
        )
        % figures
    )
