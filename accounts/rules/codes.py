"""Own codes of people: `S-7K3M-Q2`, five random characters and one check character."""

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
    body = "".join(secrets.choice(ALPHABET) for _ in range(5))
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
