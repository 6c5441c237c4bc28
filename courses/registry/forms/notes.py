from django import forms
from django.utils.translation import gettext_lazy as _

from courses.registry.enums import CallOutcome
from courses.registry.models import Note

WHAT_NOT = _("Nothing about health, and no personal identity code. The person may ask to read this.")


class NoteForm(forms.ModelForm):
    text = Note._meta.get_field("text").formfield(
        label=_("Note"),
        required=True,
        help_text=WHAT_NOT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Write the note first.")},
    )

    class Meta:
        model = Note
        fields = ["text"]


class CallForm(forms.ModelForm):
    """A phone call: how it ended, and what was said, where something was."""

    outcome = forms.ChoiceField(
        label=_("How did the call end?"),
        choices=CallOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the call ended.")},
    )
    text = Note._meta.get_field("text").formfield(
        label=_("What was said"),
        required=False,
        help_text=WHAT_NOT,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    class Meta:
        model = Note
        fields = ["outcome", "text"]
