"""The shapes that stand beside the words for ways, enrollments and messages; the names are those of icons.svg."""

from collections.abc import Iterable

from django import template

from accounts.enums import Channel, DuplicateSign
from accounts.models import ContactPerson
from accounts.wording.consents import told_words
from courses.enrolling.wording.icons import enrollment_icon
from courses.messaging.enums import MessageState
from courses.registry.wording.people import asked_words
from courses.templatetags.messaging import kind_name

register = template.Library()
register.filter("kind_name", kind_name)
register.filter("enrollment_icon", enrollment_icon)

CHANNEL_ICONS = {
    Channel.EMAIL: "mail",
    Channel.SMS: "sms",
    Channel.LETTER: "letter",
    Channel.CALL: "call",
    Channel.CONTACT: "help",
}
MESSAGE_ICONS = {
    MessageState.PENDING: "clock",
    MessageState.SENDING: "clock",
    MessageState.SENT: "done",
    MessageState.DEAD: "bad",
    MessageState.UNKNOWN: "warn",
    MessageState.CANCELLED: "off",
    MessageState.MISSED: "off",
}
MESSAGE_TONES = {MessageState.DEAD: "bad", MessageState.UNKNOWN: "warn"}


@register.filter
def labels(signs: Iterable[DuplicateSign]) -> str:
    """{{ pair.why|labels }}: "nearly the same name, same phone"."""
    return ", ".join(str(sign.label) for sign in signs)


@register.filter
def channel_icon(channel: str) -> str:
    """{% icon person.channel|channel_icon %}"""
    return CHANNEL_ICONS[Channel(channel)]


@register.filter
def message_icon(state: str) -> str:
    return MESSAGE_ICONS[MessageState(state)]


@register.filter
def message_tone(state: str) -> str:
    return MESSAGE_TONES.get(MessageState(state), "")


@register.filter
def asked(how_asked: str) -> str:
    """{{ consent.how_asked|asked }}: in words, for a place within a sentence."""
    return asked_words(how_asked)


@register.filter
def told(contact: ContactPerson) -> list[str]:
    """What a contact person is told, in words."""
    return told_words(contact)
