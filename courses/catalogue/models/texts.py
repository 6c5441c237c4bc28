"""Texts that exist in Finnish, Swedish and English, as three columns each."""

from django.utils.translation import get_language

LANGUAGES = ("fi", "sv", "en")


def in_language(thing: object, field: str, language: str | None = None) -> str:
    """`field` of `thing` in `language` (default: the reader's); Finnish where that text is missing."""
    wanted = (language or get_language() or "fi")[:2]
    for candidate in (wanted, *LANGUAGES):
        text = getattr(thing, f"{field}_{candidate}", "")
        if text:
            return text
    return ""
