"""Finding people by what somebody typed."""

import re

from accounts.enums import PersonState
from accounts.models import Person, PersonQuerySet
from accounts.rules.codes import parse_person_code
from accounts.rules.names import fold

# Nobody types more; a pasted novel must not become a query of a thousand words.
LONGEST_SEARCH = 100
MOST_WORDS = 8

_DIGITS_ONLY = re.compile(r"[\d\s()/+.-]+")


def search_people(text: str) -> PersonQuerySet:
    """People for whom each word of `text` is a part of name, code, phone or e-mail; everybody when it is empty.

    Spelling without å, ä, ö and accents finds the name too; an own code may be typed in any form, a phone number with
    or without country code, spaces and dashes. In the order of a Finnish list.
    """
    people = Person.objects.exclude(state=PersonState.ANONYMIZED)
    code = parse_person_code(text)
    if code:
        return people.filter(code=code)
    parts = _search_parts(text[:LONGEST_SEARCH])
    if not parts and text.strip():
        return people.none()
    for part in parts:
        people = people.filter(search_text__contains=part)
    return people


def _search_parts(text: str) -> list[str]:
    digits = re.sub(r"\D", "", text)
    if _DIGITS_ONLY.fullmatch(text) and len(digits) >= 4:
        # 0401234567, 00358401234567 and +358401234567 are one number; search_text holds it as 040… and +35840….
        return [digits.removeprefix("00")]
    return fold(text).split()[:MOST_WORDS]
