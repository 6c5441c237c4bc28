"""The shapes that stand beside the words for ways, enrollments and messages; the names are those of icons.svg."""

from django import template

from accounts.enums import Channel
from accounts.models import ContactPerson
from courses.enums import EnrollmentState, MessageState
from courses.services.consentwords import told_words
from courses.services.peoplewords import asked_words

register = template.Library()

CHANNEL_ICONS = {
    Channel.EMAIL: "mail",
    Channel.SMS: "sms",
    Channel.LETTER: "letter",
    Channel.CALL: "call",
    Channel.CONTACT: "help",
}
ENROLLMENT_ICONS = {
    EnrollmentState.APPLIED: "ring",
    EnrollmentState.WAITLISTED: "queue",
    EnrollmentState.OFFERED: "clock",
    EnrollmentState.ENROLLED: "ring",
    EnrollmentState.ACTIVE: "half",
    EnrollmentState.COMPLETED: "done",
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
def channel_icon(channel: str) -> str:
    """{% icon person.channel|channel_icon %}"""
    return CHANNEL_ICONS[Channel(channel)]


@register.filter
def enrollment_icon(state: str) -> str:
    """{% state enrollment.state|enrollment_icon enrollment.get_state_display %}: closed without completion is `end`."""
    return ENROLLMENT_ICONS.get(EnrollmentState(state), "end")


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
