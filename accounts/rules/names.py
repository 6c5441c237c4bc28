"""Names made comparable: for search, for finding likely duplicates, for the order of a Finnish list."""

import re
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "đ": "d", "ł": "l", "ß": "ss", "þ": "th"})
_BETWEEN_WORDS = re.compile(r"[^\w@.+]+")
# å, ä and ö are letters of their own after z in Finnish and Swedish lists.
_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "ö": "}", "ø": "}", "æ": "|"})


def clean_name(text: str) -> str:
    """Without doubled or outer spaces and without invisible control characters."""
    if not text.isprintable():
        text = "".join(character for character in text if unicodedata.category(character) not in {"Cc", "Cf"})
    return " ".join(text.split())


def fold(text: str) -> str:
    """Lower case, without accents, punctuation as spaces: `Mäki-Ketelä` and `maki ketela` fold to the same."""
    plain = text.casefold()
    if not plain.isascii():
        lowered = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(character for character in lowered if not unicodedata.combining(character))
    return " ".join(_BETWEEN_WORDS.sub(" ", plain).split())


def sort_key(last_name: str, first_name: str) -> str:
    """Orders a list as a Finnish reader expects, on any database collation: … y z å ä ö."""
    joined = f"{last_name}\x1f{first_name}".casefold()
    if not joined.isascii():
        joined = unicodedata.normalize("NFC", joined).translate(_AFTER_Z)
        joined = "".join(c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c))
    return joined[:200]
