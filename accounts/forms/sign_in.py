import re

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.rules.codes import parse_person_code
from accounts.selectors import people_with_address, person_with_code

# What allauth keeps as the address when nothing is sent anywhere.
NOBODY = "nobody@invalid"

_LIKE_A_CODE = re.compile(r"\s*S[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{2}\s*", re.IGNORECASE)


class SignInForm(forms.Form):
    """Who are you: an e-mail address or an own code. allauth reads `_user` and the cleaned `email`.

    Whatever is well written is accepted, known or not. An address that people share is nobody's: each of them signs in
    with the own code, which leads to the same address.
    """

    email = forms.CharField(
        label=_("E-mail or own code"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write your e-mail address or your own code.")},
    )

    _user: Person | None = None

    def clean_email(self) -> str:
        text = self.cleaned_data["email"].strip()
        address = self._with_address(text) if "@" in text else self._with_code(text)
        if not ratelimit.consume(context.request, action="request_login_code"):
            raise ValidationError(
                _("That was many tries in a short time. Wait a minute, or phone us."), code="too_many"
            )
        return address

    def _with_address(self, text: str) -> str:
        try:
            validate_email(text)
        except ValidationError:
            raise ValidationError(
                _("There is a mistake in the address. Write it like name@example.org."), code="address"
            ) from None
        people = people_with_address(text)
        self._user = people[0] if len(people) == 1 else None
        return text.lower()

    def _with_code(self, text: str) -> str:
        if _LIKE_A_CODE.fullmatch(text) and parse_person_code(text) is None:
            raise ValidationError(_("There is a mistake in the own code. Compare each character."), code="own_code")
        person = person_with_code(text)
        self._user = person if person is not None and person.email else None
        return self._user.email if self._user else NOBODY


class CodeForm(ConfirmLoginCodeForm):
    """The code that came by mail, in any case, with or without its dash."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Eight letters. Capital letters and the dash do not matter."),
        error_messages={"required": _("Write the code that we sent you.")},
    )
