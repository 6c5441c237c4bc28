from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from courses.enums import CallAnswer
from courses.models import Cohort
from courses.selectors.messages import TOLD_COHORTS

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


class CallAnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=CallAnswer.choices)
