from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Choices, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.ids import IdField, IdsField
from courses.messaging.enums import CallAnswer
from courses.messaging.kinds import kind_of
from courses.messaging.models import Message

SHOWN_CHANNELS = [Channel.EMAIL, Channel.CALL, Channel.LETTER]


class MessageFilterForm(forms.Form):
    """`cohorts`: the groups to choose from."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("All channels")), *((channel.value, channel.label) for channel in SHOWN_CHANNELS)],
    )
    # The tab stays when the filter is sent.
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        cohorts: QuerySet,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["cohort"] = forms.ModelChoiceField(
            label=_("Group"), required=False, queryset=cohorts, to_field_name="code", empty_label=_("All groups")
        )
        self.order_fields(["channel", "cohort", "tab"])

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

    def __init__(self, data: Mapping[str, object] | None = None, *, message: Message) -> None:
        super().__init__(data)
        self.choices = answers_to(message)
        self.fields["answer"].choices = [(answer.value, answer.label) for answer in self.choices]

    def chosen(self) -> Choices:
        return next(answer for answer in self.choices if answer.value == self.cleaned_data["answer"])


def answers_to(message: Message) -> list[Choices]:
    """What those say who were reached comes first."""
    reached = kind_of(message).answers(message)
    return [*reached, CallAnswer.NO_ANSWER, CallAnswer.CALL_AGAIN, CallAnswer.WRONG_NUMBER]
