from collections.abc import Mapping, Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.asked import ASKED_HERE
from accounts.validators import refuse_identity_code
from courses.enrolling.enums import EnrollmentState, WithdrawalReason
from courses.enrolling.wording.transitions import TransitionChoice

ASKED_CHOICES = [(how.value, how.label) for how in ASKED_HERE]


class TransitionForm(forms.Form):
    """What happens with an enrollment: `moves` are the states it may go to, with the words of the choice. `passes_over`:
    others stand before them in the queue, so that a place needs a reason."""

    to_state = forms.ChoiceField(
        label=_("What happens?"), widget=forms.RadioSelect, error_messages={"required": _("Choose what happens.")}
    )
    reason = forms.ChoiceField(
        label=_("Why do they stop?"),
        required=False,
        choices=[("", _("Choose"))],
        help_text=_("Only for a withdrawal. “Not told” is a reason too."),
    )
    note = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=200,
        validators=[refuse_identity_code],
        help_text=_("Nothing about health. Needed when an enrollment is declined or opened again."),
    )
    how_asked = forms.ChoiceField(
        label=_("How was it asked?"), choices=ASKED_CHOICES, widget=forms.RadioSelect, initial=ASKED_CHOICES[0][0]
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        moves: Sequence[TransitionChoice],
        reopening: bool,
        passes_over: bool = False,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.reopening = reopening
        self.passes_over = passes_over
        to_state = self.fields["to_state"]
        to_state.choices = moves
        if len(moves) == 1:
            to_state.initial = moves[0][0]
        self.fields["reason"].choices = [("", _("Choose")), *WithdrawalReason.choices]
        if all(state != EnrollmentState.WITHDRAWN for state, _words in moves):
            del self.fields["reason"]
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        to_state = cleaned.get("to_state")
        if to_state != EnrollmentState.WITHDRAWN:
            cleaned["reason"] = ""
        elif not cleaned.get("reason"):
            self.add_error("reason", _("Choose the reason. If it was not told, choose that."))
        if to_state and not cleaned.get("note"):
            self._ask_for_note(to_state)
        return cleaned

    def _ask_for_note(self, to_state: str) -> None:
        if self.reopening or to_state == EnrollmentState.DECLINED:
            self.add_error("note", _("Say why, in a few words."))
        if self.passes_over and to_state == EnrollmentState.ENROLLED:
            self.add_error("note", _("Others stand before them in the queue. Say why they get the place first."))
