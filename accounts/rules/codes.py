"""Codes that people read, type and say aloud.

Own codes of people: `S-7K3M-Q2`, five random characters and one check character; no secret. Codes of applications:
`H-7K3M-Q2PX-9DTR`, eleven random characters (54 bits) and one check character; whoever holds one opens the application.
"""

import secrets

# 31 characters: a prime, so the weighted sum finds every single wrong character and every swap of neighbours.
# 0, O, 1, I and L are left out: they are mistaken for each other on paper and on the phone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def check_character(body: str) -> str:
    """The check character of `body`, which holds characters of ALPHABET only."""
    total = sum(weight * ALPHABET.index(character) for weight, character in enumerate(body, start=2))
    return ALPHABET[total % len(ALPHABET)]


def new_person_code() -> str:
    """A random code such as `S-7K3M-Q2`. Uniqueness is the database's to say: try again on a clash."""
    body = _random(5)
    return format_person_code(body + check_character(body))


def format_person_code(six: str) -> str:
    return f"S-{six[:4]}-{six[4:]}"


def parse_person_code(text: str) -> str | None:
    """The code that somebody typed or read aloud, in its written form; None when it is none or mistyped.

    Case, spaces and dashes do not matter: `s7k3mq2` is `S-7K3M-Q2`.
    """
    letters = "".join(character for character in text.upper() if character.isalnum())
    if len(letters) != 7 or letters[0] != "S":
        return None
    six = letters[1:]
    if any(character not in ALPHABET for character in six) or check_character(six[:5]) != six[5]:
        return None
    return format_person_code(six)


def new_application_code() -> str:
    """A random code such as `H-7K3M-Q2PX-9DTR`. Two alike are not to be expected; the database refuses the second."""
    body = _random(11)
    return _format_application_code(body + check_character(body))


def parse_application_code(text: str) -> str | None:
    """The code that somebody typed or read aloud, in its written form; None when it is none or mistyped."""
    letters = "".join(character for character in text.upper() if character.isalnum())
    if len(letters) != 13 or letters[0] != "H":
        return None
    twelve = letters[1:]
    if any(character not in ALPHABET for character in twelve) or check_character(twelve[:11]) != twelve[11]:
        return None
    return _format_application_code(twelve)


def _random(length: int) -> str:
    """Of ALPHABET, all equally likely; the random bits are drawn once."""
    number, characters = secrets.randbelow(len(ALPHABET) ** length), []
    for _place in range(length):
        number, character = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[character])
    return "".join(characters)


def _format_application_code(twelve: str) -> str:
    return f"H-{twelve[:4]}-{twelve[4:8]}-{twelve[8:]}"
