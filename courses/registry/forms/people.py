from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel, HowAsked, Language
from accounts.forms.asked import ASKED_HERE

SHOWN = [
    ("", _("Everybody")),
    ("seniors", _("Everybody but staff")),
    ("staff", _("Staff")),
    ("place", _("With a place in a group")),
    ("waiting", _("Waiting for a place")),
    ("mentors", _("Mentors")),
    ("no_email", _("Without e-mail")),
    ("gone", _("Paused, moved, deceased")),
]


class PersonStateForm(forms.Form):
    """How the news reached the centre."""

    how_asked = forms.ChoiceField(
        label=_("How did we hear of it?"),
        choices=[(how.value, how.label) for how in ASKED_HERE],
        widget=forms.RadioSelect,
        initial=HowAsked.PHONE,
    )


class PeopleFilterForm(forms.Form):
    """Search and choices over the list of people; sent by POST, because names do not belong in addresses."""

    q = forms.CharField(
        label=_("Find"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": _("name, own code, phone or e-mail"),
                "data-find": "#people",
            }
        ),
    )
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWN)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Every language")), *Language.choices]
    )
    channel = forms.ChoiceField(label=_("Reached by"), required=False, choices=[("", _("Every way")), *Channel.choices])

    def wanted(self) -> dict[str, str]:
        """For people_for_list; a choice that does not exist counts as none."""
        cleaned = self.cleaned_data if self.is_valid() else {**getattr(self, "cleaned_data", {})}
        return {
            "text": cleaned.get("q", ""),
            "show": cleaned.get("show", ""),
            "language": cleaned.get("language", ""),
            "channel": cleaned.get("channel", ""),
        }
