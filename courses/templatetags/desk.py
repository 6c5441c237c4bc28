"""The desk: what of a name was looked for."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.rules.names import fold

register = template.Library()


@register.filter
def hits(name: str, text: str) -> SafeString:
    """{{ person.list_name|hits:"korho aino" }}: the letters that were looked for marked, also without ä, ö and accents."""
    letters = [(fold(letter), place) for place, letter in enumerate(name)]
    folded = "".join(plain for plain, _place in letters)
    places = [place for plain, place in letters for _one in plain]
    marked = {
        place
        for word in fold(text).split()
        for found in re.finditer(re.escape(word), folded)
        for place in places[found.start() : found.end()]
    }
    parts: list[tuple[bool, str]] = []
    for place, letter in enumerate(name):
        if parts and parts[-1][0] == (place in marked):
            parts[-1] = (parts[-1][0], parts[-1][1] + letter)
        else:
            parts.append((place in marked, letter))
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if is_hit else part,) for is_hit, part in parts)
    )
