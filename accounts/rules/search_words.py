"""The words under which a person is found, and what somebody typed, taken apart into the same words.

Each is stored so that it is found by its beginning:

`virtanen matti`, `matti virtanen`   each name followed by each other one: two names typed are one look-up
`@matti.virtanen@example.org`        the e-mail address; its parts that are no names also as words of their own
`0401234567`, `<7654321040`          the phone as it is dialled at home, and backwards for its last digits
`s7k3mq2`, `7k3mq2`                  the own code
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import permutations

from accounts.rules.names import fold

LONGEST_WORD = 100
# Six names make thirty pairs; nobody has more, and a hostile name must not become a thousand rows.
MOST_NAMES = 6
# Nobody types more; a pasted novel must not become a query of a thousand words.
LONGEST_SEARCH = 100
MOST_TERMS = 8
# From so many digits on it may be the end of a number.
END_OF_PHONE = 4

_NO_LETTER = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"[\d()+/.-]*\d[\d()+/.-]*")


class Kind(Enum):
    """What a typed word can be, the one that leaves the fewest people first."""

    EMAIL = "email"
    PHONE = "phone"
    MIXED = "mixed"
    NAME = "name"
    DIGITS = "digits"
    PART = "part"


@dataclass(frozen=True)
class Term:
    """`text` as it is stored, but for a phone: then the digits, as dialled at home."""

    kind: Kind
    text: str


def search_words(*, first_name: str, last_name: str, code: str, phone: str, email: str) -> set[str]:
    """Everything by whose beginning this person is found."""
    names = _names(f"{last_name} {first_name}")[:MOST_NAMES]
    words = {f"{one} {other}" for one, other in permutations(names, 2)} if len(names) > 1 else set(names)
    words |= _code_words(code) | _phone_words(phone) | _email_words(email, names)
    return {word[:LONGEST_WORD] for word in words if word}


def read_search(text: str) -> list[Term]:
    """What was typed, in its order; phone numbers may have spaces. Empty when nothing can be looked for."""
    terms: list[Term] = []
    digits = ""
    for piece in [*text[:LONGEST_SEARCH].replace("(0)", "").split(), ""]:
        if _DIGITS.fullmatch(piece):
            digits += piece
            continue
        if digits:
            terms.append(_digits_term(digits))
            digits = ""
        terms += _terms(piece)
    unique = list(dict.fromkeys(terms))
    return [term for term in unique if not _is_said_longer(term, unique)][:MOST_TERMS]


def word_range(beginning: str) -> tuple[str, str]:
    """All words that begin so: from the first, up to but without the second."""
    beginning = beginning[:LONGEST_WORD]
    return beginning, beginning[:-1] + chr(ord(beginning[-1]) + 1)


def beginnings(term: Term) -> list[str]:
    """With what a stored word begins when it answers `term`. One or two; none for a part of an e-mail address."""
    if term.kind == Kind.EMAIL:
        return [f"@{term.text}"]
    if term.kind in (Kind.PHONE, Kind.DIGITS):
        return _phone_beginnings(term.text)
    return [] if term.kind == Kind.PART else [term.text]


def _phone_beginnings(digits: str) -> list[str]:
    if len(digits) < END_OF_PHONE:
        return [digits]
    if digits[0] == "0" and len(digits) > END_OF_PHONE:
        # A whole number or its beginning; from abroad it is stored with its country instead of the nought.
        return [digits, f"<{digits[:0:-1]}"] if len(digits) > 8 else [digits]
    return [digits, f"<{digits[::-1]}"]


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(part for part in _NO_LETTER.split(fold(text)) if part))


def _code_words(code: str) -> set[str]:
    """The code without dashes, and without its first pieces."""
    pieces = _NO_LETTER.split(fold(code))
    return {word for start in range(len(pieces)) if len(word := "".join(pieces[start:])) > 2}


def _phone_words(phone: str) -> set[str]:
    national = _national(phone)
    return {national, f"<{national[::-1]}"} if phone else set()


def _email_words(email: str, names: Sequence[str]) -> set[str]:
    """The address, and the parts of it that are no names of the person."""
    if not email:
        return set()
    parts = _NO_LETTER.split(fold(email.partition("@")[0]))
    return {f"@{email.casefold()}"} | {
        part for part in parts if len(part) > 2 and part not in names and not part.isdigit()
    }


def _national(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"0{digits[3:]}" if phone.startswith("+358") else digits


def _digits_term(typed: str) -> Term:
    digits = re.sub(r"\D", "", typed)
    abroad = "+" in typed or digits.startswith("00")
    digits = digits.removeprefix("00")
    if digits.startswith("358") and (abroad or len(digits) > 9):
        digits = f"0{digits[3:]}"
    return Term(Kind.PHONE if len(digits) > 5 else Kind.DIGITS, digits or "0")


def _terms(piece: str) -> Iterable[Term]:
    plain = piece.casefold().strip(".,;:")
    if "@" in plain:
        return _email_terms(plain)
    names = _names(piece)
    if "." in plain and any(len(name) > 2 for name in names):
        return [Term(Kind.PART, plain)]
    if any(character.isdigit() for character in plain):
        return [Term(Kind.MIXED, "".join(names))] if names else []
    return [Term(Kind.NAME, name) for name in names]


def _email_terms(plain: str) -> list[Term]:
    local, _at, host = plain.partition("@")
    if local:
        return [Term(Kind.EMAIL, plain)]
    return [Term(Kind.PART, f"@{host}")] if host else []


def _is_said_longer(term: Term, terms: Sequence[Term]) -> bool:
    """Of `ma matti` only the longer says something."""
    return any(
        other != term and other.kind == term.kind == Kind.NAME and other.text.startswith(term.text) for other in terms
    )
