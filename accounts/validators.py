import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.rules.identity import holds_identity_code
from accounts.rules.phones import parse_phone

OLDEST_YEAR = 1900


def refuse_identity_code(text: str) -> None:
    if holds_identity_code(text):
        raise ValidationError(
            _("Please take the personal identity code out of this text. We do not need it."), code="identity_code"
        )


def validate_phone(text: str) -> None:
    if parse_phone(text) != text:
        raise ValidationError(_("Write the phone number like 040 123 4567 or +358 40 123 4567."), code="phone")


def validate_birth_year(year: int) -> None:
    this_year = datetime.date.today().year
    if not OLDEST_YEAR <= year <= this_year:
        raise ValidationError(
            _("The year of birth is between %(oldest)d and %(newest)d, four digits."),
            code="birth_year",
            params={"oldest": OLDEST_YEAR, "newest": this_year},
        )
