"""The consent as a part of a form: the words to read aloud, and the tick that the answer was yes."""

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts.enums import HowAsked
from accounts.forms.asked import ASKED_HERE

SAY_YES = _("Read the text aloud. If the answer is yes, tick that they said yes.")


class ReadAloud:
    """Stands in a crispy layout. `language`: the one the text is in, which may be another than the page's."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language

    def render(self, form: forms.BaseForm, context: object, template_pack: str = "", **options: object) -> str:
        return render_to_string("courses/registry/_read_aloud.html", {"text": self.text, "language": self.language})


def said_yes_field() -> forms.BooleanField:
    """Not required in itself: the form knows when a yes is needed."""
    return forms.BooleanField(label=_("They said yes"), required=False)


class AskedForm(forms.Form):
    """How a wish reached the centre, for a page that asks nothing else."""

    how_asked = forms.ChoiceField(
        label=_("How was it asked?"),
        choices=[(how.value, how.label) for how in ASKED_HERE],
        widget=forms.RadioSelect,
        initial=HowAsked.PHONE,
    )
