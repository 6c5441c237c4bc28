from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.ids import IdField, IdsField
from courses.enums import CallAnswer, SeatAnswer
from courses.models import Cohort, Message
from courses.selectors.messages import TOLD_COHORTS
from courses.selectors.seatanswers import seat_answers

SHOWN_CHANNELS = [Channel.EMAIL, Channel.CALL, Channel.LETTER]


class MessageFilterForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("All channels")), *((channel.value, channel.label) for channel in SHOWN_CHANNELS)],
    )
    cohort = forms.ModelChoiceField(
        label=_("Group"),
        required=False,
        queryset=Cohort.objects.filter(state__in=TOLD_COHORTS).order_by("code"),
        to_field_name="code",
        empty_label=_("All groups"),
    )
    # The tab stays when the filter is sent.
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def chosen(self) -> dict[str, Any]:
        """The valid choices; a wrong one counts as none."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class LetterForm(forms.Form):
    """The one letter that is asked for."""

    message = IdField()


class PostedLettersForm(forms.Form):
    """The letters that were posted."""

    message = IdsField()


class CallAnswerForm(forms.Form):
    """What came of a call about `message`: the same answers as on its buttons."""

    answer = forms.ChoiceField()

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = answers_to(message)
        self.fields["answer"].choices = [(answer.value, answer.label) for answer in self.choices]

    def chosen(self) -> CallAnswer | SeatAnswer:
        return next(answer for answer in self.choices if answer.value == self.cleaned_data["answer"])


def answers_to(message: Message) -> list[CallAnswer | SeatAnswer]:
    """Those about a seat first. "Still comes" says that the person was reached."""
    about_seat = seat_answers(message)
    reached = [CallAnswer.REACHED] if SeatAnswer.COMES not in about_seat else []
    return [*about_seat, *reached, CallAnswer.NO_ANSWER, CallAnswer.CALL_AGAIN, CallAnswer.WRONG_NUMBER]
