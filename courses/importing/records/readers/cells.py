"""What a cell may hold. Each takes the text without outer spaces and raises ValueError, or ValidationError, in words.

What each gives back is checked against the type that the row has for the column, by a test.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.core.validators import URLValidator, validate_email
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext as _

from accounts.rules.identity import holds_identity_code
from accounts.rules.names import clean_name
from accounts.rules.phones import parse_phone
from courses.catalogue.models.courses import CODE
from courses.importing.records.rules.rows import Json


def words(limit: int, clean: Callable[[str], str] = clean_name) -> Callable[[str], str]:
    def parse(text: str) -> str:
        text = clean(text)
        if len(text) > limit:
            raise ValueError(_("this is longer than %(limit)d characters.") % {"limit": limit})
        if holds_identity_code(text):
            raise ValueError(_("take the personal identity code out of this text. We do not need it."))
        return text

    return parse


def code(limit: int = 30) -> Callable[[str], str]:
    def parse(text: str) -> str:
        CODE(text)
        if len(text) > limit:
            raise ValueError(_("this is longer than %(limit)d characters.") % {"limit": limit})
        return text

    return parse


def codes(text: str) -> tuple[str, ...]:
    return tuple(code()(part) for part in text.split())


def number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text[:10]) <= most):
            raise ValueError(
                _("“%(text)s” is no whole number between %(least)d and %(most)d.")
                % {"text": text[:40], "least": least, "most": most}
            )
        return int(text)

    return parse


def day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is no day like 2027-01-31.") % {"text": text[:40]})


def moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("“%(text)s” is no time like 2027-01-31T10:00+02:00.") % {"text": text[:40]}) from error
    return at if at.tzinfo else make_aware(at, get_current_timezone())


def one_of(values: Sequence[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in values:
            raise ValueError(_("“%(text)s” is none of: %(values)s.") % {"text": text[:40], "values": ", ".join(values)})
        return text

    return parse


def yes_no(text: str) -> bool:
    answers = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
    if text.lower() not in answers:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
    return answers[text.lower()]


def phone(text: str) -> str:
    """E.164 as it stands stays, also where it is out of use by now."""
    found = parse_phone(text) or (text if re.fullmatch(r"\+[0-9]{6,15}", text) else None)
    if found is None:
        raise ValueError(_("this is no phone number."))
    return found


def email(text: str) -> str:
    validate_email(text)
    return text


def link(text: str) -> str:
    URLValidator(schemes=["http", "https"])(text)
    return text


def json_object(text: str) -> Json:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValueError(_("this is not JSON.")) from error
    if not isinstance(found, dict):
        raise ValueError(_("this is no JSON object."))
    return found
