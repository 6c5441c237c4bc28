"""Phone numbers, stored as `+358401234567` (E.164), shown as people write them."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from accounts.rules.identity import holds_identity_code

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PAGER}


def parse_phone(text: str) -> str | None:
    """E.164 of what was typed, read as a Finnish number unless it says otherwise; None when it is no number.

    A personal identity code is no number, although its digits would make one.
    """
    if holds_identity_code(text):
        return None
    try:
        number = phonenumbers.parse(text, "FI")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def takes_text_messages(e164: str) -> bool:
    """Whether a text message can reach the number: a landline gets none."""
    return phonenumbers.number_type(phonenumbers.parse(e164, "FI")) in _MOBILE


def show_phone(e164: str) -> str:
    """`+358401234567` as `040 123 4567` at home and `+46 …` from abroad; what is no number comes back as it is."""
    try:
        number = phonenumbers.parse(e164, "FI")
    except phonenumbers.NumberParseException:
        return e164
    if number.country_code != 358:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    area, _, rest = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).partition(" ")
    digits = rest.replace(" ", "")
    # Seven digits in a row are hard to read aloud.
    return f"{area} {digits[:3]} {digits[3:]}" if len(digits) in (6, 7) else f"{area} {rest}".strip()
