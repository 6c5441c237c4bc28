"""Messages in words: what went wrong, what was done."""

from django.utils.translation import ngettext

from courses.messaging.enums import MessageTrouble


def trouble_words(trouble: str) -> str:
    """What went wrong; what a mail server said stays as it is."""
    return str(MessageTrouble(trouble).label) if trouble in MessageTrouble.values else trouble


def letters_posted(count: int) -> str:
    return ngettext("%(count)d letter is marked as posted.", "%(count)d letters are marked as posted.", count) % {
        "count": count
    }
