"""Enrollments and the desk: names, reasons, codes, what of a name was looked for."""

import re
from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.rules.names import fold
from courses.enrolling.enums import QueueReason, WithdrawalReason
from courses.enrolling.models import Enrollment
from courses.enrolling.wording.parties import party_names
from courses.enrolling.wording.prerequisites import explain_lacks
from courses.overview.selectors.next_steps import NextStep

register = template.Library()
register.filter("party_names", party_names)
register.filter("lacks_words", explain_lacks)


@register.filter
def reason_words(reason: str) -> str:
    """{{ transition.reason|reason_words }}: a reason from the lists in words, others as they were written."""
    for reasons in (WithdrawalReason, QueueReason):
        if reason in reasons:
            return str(reasons(reason).label)
    return reason


@register.filter
def step_of(steps: Mapping[int, NextStep], enrollment: Enrollment) -> NextStep | None:
    """{% with step=steps|step_of:enrollment %}: what comes next for them."""
    return steps.get(enrollment.pk)


@register.filter
def in_groups(code: str) -> SafeString:
    """{{ enrollment.application_code|in_groups }}: may break after each dash and nowhere else, so that it fits a phone
    in large letters."""
    *groups, last = code.split("-")
    return format_html("{}{}", format_html_join("", "{}-<wbr>", ((group,) for group in groups)), last)


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
