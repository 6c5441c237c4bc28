"""What is asked once the application is written: whether it goes, its code, and why somebody gives up their place."""

from collections.abc import Mapping
from enum import StrEnum

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.enrolling.enums import WithdrawalReason


class SendForm(forms.Form):
    """The consent, and a trap: the field `website` of the page is seen by no person, and filled in by machines alone."""

    consent = forms.BooleanField(
        label=_("Yes, that is all right"),
        error_messages={"required": _("Tick the box if you agree. Without it we may not store the application.")},
    )
    support_consent = forms.BooleanField(
        label=_("Yes, the trainers may know what to arrange for me"),
        error_messages={"required": _("Tick the box, or take away what we should arrange.")},
    )
    companions_consent = forms.BooleanField(
        label=_("Those who come with me have said yes to this too"),
        error_messages={"required": _("Ask them first, then tick the box.")},
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, needs: bool, companions: bool) -> None:
        super().__init__(data)
        if not needs:
            del self.fields["support_consent"]
        if not companions:
            del self.fields["companions_consent"]

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the application"),
        max_length=60,
        help_text=_("It begins with H, for example H-7K3M-Q2PX-9DTR. Spaces and small letters do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
        error_messages={
            "required": _("Write the code that stands on your confirmation."),
            "max_length": _("That is too long for a code. It has 13 letters and digits."),
        },
    )


class GiveUpForm(forms.Form):
    """Why somebody gives up their place; they need not say."""

    reason = forms.ChoiceField(
        label=_("Would you like to tell us why?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("", _("I would rather not say")),
            *((reason.value, reason.label) for reason in WithdrawalReason if reason not in ("deceased", "not_told")),
        ],
    )

    def reason_or_none(self) -> str:
        return self.cleaned_data["reason"] or WithdrawalReason.NOT_TOLD


class OfferAnswer(StrEnum):
    """What is said to an offered seat: yes and no for everybody of a party, no for oneself, and a no that is taken back."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ONLY_ME = "only_me"
    TAKE_BACK = "take_back"

    @property
    def gives_up(self) -> bool:
        return self in (OfferAnswer.DECLINE, OfferAnswer.ONLY_ME)


class OfferAnswerForm(forms.Form):
    """The buttons of an offer. `sure`: what happens with a no was read."""

    answer = forms.TypedChoiceField(choices=[(answer, answer) for answer in OfferAnswer], coerce=OfferAnswer)
    sure = forms.BooleanField(required=False)

    @property
    def needs_review(self) -> bool:
        return self.cleaned_data["answer"].gives_up and not self.cleaned_data["sure"]
